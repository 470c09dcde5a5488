"""TIME-01: the promised limit comes near or is over."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("promise", shared=True)

RULE = Rule(
    id="TIME-01",
    title_zh="承诺时限",
    title_en="Promised limit",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="PL-21; clocks.md 6",
    ladder="handling",
    check=check,
    next_change=next_change,
    kinds=CLOCK_KINDS,
    clock="promise",
    messages={
        "warn": Message(
            "办件 {case}（{item}）承诺时限 {limit} 即将到期，应于 {due} 前办结。",
            "Case {case} ({item}): the promised limit of {limit} is nearly used; it is due by {due}.",
        ),
        "yellow": Message(
            "办件 {case}（{item}）已超过承诺时限 {limit}，应于 {due} 前办结，已超期 {over}。",
            "Case {case} ({item}) is over its promised limit of {limit}; it was due by {due}, {over} late.",
        ),
        "red": Message(
            "办件 {case}（{item}）已超过承诺时限 {limit}，应于 {due} 前办结，已超期 {over}，请立即督办。",
            "Case {case} ({item}) is over its promised limit of {limit}; it was due by {due}, {over} late: act now.",
        ),
    },
    examples=(
        Example(
            name="warned two working days before, yellow from the evening of the due day",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-25T09:00:00+08:00"},
            ),
            until="2018-11-01T00:00:00+08:00",
            found=(("warn", "2018-10-22T08:30:00+08:00"), ("yellow", "2018-10-24T18:00:00.001+08:00")),
        ),
        Example(
            name="finished in time and before the warning: silent",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-19T17:00:00+08:00"},
            ),
            until="2018-11-01T00:00:00+08:00",
            found=(),
        ),
    ),
)
