"""What each kind of event makes of a case; the walk calls `change` once for every event, in order."""

from collections.abc import Callable

from streams.processes.case.case_clocks import plan, start_handling, stop_clocks
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.mechanisms import complete_correction, extend, notify_correction, resume, suspend
from streams.rule import Remark

Change = Callable[[CaseFold, Essence, Knowledge], None]
"""Changes the fold by one event."""

FINISHES = frozenset({"granted", "refused", "done"})
"""Results that are finishes; the others stop the clocks without one (clocks.md 3)."""


def change(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """Change the fold by one event that comes after everything it holds."""
    fold.events += 1
    fold.last_ms = event.at_ms
    fold.site = event.site or fold.site
    fold.window = event.window or fold.window
    fold.staff = event.staff or fold.staff
    if fold.accepted_ms is None:
        # What the clocks are bound to is settled by the acceptance; later events name who does a step.
        fold.org = event.org or fold.org
        fold.item = event.item or fold.item
    handler = _CHANGES.get(event.kind)
    if handler is not None:
        handler(fold, event, knowledge)


def _applied(fold: CaseFold, event: Essence, _knowledge: Knowledge) -> None:
    if fold.applied_ms is None:
        fold.applied_ms = event.at_ms
    fold.case_class = fold.case_class or event.text


def _accepted(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    if fold.accepted_ms is not None:
        return
    fold.accepted_ms = event.at_ms
    fold.told_due_ms = event.instant_ms
    item = knowledge.item(fold.item)
    if item is not None:
        fold.org = fold.org or item.org
    fold.case_class = event.text or fold.case_class or (item.case_class if item is not None else "other")
    if fold.closed == "refused":
        fold.closed, fold.stopped_ms, fold.refused_ms = "", None, None
    start_handling(fold, event, knowledge)
    if fold.closed and fold.stopped_ms is not None:
        # Stopped before it began: on the same date a stop without a time of day is in order (clocks.md 1).
        calendar = knowledge.calendar(fold.org)
        if not (fold.date_only_stop and calendar.day_of(fold.stopped_ms) == calendar.day_of(event.at_ms)):
            fold.remarks.append(Remark("finished_before_accepted", event.at_ms, event.event_id))
        stop_clocks(fold, event.at_ms, event.event_id, knowledge)


def _refused(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    if fold.closed or fold.accepted_ms is not None:
        return
    fold.refused_ms = event.at_ms
    _close(fold, event, knowledge, finished=False)
    fold.closed = "refused"


def _finished(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    if fold.closed and fold.closed != "refused":
        fold.remarks.append(Remark("finished_twice", event.at_ms, event.event_id))
        return
    fold.result = event.text
    fold.finished_ms = event.at_ms
    _close(fold, event, knowledge, finished=event.text in FINISHES)


def _taken_back(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    if not fold.closed:
        _close(fold, event, knowledge, finished=False)


def _close(fold: CaseFold, event: Essence, knowledge: Knowledge, *, finished: bool) -> None:
    fold.closed = "finished" if finished else "stopped"
    fold.stopped_ms = event.at_ms
    fold.date_only_stop = event.date_only
    stop_clocks(fold, event.at_ms, event.event_id, knowledge)


def _urged(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    fold.urged_ms = event.instant_ms
    plan(fold, knowledge)


def _while_handled(mechanism: Change) -> Change:
    """Mechanisms act on a case that is accepted and open; before acceptance and after the end they move nothing."""

    def act(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
        if fold.accepted_ms is not None and not fold.closed:
            mechanism(fold, event, knowledge)

    return act


_CHANGES: dict[str, Change] = {
    "applied": _applied,
    "accepted": _accepted,
    "refused": _refused,
    "correction_notified": _while_handled(notify_correction),
    "correction_completed": _while_handled(complete_correction),
    "suspended": _while_handled(suspend),
    "resumed": _while_handled(resume),
    "extended": _while_handled(extend),
    "urged": _while_handled(_urged),
    "finished": _finished,
    "withdrawn": _taken_back,
    "abandoned": _taken_back,
}
