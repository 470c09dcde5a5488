"""Starting, planning and stopping the clocks of a case (clocks.md 3 and 5)."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from streams.calendar.calendar import Calendar
from streams.contracts.clock import ClockName
from streams.limits.clock_run import ClockRun, Skip
from streams.limits.ladder import deal, deal_own
from streams.limits.limit import Limit
from streams.limits.reckoning import (
    IN_TIME,
    due_of,
    last_instant_told,
    stands_on_provisional_days,
    told_limit,
    used_until,
)
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.rule import Remark

HANDLING_CLOCKS: tuple[ClockName, ...] = (
    *("promise", "statutory"),
    *("first_review", "upper_stage", "joint_parent", "joint_child"),
)
"""The clocks that suspension, correction and extension move; the first two share a ladder."""


def start_handling(fold: CaseFold, start: int, event_id: str, knowledge: Knowledge) -> None:
    """Start the clocks that run from acceptance to decision."""
    if not knowledge.calendar(fold.org).covers(start):
        fold.remarks.append(Remark("outside_calendar", start, event_id))
        fold.no_limit = True
        return
    if fold.case_class == "instant":
        _start_instant(fold, start, event_id, knowledge)
    else:
        start_case_clocks(fold, start, event_id, knowledge)
    fold.no_limit = fold.leading() is None


def start_case_clocks(fold: CaseFold, start: int, event_id: str, knowledge: Knowledge) -> None:
    """Start promise and statutory at an instant, by the item's limits and the date told to the applicant."""
    item = knowledge.item(fold.item)
    org = knowledge.hall.org(fold.org)
    private = org is not None and org.private_network
    told = fold.told_due_ms
    promise = item.promise if item is not None and not (private and told is None) else None
    for name, limit in (("promise", promise), ("statutory", item.statutory if item is not None else None)):
        if limit is not None and limit.amount > 0:
            fold.clocks.append(_clock(name, limit, start, event_id))  # type: ignore[arg-type]
    if fold.case_class == "reported" and not private:
        days = knowledge.policy(fold.item).first_review_days
        fold.clocks.append(_clock("first_review", Limit(amount=days, unit="working_days"), start, event_id))
    start_joint_parent(fold, knowledge)
    start_joint_child(fold, knowledge)
    plan(fold, knowledge)
    if told is not None:
        _bind_told(fold, told, start, event_id, knowledge)
        plan(fold, knowledge)


def plan(fold: CaseFold, knowledge: Knowledge) -> None:
    """Compute due and cards of the open handling clocks anew."""
    running = {clock.name: clock for clock in fold.clocks if clock.stopped_ms is None}
    promise, statutory, *others = map(running.get, HANDLING_CLOCKS)
    calendar, policy = knowledge.calendar(fold.org), knowledge.policy(fold.item)
    for clock in (promise, statutory):
        if clock is not None:
            _set_due(clock, due_of(calendar, clock, policy), calendar)
    deal(calendar, policy, promise, statutory, fold.urged_ms)
    for clock in (*others, *open_steps(fold)):
        if clock is None:
            continue
        bound = clock.name == "joint_child"
        _set_due(clock, _joint_due(fold, clock, knowledge) if bound else due_of(calendar, clock, policy), calendar)
        deal_own(calendar, clock)


def plan_again(fold: CaseFold, knowledge: Knowledge) -> None:
    """Compute due and cards of every open clock anew; an instant clock keeps the closing that it was given."""
    plan(fold, knowledge)
    for clock in fold.clocks:
        if clock.stopped_ms is None and clock.name in ("acceptance", "special_procedure", "delivery"):
            calendar = knowledge.calendar_for(clock.name, fold.org, fold.accept_site)
            _set_due(clock, due_of(calendar, clock, knowledge.policy(fold.item)), calendar)
            deal_own(calendar, clock)


def open_steps(fold: CaseFold) -> list[ClockRun]:
    """The clocks of the steps that are being done."""
    return [clock for clock in fold.clocks if clock.name == "step" and clock.stopped_ms is None]


def start_upper_stage(fold: CaseFold, start: int, event_id: str, knowledge: Knowledge, skips: Iterable[Skip]) -> None:
    """The upper unit has the case: its own limit runs, where the register has one; `skips` may still stand."""
    item = knowledge.item(fold.item)
    limit = item.upper_stage if item is not None else None
    if limit is None or limit.amount <= 0 or not knowledge.calendar(fold.org).covers(start):
        return
    clock = _clock("upper_stage", limit, start, event_id)
    clock.run = len(fold.runs_of("upper_stage")) + 1
    clock.skips = standing(skips, start)
    fold.clocks.append(clock)
    plan(fold, knowledge)


def start_joint_parent(fold: CaseFold, knowledge: Knowledge) -> None:
    """联办件: the whole runs from the lead's acceptance, once it is known to be a joint case (licence law art. 42)."""
    joint, start = fold.joint, fold.accepted_ms
    is_whole = bool(joint.children) if joint is not None else fold.case_class == "joint"
    if not is_whole or start is None or fold.closed or fold.clock("joint_parent") is not None:
        return
    if knowledge.calendar(fold.org).covers(start):
        days = knowledge.policy(fold.item).joint_days
        source = next((clock.start_event for clock in fold.clocks if clock.started_ms == start), "")
        fold.clocks.append(_clock("joint_parent", Limit(amount=days, unit="working_days"), start, source))


def start_joint_child(fold: CaseFold, knowledge: Knowledge) -> None:
    """协办: a part runs from the hand-over, by its own limit or until the lead's promise is due."""
    joint = fold.joint
    if joint is None or joint.handed_ms is None or fold.closed or fold.clock("joint_child") is not None:
        return
    limit = _own_limit(fold, knowledge) or (Limit(amount=1, unit="working_days") if joint.latest_ms else None)
    if limit is not None and knowledge.calendar(fold.org).covers(joint.handed_ms):
        fold.clocks.append(_clock("joint_child", limit, joint.handed_ms, joint.handed_event))


def _own_limit(fold: CaseFold, knowledge: Knowledge) -> Limit | None:
    item = knowledge.item(fold.item)
    limit = (item.promise or item.statutory) if item is not None else None
    return limit if limit is not None and limit.amount > 0 else None


def _joint_due(fold: CaseFold, clock: ClockRun, knowledge: Knowledge) -> int:
    """The own limit's due, or the lead's promise's where that comes first; the limit is then as long as that leaves."""
    calendar, policy = knowledge.calendar(fold.org), knowledge.policy(fold.item)
    own = _own_limit(fold, knowledge)
    latest = fold.joint.latest_ms if fold.joint is not None else None
    if own is not None:
        clock.amount = own.amount
    due_ms = due_of(calendar, clock, policy)
    clock.bound = latest is not None and (own is None or latest < due_ms)
    if latest is None or not clock.bound:
        return due_ms
    if clock.halted_ms() is None:
        clock.amount = max(0, used_until(calendar, clock, latest) - (clock.total() - clock.amount))
    return latest


def start_own(
    fold: CaseFold, name: ClockName, days: int, start: int, event_id: str, knowledge: Knowledge, run: int = 1
) -> None:
    """Start a clock in working days that has a ladder of its own."""
    calendar = knowledge.calendar_for(name, fold.org, fold.accept_site)
    if not calendar.covers(start):
        fold.remarks.append(Remark("outside_calendar", start, event_id))
        return
    clock = _clock(name, Limit(amount=days, unit="working_days"), start, event_id)
    clock.run = run
    _set_due(clock, due_of(calendar, clock, knowledge.policy(fold.item)), calendar)
    deal_own(calendar, clock)
    before = fold.pinned.get(pin_of(clock))
    if before is not None and before.started_ms == start:
        clock.due_ms, clock.cards, clock.calendar_version = before.due_ms, before.cards, before.calendar_version
    fold.clocks.append(clock)


def pin_of(clock: ClockRun) -> str:
    """What tells apart the clocks that nothing moves between start and stop, but a calendar."""
    return f"{clock.name}|{clock.run}"


def pinned_in(fold: CaseFold) -> dict[str, ClockRun]:
    """The clocks of an open case that stopped before a calendar is published and keep theirs (clocks.md 8)."""
    stopped = (clock for clock in fold.clocks if clock.name in ("acceptance", "special_procedure"))
    return {pin_of(clock): clock for clock in stopped if clock.stopped_ms is not None and not clock.provisional}


def stop_clock(clock: ClockRun | None, at_ms: int, event_id: str) -> None:
    """Stop a clock, if it is there and runs."""
    if clock is not None and clock.stopped_ms is None:
        clock.stopped_ms, clock.stop_event, clock.ended = max(at_ms, clock.started_ms), event_id, "stopped"


def new_epoch(fold: CaseFold, clock: ClockRun, start: int, event_id: str) -> None:
    """End a run of a clock at the completion of a correction and start the next one with the full limit."""
    clock.stopped_ms, clock.stop_event, clock.ended = start, event_id, "void"
    again = _clock(clock.name, Limit(amount=clock.amount, unit=clock.unit), start, event_id)
    again.epoch, again.bound, again.short = clock.epoch + 1, clock.bound, clock.short
    again.skips = standing(clock.skips, start)
    fold.clocks.append(again)


def standing(skips: Iterable[Skip], at_ms: int) -> tuple[Skip, ...]:
    """Copies of the suspensions that still stand at an instant, for a clock that starts then."""
    return tuple(
        msgspec.structs.replace(skip, whole=False)
        for skip in skips
        if skip.ground == "suspension" and ((reach := skip.reach_ms()) is None or reach > at_ms)
    )


def stop_clocks(
    fold: CaseFold, at_ms: int, event_id: str, knowledge: Knowledge, but: ClockName | Literal[""] = ""
) -> None:
    """Stop every open clock `but` one; a suspension that is open ends with it."""
    for clock in fold.clocks:
        if clock.stopped_ms is not None or clock.name == but:
            continue
        pulled_back = False
        for skip in clock.skips:
            if skip.to_ms is None and skip.ground == "suspension":
                skip.to_ms, pulled_back = at_ms, True
        if pulled_back:
            latest = fold.joint.latest_ms if fold.joint is not None and clock.bound else None
            due_ms = due_of(knowledge.calendar(fold.org), clock, knowledge.policy(fold.item))
            clock.due_ms = due_ms if latest is None else min(due_ms, latest)
        stop_clock(clock, at_ms, event_id)


def is_late(fold: CaseFold) -> bool:
    """Whether any epoch of the clock that decides about being on time has gone over its due (clocks.md 4)."""
    leading = fold.leading()
    if leading is None:
        return False
    if leading.epoch == 1:  # the only one
        return leading.is_over(fold.at_ms)
    return any(clock.is_over(fold.at_ms) for clock in fold.clocks if clock.name == leading.name)


def _clock(name: ClockName, limit: Limit, start: int, event_id: str) -> ClockRun:
    return ClockRun(name=name, unit=limit.unit, amount=limit.amount, started_ms=start, start_event=event_id)


def _bind_told(fold: CaseFold, told: int, start: int, event_id: str, knowledge: Knowledge) -> None:
    """A told date earlier than the computed one binds; for a case without a promise it is the only source.

    The promise stays in its own unit. A date that cannot be meant binds nobody and is remarked on.
    """
    calendar, policy = knowledge.calendar(fold.org), knowledge.policy(fold.item)
    promise = fold.open_clock("promise")
    last = last_instant_told(calendar, "working_days" if promise is None else promise.unit, told, policy)
    if not calendar.covers(told):
        mistake = "told_outside_calendar" if told > start else "told_before_acceptance"
    elif last <= start:
        mistake = "told_before_acceptance"
    elif promise is not None and last > promise.due_ms:
        mistake = "told_later"
    else:
        mistake = ""
    if mistake:
        fold.remarks.append(Remark(mistake, start, event_id))
    elif promise is None:
        told_clock = _clock("promise", Limit(amount=0, unit="working_days"), start, event_id)
        told_limit(calendar, told_clock, last)
        fold.clocks.insert(0, told_clock)
    elif last < promise.due_ms:
        told_limit(calendar, promise, last)


def _start_instant(fold: CaseFold, start: int, event_id: str, knowledge: Knowledge) -> None:
    """即办件: the accepting site's last closing that day, or the item's minutes; yellow only."""
    item, calendar = knowledge.item(fold.item), knowledge.calendar_for("instant", fold.org, fold.accept_site)
    if item is not None and item.promise is not None and item.promise.unit in IN_TIME and item.promise.amount > 0:
        clock = _clock("instant", item.promise, start, event_id)
        due = due_of(calendar, clock, knowledge.policy(fold.item))
    else:
        day = calendar.opening_day(calendar.day_of(start))
        closing = calendar.last_closing(day)
        if closing is not None and closing <= start:
            day = calendar.opening_day(day + 1)
            closing = calendar.last_closing(day)
        due = calendar.closing_of(day) if closing is None else closing
        amount = calendar.opened_between(start, due) // 60_000
        clock = _clock("instant", Limit(amount=amount, unit="office_minutes"), start, event_id)
        clock.closing = True
    _set_due(clock, due, calendar)
    deal_own(calendar, clock)
    fold.clocks.append(clock)


def _set_due(clock: ClockRun, due_ms: int, calendar: Calendar) -> None:
    clock.due_ms = due_ms
    clock.provisional = stands_on_provisional_days(calendar, clock)
    clock.calendar_version = calendar.version
