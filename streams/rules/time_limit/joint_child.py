"""TIME-08: a part of a joint case (协办) is not finished in time; told to the co-unit that has it."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("joint_child")

_HANDED_OVER = (
    {
        "kind": "case.linked",
        "occurred_at": "2018-10-15T10:00:00+08:00",
        "role": "parent",
        "other_case_no": "hall/lead",
    },
)

RULE = Rule(
    id="TIME-08",
    title_zh="协办超时",
    title_en="Part of a joint case late",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="PL-22; clocks.md 3",
    kinds=CLOCK_KINDS,
    clock="joint_child",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "协办件 {case}（{item}）协办时限 {limit} 即将到期，应于 {due} 前办结。",
            "Case {case} ({item}), part of a joint case: its limit of {limit} is nearly used; it is due by {due}.",
        ),
        "yellow": Message(
            "协办件 {case}（{item}）已超过协办时限 {limit}，应于 {due} 前办结，已超期 {over}。",
            "Case {case} ({item}), part of a joint case, is over its limit of {limit}; due by {due}, {over} late.",
        ),
    },
    examples=(
        Example(
            name="handed over and left lying",
            events=_HANDED_OVER,
            until="2018-10-26T00:00:00+08:00",
            found=(("warn", "2018-10-22T08:30:00+08:00"), ("yellow", "2018-10-24T18:00:00.001+08:00")),
        ),
        Example(
            name="finished on the due day: silent after the warning",
            events=(*_HANDED_OVER, {"kind": "case.finished", "occurred_at": "2018-10-24T18:00:00+08:00"}),
            until="2018-10-26T00:00:00+08:00",
            found=(("warn", "2018-10-22T08:30:00+08:00"),),
        ),
    ),
)
