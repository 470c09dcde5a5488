"""PROC-11: a correction after acceptance was never completed; a reminder to close the case."""

from collections.abc import Sequence

from streams.registry.registry import HallRegistry
from streams.rule import CLOCK_KINDS, CaseSubject, Example, Message, Rule, Verdict


def reminded_ms(subject: CaseSubject, registry: HallRegistry) -> int | None:
    """The end of the policy's calendar days after the notice; absent while the case waits for nothing."""
    if subject.waiting_ms is None or subject.closed:
        return None
    calendar, policy = registry.calendar_of(subject.org), registry.policy_of(registry.item(subject.item))
    return calendar.end_of(calendar.day_of(subject.waiting_ms) + policy.correction_wait_days) + 1


def check(subject: CaseSubject, registry: HallRegistry, at_ms: int) -> Sequence[Verdict]:
    """True from then until the correction is completed or the case closed."""
    reminded = reminded_ms(subject, registry)
    if reminded is None or reminded > at_ms:
        return ()
    return (Verdict("warn", part=str(subject.waiting_ms)),)


def next_change(subject: CaseSubject, registry: HallRegistry, at_ms: int) -> int | None:
    """That instant, while it lies ahead."""
    reminded = reminded_ms(subject, registry)
    return reminded if reminded is not None and reminded > at_ms else None


_WAITING = (
    {"kind": "case.accepted", "occurred_at": "2026-03-02T10:00:00+08:00"},
    {"kind": "case.correction_notified", "occurred_at": "2026-03-04T10:00:00+08:00"},
)

RULE = Rule(
    id="PROC-11",
    title_zh="补正逾期未完成，请办结",
    title_en="Correction never completed: close the case",
    dimension="legality",
    anomaly="content",
    level="warn",
    basis="clocks.md 4",
    kinds=CLOCK_KINDS,
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "办件 {case}（{item}）告知补正后申请人一直未补正，已过告知期限，请依规办结。",
            "Case {case} ({item}): what was asked for was never supplied and the notice has run out. Close the case.",
        ),
    },
    examples=(
        Example(
            name="nothing came within thirty calendar days of the notice",
            events=_WAITING,
            until="2026-04-10T00:00:00+08:00",
            found=(("warn", "2026-04-04T00:00:00+08:00"),),
        ),
        Example(
            name="abandoned before: silent",
            events=(*_WAITING, {"kind": "case.abandoned", "occurred_at": "2026-04-02T10:00:00+08:00"}),
            until="2026-04-10T00:00:00+08:00",
            found=(),
        ),
    ),
)
