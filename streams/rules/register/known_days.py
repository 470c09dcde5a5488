"""REG-02: a clock was to start on a day that no calendar knows."""

from streams.rule import Example, Message, Rule, tells_of

_CODES = frozenset({"outside_calendar"})

RULE = Rule(
    id="REG-02",
    title_zh="日期超出日历",
    title_en="Outside the calendar",
    dimension="completeness",
    anomaly="content",
    level="notice",
    basis="clocks.md 8",
    phase="handling",
    kinds=frozenset({"finished", "correction_completed", "suspended", "accepted", "applied"}),
    remarks=_CODES,
    check=tells_of(_CODES, "notice"),
    messages={
        "notice": Message(
            "办件 {case}（{item}）{when}：{what}，请核对日期或补充日历。",
            "Case {case} ({item}), {when}: {what}. Check the date or add to the calendar.",
        ),
    },
    examples=(
        Example(
            name="accepted in 1999",
            events=({"kind": "case.accepted", "occurred_at": "1999-05-03T10:00:00+08:00"},),
            until="1999-05-04T00:00:00+08:00",
            found=(("notice", "1999-05-03T10:00:00+08:00"),),
        ),
        Example(
            name="accepted on a day that is known: silent",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},),
            until="2018-10-15T12:00:00+08:00",
            found=(),
        ),
    ),
)
