"""The mechanisms that move the clocks of an accepted case: correction, suspension, extension (clocks.md 4).

Each is tested per clock: what begins after a clock's due has no effect on that clock.
"""

from collections.abc import Collection, Iterator

from streams.calendar.calendar import Calendar
from streams.limits.clock_run import ClockRun, Extension, Skip, SkipGround, Void, VoidGround
from streams.limits.grounds import suspends_all
from streams.limits.reckoning import begins_on_due_day, cap_of, extension_of
from streams.processes.case.case_clocks import (
    HANDLING_CLOCKS,
    new_epoch,
    open_steps,
    plan,
    start_case_clocks,
    start_own,
    stop_clock,
)
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold, Procedure
from streams.processes.case.knowledge import Knowledge
from streams.rule import Remark

ANNOUNCED_MAX = 1000
"""Working days, four years: whoever announces more has written something else; it counts as not announced."""

VOIDS_MAX = 10
"""How many things without effect a clock keeps."""

_GROUNDS: dict[str, VoidGround] = {
    "suspended": "suspension",
    "resumed": "suspension",
    "extended": "extension",
    "correction_notified": "waiting",
    "correction_completed": "waiting",
}
"""What kind of line an event that had no effect is in the ledger."""


RUNNING_ON = frozenset({"statutory", "first_review"})
"""Clocks of which the policy says by itself whether a correction lets them run, pauses them or begins them anew."""


def notify_correction(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """Something is missing after acceptance: the case clocks stand still until it is completed.

    Where the case counts as accepted by silence it is also the answer that the acceptance clock waits for.
    """
    stop_clock(fold.clock("acceptance"), event.at_ms, event.event_id)
    if fold.waiting_ms is not None:
        return
    fold.waiting_ms = event.at_ms
    _leave_instant(fold, event, knowledge)
    policy = knowledge.policy(fold.item)
    if any(not clock.is_in_time(event.at_ms) for clock in _limited_clocks(fold)):
        fold.remarks.append(Remark("correction_after_due", event.at_ms, event.event_id))
    for clock in _open_clocks(fold):
        if clock.name not in RUNNING_ON or policy.statutory_correction != "run":
            skip(clock, knowledge.calendar(fold.org), event.at_ms, "waiting", event.event_id, None)
    plan(fold, knowledge)


def complete_correction(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """Everything is in: a new promise epoch by policy; the statutory clock goes on."""
    if fold.waiting_ms is None:
        fold.remarks.append(Remark("completion_without_notice", event.at_ms, event.event_id))
        return
    # Told and completed at the very stamp of the acceptance, it came before that (clocks.md 10): nothing begins anew.
    is_before = fold.accepted_ms == fold.waiting_ms == event.at_ms
    fold.waiting_ms = None
    policy = knowledge.policy(fold.item)
    for clock in _open_clocks(fold):
        waits = [wait for wait in clock.skips if wait.ground == "waiting" and wait.to_ms is None]
        for wait in waits:
            wait.to_ms = event.at_ms
        mode = policy.statutory_correction if clock.name in RUNNING_ON else policy.correction
        if clock.name in ("step", "upper_stage"):
            mode = "pause"
        # A case accepted by silence has no acceptance to be renewed: a correction only pauses it.
        if is_before:
            clock.skips = tuple(stretch for stretch in clock.skips if stretch not in waits)
        elif waits and mode == "reset" and fold.deemed_ms is None:
            new_epoch(fold, clock, event.at_ms, event.event_id)
    leading = fold.clock("promise") or fold.clock("statutory")
    if leading is not None:
        fold.epoch = leading.epoch
    plan(fold, knowledge)


def suspend(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """Special procedure B begins: skipped up to its end or its cap, whichever comes first."""
    announced = event.number if event.number is not None and 0 < event.number <= ANNOUNCED_MAX else None
    fold.procedures.append(Procedure(event.text, event.event_id, event.at_ms, announced=announced, ground=event.more))
    for code in _not_told(event, announced):
        fold.remarks.append(Remark(code, event.at_ms, event.event_id))
    if announced is not None:
        run = len(fold.procedures)
        start_own(fold, "special_procedure", announced, event.at_ms, event.event_id, knowledge, run)
    _leave_instant(fold, event, knowledge)
    policy = knowledge.policy(fold.item)
    days = announced if announced is not None else policy.suspension_days_max
    late = False
    for clock in _open_clocks(fold):
        if clock.name == "promise" or suspends_all(event.more, policy):
            late = late or event.at_ms > clock.due_ms
            skip(clock, knowledge.calendar(fold.org), event.at_ms, "suspension", event.event_id, days, event.more)
        else:
            no_effect(clock, event, "ground_not_listed")
    if late:
        fold.remarks.append(Remark("suspension_after_due", event.at_ms, event.event_id))
    plan(fold, knowledge)


def _not_told(event: Essence, announced: int | None) -> Iterator[str]:
    """What is missing from the notice of a special procedure; `announced` are the days that can be believed."""
    if not event.more:
        yield "suspension_without_ground"
    if event.number is None:
        yield "suspension_without_days"
    elif announced is None:
        yield "suspension_days_unbelievable" if event.number > ANNOUNCED_MAX else "suspension_days_not_positive"


def resume(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """Special procedure B ends: the one that is named, or every open one."""
    ended = [
        procedure
        for procedure in fold.procedures
        if procedure.to_ms is None and (not event.text or procedure.special_id == event.text)
    ]
    if not ended:
        fold.remarks.append(Remark("end_without_suspension", event.at_ms, event.event_id))
        return
    sources = set()
    for procedure in ended:
        procedure.to_ms = event.at_ms
        sources.add(procedure.event_id)
    for clock in fold.clocks:
        if clock.name == "special_procedure" and clock.start_event in sources:
            stop_clock(clock, event.at_ms, event.event_id)
    for clock in _open_clocks(fold):
        resume_skips(clock, sources, event.at_ms)
    plan(fold, knowledge)


def extend(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """Special procedure A is approved: each clock still in time moves; the sum over the case is capped."""
    policy, calendar = knowledge.policy(fold.item), knowledge.calendar(fold.org)
    days, approver = event.number or 0, event.text
    most = policy.joint_extension_days_max if fold.case_class == "joint" else policy.extension_days_max
    granted = min(days, most - fold.extended)
    refusal = ""
    if days <= 0 or not approver:
        granted, refusal = 0, "extension_without_decision"
    elif policy.profile == "guangdong" and fold.procedures:
        granted, refusal = 0, "extension_after_suspension"
    elif granted < days:
        refusal = "extension_over_cap"
    if refusal:
        fold.remarks.append(Remark(refusal, event.at_ms, event.event_id))
    last = event.at_ms if event.instant_ms is None else max(event.at_ms, event.instant_ms)
    moved = False
    for clock in _limited_clocks(fold):
        note = refusal
        if granted > 0 and clock.is_in_time(last):
            amount = extension_of(calendar, clock, granted)
            clock.extensions += (Extension(event.at_ms, amount, event.event_id, approver),)
            moved = True
        elif granted > 0:
            is_asked_late = clock.is_in_time(event.at_ms)
            note = "extension_asked_after_due" if is_asked_late else "extension_after_due"
            fold.remarks.append(Remark(note, event.at_ms, event.event_id))
        if note:
            no_effect(clock, event, note)
    if moved:
        fold.extended += granted
        plan(fold, knowledge)


def comes_after_due(fold: CaseFold, event: Essence) -> bool:
    """Whether an extension lies behind the due of a clock that stopped with the case; which ones is kept on them."""
    late = [
        clock
        for name in HANDLING_CLOCKS
        if (clock := fold.clock(name)) is not None
        and clock.stopped_ms == fold.stopped_ms
        and not clock.is_in_time(event.at_ms)
    ]
    for clock in late:
        no_effect(clock, event, "extension_after_due")
    return bool(late)


def no_effect(clock: ClockRun, event: Essence, note: str) -> None:
    """Keep on a clock that a mechanism did not move it, and why."""
    reason = event.more if event.kind == "suspended" else ""
    approver = event.text if event.kind == "extended" else ""
    _keep_void(clock, Void(event.at_ms, _GROUNDS[event.kind], note, event.event_id, reason, approver))


def _keep_void(clock: ClockRun, void: Void) -> None:
    """Of a feed that repeats itself the first few are kept."""
    if len(clock.voids) < VOIDS_MAX:
        clock.voids += (void,)


def _open_clocks(fold: CaseFold) -> list[ClockRun]:
    return [*_limited_clocks(fold), *open_steps(fold)]


def _limited_clocks(fold: CaseFold) -> list[ClockRun]:
    return [clock for name in HANDLING_CLOCKS if (clock := fold.open_clock(name)) is not None]


def skip(
    clock: ClockRun,
    calendar: Calendar,
    at_ms: int,
    ground: SkipGround,
    event_id: str,
    days: int | None,
    reason: str = "",
) -> None:
    """Have a clock stand still from an instant on, for so many days at most; one that is over already does not."""
    if not clock.is_in_time(at_ms):
        note = "suspension_after_due" if ground == "suspension" else "correction_after_due"
        _keep_void(clock, Void(at_ms, ground, note, event_id, reason))
        return
    cap = None if days is None else cap_of(calendar, clock, at_ms, days)
    # A clock that waits is not on its due day, whatever the date.
    whole = clock.halted_ms() is None and begins_on_due_day(calendar, clock, at_ms)
    clock.skips += (Skip(at_ms, ground, event_id, cap_ms=cap, whole=whole, reason=reason),)


def resume_skips(clock: ClockRun, sources: Collection[str], at_ms: int) -> None:
    """Have a clock go on that stood still because of these events."""
    for stretch in clock.skips:
        if stretch.event_id in sources:
            stretch.to_ms = at_ms


def _leave_instant(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """A correction or suspension makes an instant case a promised one from then on (clocks.md 3)."""
    instant = fold.open_clock("instant")
    if instant is None or event.at_ms > instant.due_ms:
        return
    instant.stopped_ms, instant.stop_event, instant.ended = event.at_ms, event.event_id, "void"
    fold.case_class = "promised"
    start_case_clocks(fold, instant.started_ms, instant.start_event, knowledge)
    fold.no_limit = fold.leading() is None
