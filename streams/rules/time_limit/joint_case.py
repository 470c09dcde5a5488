"""TIME-18: a joint case (联办件) takes longer than the law allows the whole of it."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("joint_parent")

_ACCEPTED = ({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00", "case_class": "joint"},)

RULE = Rule(
    id="TIME-18",
    title_zh="联办件总时限",
    title_en="Joint case over its limit",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="行政许可法 42; PL-22",
    kinds=CLOCK_KINDS,
    clock="joint_parent",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "联办件 {case}（{item}）联办总时限 {limit} 即将到期，各单位应于 {due} 前全部办结。",
            "Joint case {case} ({item}): its limit of {limit} is nearly used; all parts are due by {due}.",
        ),
        "yellow": Message(
            "联办件 {case}（{item}）已超过联办总时限 {limit}，应于 {due} 前办结，已超期 {over}。",
            "Joint case {case} ({item}) is over its limit of {limit}; it was due by {due}, {over} late.",
        ),
    },
    examples=(
        Example(
            name="forty-five working days and nothing decided",
            events=_ACCEPTED,
            until="2018-12-20T00:00:00+08:00",
            found=(("warn", "2018-12-13T08:30:00+08:00"), ("yellow", "2018-12-17T18:00:00.001+08:00")),
        ),
        Example(
            name="decided in time: silent",
            events=(*_ACCEPTED, {"kind": "case.finished", "occurred_at": "2018-10-22T10:00:00+08:00"}),
            until="2018-12-20T00:00:00+08:00",
            found=(),
        ),
    ),
)
