"""CONT-01: a case is recorded in another class than its item has."""

from streams.rule import Example, Message, Rule, tells_of

_CODES = frozenset({"class_conflict"})

RULE = Rule(
    id="CONT-01",
    title_zh="办件类型不一致",
    title_en="Class differs from the item's",
    dimension="content",
    anomaly="content",
    level="warn",
    basis="PL-30",
    phase="receipt",
    kinds=frozenset({"accepted"}),
    remarks=_CODES,
    check=tells_of(_CODES, "warn"),
    messages={
        "warn": Message(
            "办件 {case}（{item}）：{what}。",
            "Case {case} ({item}): {what}.",
        ),
    },
    examples=(
        Example(
            name="an instant case of an item with a promise",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00", "case_class": "instant"},),
            until="2018-10-15T12:00:00+08:00",
            found=(("warn", "2018-10-15T10:00:00+08:00"),),
        ),
        Example(
            name="the class of the item, or an unknown one: silent",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00", "case_class": "other"},),
            until="2018-10-15T12:00:00+08:00",
            found=(),
        ),
    ),
)
