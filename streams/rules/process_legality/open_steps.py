"""PROC-04: a case is finished while steps of it are still open."""

from streams.rule import Example, Message, Rule, tells_of

_CODES = frozenset({"steps_closed_by_finish"})
_BEGUN = (
    {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
    {"kind": "case.step_started", "occurred_at": "2018-10-15T11:00:00+08:00", "step": "审查"},
)
_FINISHED = {"kind": "case.finished", "occurred_at": "2018-10-16T10:00:00+08:00"}

RULE = Rule(
    id="PROC-04",
    title_zh="环节未结束即办结",
    title_en="Finished with open steps",
    dimension="legality",
    anomaly="content",
    level="yellow",
    basis="PL-29; clocks.md 9",
    phase="result",
    kinds=frozenset({"finished"}),
    remarks=_CODES,
    check=tells_of(_CODES, "yellow"),
    messages={
        "yellow": Message("办件 {case}（{item}）{when}：{what}。", "Case {case} ({item}), {when}: {what}."),
    },
    examples=(
        Example(
            name="the review was never ended",
            events=(*_BEGUN, _FINISHED),
            until="2018-10-17T00:00:00+08:00",
            found=(("yellow", "2018-10-16T10:00:00+08:00"),),
        ),
        Example(
            name="the review ended at the very instant of the finish: silent",
            events=(
                *_BEGUN,
                {"kind": "case.step_ended", "occurred_at": "2018-10-16T10:00:00+08:00", "step": "审查"},
                _FINISHED,
            ),
            until="2018-10-17T00:00:00+08:00",
            found=(),
        ),
    ),
)
