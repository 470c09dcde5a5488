"""DATA-03: a case is finished a second time, by another event."""

from streams.rule import Example, Message, Rule, tells_of

_CODES = frozenset({"finished_twice"})

RULE = Rule(
    id="DATA-03",
    title_zh="重复办结",
    title_en="Finished twice",
    dimension="content",
    anomaly="content",
    level="notice",
    basis="clocks.md 10",
    phase="result",
    kinds=frozenset({"finished"}),
    remarks=_CODES,
    check=tells_of(_CODES, "notice"),
    messages={
        "notice": Message(
            "办件 {case}（{item}）{when}：{what}，请数据提供方核对。",
            "Case {case} ({item}), {when}: {what}; its feed should be checked.",
        ),
    },
    examples=(
        Example(
            name="two finishes",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-16T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-17T10:00:00+08:00"},
            ),
            until="2018-10-18T00:00:00+08:00",
            found=(("notice", "2018-10-17T10:00:00+08:00"),),
        ),
        Example(
            name="one finish: silent",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-16T10:00:00+08:00"},
            ),
            until="2018-10-18T00:00:00+08:00",
            found=(),
        ),
    ),
)
