"""PROC-07: an extension without a decision, too late, or over what the law allows."""

from streams.rule import Example, Message, Rule, tells_of

_CODES = frozenset(
    {
        "extension_after_due",
        "extension_asked_after_due",
        "extension_without_decision",
        "extension_over_cap",
        "extension_after_suspension",
    }
)

RULE = Rule(
    id="PROC-07",
    title_zh="延期不合规定",
    title_en="Extension against the rules",
    dimension="legality",
    anomaly="content",
    level="red",
    basis="行政许可法 42",
    phase="handling",
    kinds=frozenset({"extended"}),
    remarks=_CODES,
    check=tells_of(_CODES, "red"),
    messages={
        "red": Message(
            "办件 {case}（{item}）{when} 的延期不合规定：{what}。",
            "Case {case} ({item}): the extension of {when} is against the rules: {what}.",
        ),
    },
    examples=(
        Example(
            name="nobody approved it",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.extended", "occurred_at": "2018-10-16T10:00:00+08:00", "days": 3},
            ),
            until="2018-10-17T00:00:00+08:00",
            found=(("red", "2018-10-16T10:00:00+08:00"),),
        ),
        Example(
            name="eleven days where ten are allowed",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.extended", "occurred_at": "2018-10-16T10:00:00+08:00", "days": 11, "approver": "局长"},
            ),
            until="2018-10-17T00:00:00+08:00",
            found=(("red", "2018-10-16T10:00:00+08:00"),),
        ),
        Example(
            name="after both limits were over: one finding",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.extended", "occurred_at": "2018-10-30T10:00:00+08:00", "days": 3, "approver": "局长"},
            ),
            until="2018-10-31T00:00:00+08:00",
            found=(("red", "2018-10-30T10:00:00+08:00"),),
        ),
        Example(
            name="approved in time and within the cap: silent",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.extended", "occurred_at": "2018-10-16T10:00:00+08:00", "days": 10, "approver": "局长"},
            ),
            until="2018-10-17T00:00:00+08:00",
            found=(),
        ),
    ),
)
