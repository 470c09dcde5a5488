"""TIME-02: the statutory limit comes near, where there is no promise, or is over."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("statutory", shared=True)

RULE = Rule(
    id="TIME-02",
    title_zh="法定时限",
    title_en="Statutory limit",
    dimension="timeliness",
    anomaly="overtime",
    level="red",
    basis="行政许可法 42; clocks.md 6",
    ladder="handling",
    check=check,
    next_change=next_change,
    kinds=CLOCK_KINDS,
    clock="statutory",
    messages={
        "warn": Message(
            "办件 {case}（{item}）法定时限 {limit} 即将到期，应于 {due} 前办结。",
            "Case {case} ({item}): the statutory limit of {limit} is nearly used; it is due by {due}.",
        ),
        "yellow": Message(
            "办件 {case}（{item}）法定时限 {limit}，应于 {due} 前办结，已超期 {over}。",
            "Case {case} ({item}) has a statutory limit of {limit}; it was due by {due}, {over} late.",
        ),
        "red": Message(
            "办件 {case}（{item}）已超过法定时限 {limit}，应于 {due} 前办结，已超期 {over}，请立即督办。",
            "Case {case} ({item}) is over its statutory limit of {limit}; it was due by {due}, {over} late: act now.",
        ),
    },
    examples=(
        Example(
            name="red from the evening of the statutory due day, after warning and yellow",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},),
            until="2018-11-01T00:00:00+08:00",
            found=(
                ("warn", "2018-10-22T08:30:00+08:00"),
                ("yellow", "2018-10-24T18:00:00.001+08:00"),
                ("red", "2018-10-29T18:00:00.001+08:00"),
            ),
        ),
        Example(
            name="without a promise warned before the statutory limit",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-29T18:00:00+08:00"},
            ),
            until="2018-11-01T00:00:00+08:00",
            found=(("warn", "2018-10-25T08:30:00+08:00"),),
            promise_days=None,
        ),
    ),
)
