"""PROC-08: a special procedure without a ground or without announced days."""

from streams.rule import Example, Message, Rule, tells_of

_CODES = frozenset(
    {
        "suspension_without_ground",
        "suspension_without_days",
        "suspension_days_not_positive",
        "suspension_days_unbelievable",
    }
)

RULE = Rule(
    id="PROC-08",
    title_zh="特别程序未告知",
    title_en="Special procedure without notice",
    dimension="legality",
    anomaly="content",
    level="yellow",
    basis="行政许可法 45",
    phase="handling",
    kinds=frozenset({"suspended"}),
    remarks=_CODES,
    check=tells_of(_CODES, "yellow"),
    messages={
        "yellow": Message(
            "办件 {case}（{item}）{when} 的告知不合规定：{what}。",
            "Case {case} ({item}): what was told at {when} is not complete: {what}.",
        ),
    },
    examples=(
        Example(
            name="no days were announced",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.suspended", "occurred_at": "2018-10-16T10:00:00+08:00", "ground": "鉴定"},
            ),
            until="2018-10-17T00:00:00+08:00",
            found=(("yellow", "2018-10-16T10:00:00+08:00"),),
        ),
        Example(
            name="more days were announced than anybody can mean",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {
                    "kind": "case.suspended",
                    "occurred_at": "2018-10-16T10:00:00+08:00",
                    "ground": "鉴定",
                    "announced_days": 1_000_000_000,
                },
            ),
            until="2018-10-17T00:00:00+08:00",
            found=(("yellow", "2018-10-16T10:00:00+08:00"),),
        ),
        Example(
            name="ground and days are told: silent",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {
                    "kind": "case.suspended",
                    "occurred_at": "2018-10-16T10:00:00+08:00",
                    "ground": "鉴定",
                    "announced_days": 3,
                },
            ),
            until="2018-10-17T00:00:00+08:00",
            found=(),
        ),
    ),
)
