"""The steps of a case: each run of a step that has a limit is a clock of its own (clocks.md 3 and 9)."""

from streams.limits.clock_run import ClockRun, Skip
from streams.limits.grounds import suspends_all
from streams.limits.reckoning import cap_of
from streams.processes.case.case_clocks import plan, stop_clock
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.rule import Remark


def start_step(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """A step begins; one that is already being done does not begin again. Private networks tell no steps."""
    step = event.text
    org = knowledge.hall.org(fold.org)
    if fold.closed or step in fold.open_steps or (org is not None and org.private_network):
        return
    fold.open_steps[step] = event.at_ms
    item = knowledge.item(fold.item)
    limit = item.steps.get(step) if item is not None else None
    if limit is None or not knowledge.calendar(fold.org).covers(event.at_ms):
        return
    runs = [clock.run for clock in fold.runs_of("step") if clock.step == step]
    clock = ClockRun("step", limit.unit, limit.amount, event.at_ms, event.event_id, step=step)
    clock.run = max(event.number or 1, max(runs, default=0) + 1)
    clock.skips = tuple(_standing(fold, clock, knowledge))
    fold.clocks.append(clock)
    plan(fold, knowledge)


def end_step(fold: CaseFold, event: Essence, _knowledge: Knowledge) -> None:
    """A step ends. An end at its very start leaves an unfinished step open.

    Of a done one nobody knows how long it took; nor of a step known by its end alone.
    """
    began = fold.open_steps.get(event.text)
    if began is None or (began == event.at_ms and event.more != "done"):
        return
    del fold.open_steps[event.text]
    for clock in fold.clocks:
        if clock.name == "step" and clock.step == event.text and clock.stopped_ms is None:
            stop_clock(clock, event.at_ms, event.event_id)
            if began == event.at_ms:
                clock.ended = "void"


def close_steps(fold: CaseFold, event: Essence) -> None:
    """A finish closes the steps that are still open (PROC-04); their clocks stop with all others."""
    if fold.open_steps:
        fold.remarks.append(Remark("steps_closed_by_finish", event.at_ms, event.event_id))
        fold.open_steps = {}


def _standing(fold: CaseFold, clock: ClockRun, knowledge: Knowledge) -> list[Skip]:
    """What stands still when the step begins: open special procedures, a correction that is waited for."""
    policy, calendar, start = knowledge.policy(fold.item), knowledge.calendar(fold.org), clock.started_ms
    skips: list[Skip] = []
    for procedure in fold.procedures:
        if procedure.to_ms is None and suspends_all(procedure.ground, policy):
            days = procedure.announced if procedure.announced is not None else policy.suspension_days_max
            cap_ms = cap_of(calendar, clock, procedure.from_ms, days)
            if cap_ms > start:
                skips.append(Skip(start, "suspension", procedure.event_id, cap_ms=cap_ms))
    if fold.waiting_ms is not None:
        skips.append(Skip(start, "waiting", clock.start_event))
    return skips
