"""CONT-09: the date told to the applicant is later than the promise allows, or cannot be meant."""

from streams.rule import Example, Message, Rule, tells_of

_CODES = frozenset({"told_later", "told_before_acceptance", "told_outside_calendar"})

RULE = Rule(
    id="CONT-09",
    title_zh="告知的办结日期有误",
    title_en="Told date wrong",
    dimension="content",
    anomaly="content",
    level="warn",
    basis="PL-21; clocks.md 5",
    phase="receipt",
    kinds=frozenset({"accepted"}),
    remarks=_CODES,
    check=tells_of(_CODES, "warn"),
    messages={
        "warn": Message(
            "办件 {case}（{item}）{when} 受理：{what}。",
            "Case {case} ({item}), accepted at {when}: {what}.",
        ),
    },
    examples=(
        Example(
            name="a day later than the promised seven working days",
            events=(
                {
                    "kind": "case.accepted",
                    "occurred_at": "2018-10-15T10:00:00+08:00",
                    "told_due_at": "2018-10-25T18:00:00+08:00",
                },
            ),
            until="2018-10-15T12:00:00+08:00",
            found=(("warn", "2018-10-15T10:00:00+08:00"),),
        ),
        Example(
            name="a day before the acceptance",
            events=(
                {
                    "kind": "case.accepted",
                    "occurred_at": "2018-10-15T10:00:00+08:00",
                    "told_due_at": "2018-10-14T18:00:00+08:00",
                },
            ),
            until="2018-10-15T12:00:00+08:00",
            found=(("warn", "2018-10-15T10:00:00+08:00"),),
        ),
        Example(
            name="the computed date: silent",
            events=(
                {
                    "kind": "case.accepted",
                    "occurred_at": "2018-10-15T10:00:00+08:00",
                    "told_due_at": "2018-10-24T18:00:00+08:00",
                },
            ),
            until="2018-10-15T12:00:00+08:00",
            found=(),
        ),
    ),
)
