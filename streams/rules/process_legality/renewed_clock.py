"""PROC-10: corrections after acceptance begin the promise anew until more than the statutory limit is used (PL-24)."""

from collections.abc import Sequence

import msgspec

from streams.limits.reckoning import due_of, used_until
from streams.registry.registry import HallRegistry
from streams.rule import CLOCK_KINDS, CaseSubject, Example, Message, Rule, Verdict


def over_ms(subject: CaseSubject, registry: HallRegistry) -> int | None:
    """When what all epochs of the promise have used goes over the statutory limit.

    Absent while there is one epoch only, while it waits, and where the two limits have different units.
    """
    if subject.epoch < 2:
        return None
    epochs, statutory = subject.runs_of("promise"), subject.clock("statutory")
    if len(epochs) < 2 or statutory is None or statutory.unit != epochs[-1].unit:
        return None
    calendar, policy = registry.calendar_of(subject.org), registry.policy_of(registry.item(subject.item))
    used = sum(used_until(calendar, run, run.judged_ms(run.started_ms)) for run in epochs[:-1])
    last, rest = epochs[-1], statutory.total() - used
    if rest <= 0:
        return last.started_ms
    halted = last.halted_ms()
    until = due_of(calendar, msgspec.structs.replace(last, amount=rest, extensions=()), policy) + 1
    return until if halted is None or until <= halted else None


def check(subject: CaseSubject, registry: HallRegistry, at_ms: int) -> Sequence[Verdict]:
    """True from that instant on, if the promise was still running then."""
    over = over_ms(subject, registry)
    if over is None or over > at_ms:
        return ()
    last = subject.runs_of("promise")[-1]
    return (
        () if last.stopped_ms is not None and last.stopped_ms < over else (Verdict("red", event_id=last.start_event),)
    )


def next_change(subject: CaseSubject, registry: HallRegistry, at_ms: int) -> int | None:
    """That instant, while the promise runs."""
    over = over_ms(subject, registry)
    running = subject.runs_of("promise")[-1:] and subject.runs_of("promise")[-1].stopped_ms is None
    return over if over is not None and running and over > at_ms else None


_ACCEPTED = {"kind": "case.accepted", "occurred_at": "2026-03-02T10:00:00+08:00"}
_CORRECTED = (
    _ACCEPTED,
    {"kind": "case.correction_notified", "occurred_at": "2026-03-06T10:00:00+08:00"},
    {"kind": "case.correction_completed", "occurred_at": "2026-03-10T10:00:00+08:00"},
)

RULE = Rule(
    id="PROC-10",
    title_zh="补正后累计用时超过法定时限",
    title_en="Renewed until over the statutory limit",
    dimension="legality",
    anomaly="overtime",
    level="red",
    basis="PL-24; clocks.md 4",
    kinds=CLOCK_KINDS,
    clock="promise",
    check=check,
    next_change=next_change,
    messages={
        "red": Message(
            "办件 {case}（{item}）受理后经补正重新计时，各周期累计用时已超过法定时限，请核查补正是否必要。",
            "Case {case} ({item}): with corrections after acceptance all epochs together have used more than the "
            "statutory limit. Check whether the corrections were needed.",
        ),
    },
    examples=(
        Example(
            name="four days used before the correction, and then more than six",
            events=_CORRECTED,
            until="2026-03-31T00:00:00+08:00",
            found=(("red", "2026-03-18T18:00:00.001+08:00"),),
        ),
        Example(
            name="finished before the days of both epochs go over the limit: silent",
            events=(*_CORRECTED, {"kind": "case.finished", "occurred_at": "2026-03-18T17:00:00+08:00"}),
            until="2026-03-31T00:00:00+08:00",
            found=(),
        ),
        Example(
            name="without a correction it is the statutory limit alone that speaks: silent",
            events=(_ACCEPTED,),
            until="2026-03-31T00:00:00+08:00",
            found=(),
        ),
    ),
)
