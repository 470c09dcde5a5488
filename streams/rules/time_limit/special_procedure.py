"""TIME-06: a special procedure takes longer than the days announced for it."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("special_procedure")

_BEGUN = (
    {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
    {"kind": "case.suspended", "occurred_at": "2018-10-16T10:00:00+08:00", "announced_days": 5, "ground": "鉴定"},
)

RULE = Rule(
    id="TIME-06",
    title_zh="特别程序时限",
    title_en="Days of a special procedure",
    dimension="timeliness",
    anomaly="overtime",
    level="red",
    basis="行政许可法 45",
    kinds=CLOCK_KINDS,
    clock="special_procedure",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "办件 {case}（{item}）的特别程序告知时限 {limit}，应于 {due} 前结束。",
            "Case {case} ({item}): the special procedure of {limit} is to end by {due}.",
        ),
        "yellow": Message(
            "办件 {case}（{item}）的特别程序已超过告知时限 {limit}，应于 {due} 前结束，已超期 {over}。",
            "Case {case} ({item}): the special procedure should have ended by {due}; it is {over} over its {limit}.",
        ),
        "red": Message(
            "办件 {case}（{item}）的特别程序应于 {due} 前结束，超期一日以上，已超期 {over}。",
            "Case {case} ({item}): the special procedure should have ended by {due}; it is over a day late ({over}).",
        ),
    },
    examples=(
        Example(
            name="five announced days, never ended",
            events=_BEGUN,
            until="2018-10-25T00:00:00+08:00",
            found=(
                ("warn", "2018-10-19T08:30:00+08:00"),
                ("yellow", "2018-10-23T18:00:00.001+08:00"),
                ("red", "2018-10-24T18:00:00.001+08:00"),
            ),
        ),
        Example(
            name="ended early: silent",
            events=(*_BEGUN, {"kind": "case.resumed", "occurred_at": "2018-10-18T10:00:00+08:00"}),
            until="2018-10-25T00:00:00+08:00",
            found=(),
        ),
    ),
)
