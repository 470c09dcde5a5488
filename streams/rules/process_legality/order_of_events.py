"""PROC-02: what is done in a case comes in the wrong order."""

from streams.rule import Example, Message, Rule, tells_of

_CODES = frozenset(
    {
        "completion_without_notice",
        "finished_before_accepted",
        "refused_after_accepted",
        "end_without_suspension",
        "out_of_place",
        "suspension_after_due",
    }
)

RULE = Rule(
    id="PROC-02",
    title_zh="办理顺序不合规定",
    title_en="Wrong order",
    dimension="legality",
    anomaly="content",
    level="yellow",
    basis="PL-29 流程合法性",
    phase="handling",
    kinds=frozenset(
        {"correction_notified", "extended", "correction_completed", "resumed", "suspended", "accepted", "refused"}
    ),
    remarks=_CODES,
    check=tells_of(_CODES, "yellow"),
    messages={
        "yellow": Message(
            "办件 {case}（{item}）{when} 的办理顺序不合规定：{what}。",
            "Case {case} ({item}) is out of order at {when}: {what}.",
        ),
    },
    examples=(
        Example(
            name="a completion that no notice went before",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.correction_completed", "occurred_at": "2018-10-16T10:00:00+08:00"},
            ),
            until="2018-10-17T00:00:00+08:00",
            found=(("yellow", "2018-10-16T10:00:00+08:00"),),
        ),
        Example(
            name="a suspension after the end",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-16T10:00:00+08:00"},
                {
                    "kind": "case.suspended",
                    "occurred_at": "2018-10-17T10:00:00+08:00",
                    "ground": "鉴定",
                    "announced_days": 3,
                },
            ),
            until="2018-10-18T00:00:00+08:00",
            found=(("yellow", "2018-10-17T10:00:00+08:00"),),
        ),
        Example(
            name="an end of a suspension that is recorded after the decision is in order: silent",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {
                    "kind": "case.suspended",
                    "occurred_at": "2018-10-16T09:00:00+08:00",
                    "ground": "鉴定",
                    "announced_days": 3,
                },
                {"kind": "case.finished", "occurred_at": "2018-10-16T10:00:00+08:00"},
                {"kind": "case.resumed", "occurred_at": "2018-10-17T10:00:00+08:00"},
            ),
            until="2018-10-18T00:00:00+08:00",
            found=(),
        ),
    ),
)
