"""TIME-19: a part of a joint case is late with its co-unit; told to the lead, who has to see to it (clocks.md 7)."""

from collections.abc import Sequence

from streams.registry.registry import HallRegistry
from streams.rule import CLOCK_KINDS, CaseSubject, Example, Message, Rule, Verdict


def check(subject: CaseSubject, _registry: HallRegistry, _at_ms: int) -> Sequence[Verdict]:
    """True while the part is late and not finished."""
    late = subject.late_parts()
    return [Verdict("warn", event_id=part.event_id, part=f"part:{part.case_no}") for part in late]


_JOINT = (
    {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00", "case_class": "joint"},
    {"kind": "case.linked", "occurred_at": "2018-10-16T10:00:00+08:00", "role": "child", "other_case_no": "hall/2"},
    {"kind": "case.finished", "occurred_at": "2018-10-17T10:00:00+08:00"},
)
_SIGNAL = {
    "kind": "case.child_changed",
    "sender": "hall/2",
    "occurred_at": "2018-10-26T10:00:00+08:00",
    "data_version": 1,
    "handed_over_at": "2018-10-16T10:00:00+08:00",
    "org": "water",
    "feed": "",
}

RULE = Rule(
    id="TIME-19",
    title_zh="协办单位超时（提醒主办）",
    title_en="A co-unit is late",
    dimension="timeliness",
    anomaly="overtime",
    level="warn",
    basis="PL-22; clocks.md 7",
    kinds=CLOCK_KINDS,
    clock="joint_parent",
    check=check,
    messages={
        "warn": Message(
            "联办件 {case}（{item}）的协办件 {part} 已超过协办时限，请主办单位督促。",
            "Joint case {case} ({item}): its part {part} is late. The lead should see to it.",
        ),
    },
    examples=(
        Example(
            name="a part over its due, finished a day later",
            events=(
                *_JOINT,
                {
                    **_SIGNAL,
                    "late": [{"from_at": "2018-10-25T18:00:00.001+08:00", "to_at": "2018-10-26T10:00:00+08:00"}],
                    "ended_at": "2018-10-26T10:00:00+08:00",
                },
            ),
            until="2018-10-30T00:00:00+08:00",
            found=(("warn", "2018-10-25T18:00:00.001+08:00"),),
        ),
        Example(
            name="a part that ended in time: silent",
            events=(*_JOINT, {**_SIGNAL, "ended_at": "2018-10-26T10:00:00+08:00"}),
            until="2018-10-30T00:00:00+08:00",
            found=(),
        ),
    ),
)
