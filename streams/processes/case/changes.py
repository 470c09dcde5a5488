"""What each kind of event makes of a case; the walk calls `change` once for every event, in order."""

from collections.abc import Callable

from streams.processes.case.acceptance import (
    collect,
    deem_accepted,
    is_collected,
    notify_before_acceptance,
    receive,
    supplement,
)
from streams.processes.case.caps import end_capped
from streams.processes.case.case_clocks import (
    plan,
    start_handling,
    start_own,
    start_upper_stage,
    stop_clock,
    stop_clocks,
)
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold, Joint
from streams.processes.case.joint import child_told, linked, note_due, parent_told
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.mechanisms import (
    comes_after_due,
    complete_correction,
    extend,
    no_effect,
    notify_correction,
    resume,
    suspend,
)
from streams.processes.case.steps import close_steps, end_step, start_step
from streams.rule import Remark

Change = Callable[[CaseFold, Essence, Knowledge], None]
"""Changes the fold by one event."""

FINISHES = frozenset({"granted", "refused", "done"})
"""Results that are finishes; the others stop the clocks without one (clocks.md 3)."""


def change(fold: CaseFold, event: Essence, knowledge: Knowledge) -> bool:
    """Change the fold by one event that comes after everything it holds; whether the case is bound anew.

    What its clocks are bound to is settled by the acceptance; later events name who does a step.
    """
    fold.events += 1
    kind = event.kind
    signalled = _SIGNALLED.get(kind)
    if signalled is not None:
        fold.joint = fold.joint or Joint()
        fold.joint.pieces += 1
        signalled(fold, event, knowledge)
        note_due(fold)
        return False
    fold.last_ms = event.at_ms
    fold.site = event.site or fold.site
    fold.window = event.window or fold.window
    fold.staff = event.staff or fold.staff
    is_bound_anew = fold.accepted_ms is None and _binds_anew(fold, event)
    if is_bound_anew:
        fold.org = event.org or fold.org
        fold.item = event.item or fold.item
    handler = _CHANGES.get(kind)
    if handler is not None:
        handler(fold, event, knowledge)
        if fold.remarks:
            fold.bound_remarks()
    if fold.joint is not None:
        note_due(fold)
    return is_bound_anew


def changes_nothing(fold: CaseFold, event: Essence, knowledge: Knowledge) -> bool:
    """Whether an event in order changes nothing that rules read or that is told of clocks."""
    if fold.accepted_ms is None and _binds_anew(fold, event):
        return False
    kind = event.kind
    if kind in ("step_started", "step_ended"):
        item = knowledge.item(fold.item)
        return item is None or not item.steps
    return kind not in _CHANGES


def _binds_anew(fold: CaseFold, event: Essence) -> bool:
    """Whether an event (before acceptance) names another org or item than the case has."""
    return event.org not in ("", fold.org) or event.item not in ("", fold.item)


def pass_time(fold: CaseFold, knowledge: Knowledge) -> bool:
    """Change the fold by nothing but the walk's instant: suspensions reach their caps, silence becomes acceptance.

    Whether the latter took effect.
    """
    end_capped(fold)
    deemed = deem_accepted(fold, knowledge)
    note_due(fold)
    return deemed


def _applied(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    fold.case_class = fold.case_class or event.text
    if fold.applied_ms is None:
        fold.applied_ms = event.at_ms
        receive(fold, event, knowledge)
    elif is_collected(fold):
        receive(fold, event, knowledge)


def _accepted(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    if event.more == "collect":
        collect(fold, event)
        return
    stop_clock(fold.clock("acceptance"), event.at_ms, event.event_id)
    if fold.accepted_ms is not None:
        return
    fold.accepted_ms = event.at_ms
    fold.accept_site = event.site or fold.site
    fold.told_due_ms = event.instant_ms
    item = knowledge.item(fold.item)
    told_class = event.text or fold.case_class
    if item is not None:
        fold.org = fold.org or item.org
        if told_class not in ("", "other", item.case_class) and item.case_class != "other":
            fold.remarks.append(Remark("class_conflict", event.at_ms, event.event_id))
    fold.case_class = told_class or (item.case_class if item is not None else "other")
    if fold.closed == "refused":
        fold.closed, fold.stopped_ms, fold.refused_ms = "", None, None
    start_handling(fold, event.at_ms, event.event_id, knowledge)
    if fold.closed and fold.stopped_ms is not None:
        # Stopped before it began: on the same date a stop without a time of day is in order (clocks.md 1).
        calendar = knowledge.calendar(fold.org)
        if not (fold.date_only_stop and calendar.day_of(fold.stopped_ms) == calendar.day_of(event.at_ms)):
            fold.remarks.append(Remark("finished_before_accepted", event.at_ms, event.event_id))
        stop_clocks(fold, event.at_ms, event.event_id, knowledge)


def _refused(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    if fold.closed:
        return
    if fold.accepted_ms is not None and fold.deemed_ms is None:
        fold.remarks.append(Remark("refused_after_accepted", event.at_ms, event.event_id))
        return
    fold.refused_ms = event.at_ms
    _close(fold, event, knowledge, finished=False)
    fold.closed = "refused"


def _finished(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    if fold.closed and fold.closed != "refused":
        fold.remarks.append(Remark("finished_twice", event.at_ms, event.event_id))
        return
    fold.result = event.text
    if event.text in FINISHES:
        close_steps(fold, event)
    fold.finished_ms = event.at_ms
    _close(fold, event, knowledge, finished=event.text in FINISHES)
    item = knowledge.item(fold.item)
    has_document = event.more == "paper" or (not event.more and item is not None and item.document)
    if event.text == "granted" and has_document and fold.delivered_ms is None:
        days = knowledge.policy(fold.item).delivery_days
        start_own(fold, "delivery", days, event.at_ms, event.event_id, knowledge)


def _taken_back(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    if not fold.closed:
        _close(fold, event, knowledge, finished=False)


def _close(fold: CaseFold, event: Essence, knowledge: Knowledge, *, finished: bool) -> None:
    fold.closed = "finished" if finished else "stopped"
    fold.stopped_ms = event.at_ms
    fold.date_only_stop = event.date_only
    # The clock of a joint case stops with the last decision, which may be that of another unit (clocks.md 3).
    waits = finished and fold.open_parts()
    stop_clocks(fold, event.at_ms, event.event_id, knowledge, "joint_parent" if waits else "")


def _urged(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    fold.urged_ms = event.instant_ms
    plan(fold, knowledge)


def _passed_up(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    review = fold.clock("first_review")
    stop_clock(review, event.at_ms, event.event_id)
    fold.upper_unit = event.text or fold.upper_unit
    if not fold.closed and fold.open_clock("upper_stage") is None:
        start_upper_stage(fold, event.at_ms, event.event_id, knowledge, review.skips if review is not None else ())


def _upper_decided(fold: CaseFold, event: Essence, _knowledge: Knowledge) -> None:
    stop_clock(fold.open_clock("upper_stage"), event.at_ms, event.event_id)


def _delivered(fold: CaseFold, event: Essence, _knowledge: Knowledge) -> None:
    if fold.delivered_ms is None:
        fold.delivered_ms = event.at_ms
    stop_clock(fold.clock("delivery"), event.at_ms, event.event_id)


def _correction(before: Change, after: Change) -> Change:
    """A notice or its completion: before acceptance it belongs to the acceptance clock, after it to the handling."""

    def act(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
        if not fold.closed:
            (after if _is_handled(fold) else before)(fold, event, knowledge)
        else:
            _out_of_place(fold, event, knowledge)

    return act


def _while_handled(mechanism: Change) -> Change:
    """Mechanisms act on a case that is accepted and open; before acceptance and after the end they move nothing."""

    def act(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
        if _is_handled(fold) and not fold.closed:
            mechanism(fold, event, knowledge)
        elif event.kind != "urged" and (event.kind != "resumed" or not fold.closed):
            # A decision closes a suspension, so an end that is recorded after it is in order; urging blames nobody.
            _out_of_place(fold, event, knowledge)

    return act


def _is_handled(fold: CaseFold) -> bool:
    """Whether the case is accepted; a part of a joint case is in hand from its hand-over on."""
    return fold.accepted_ms is not None or fold.open_clock("joint_child") is not None


def _out_of_place(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """Remark on a mechanism before acceptance or after the end; on the date of the end, stamps may lack the time.

    Then nobody is blamed, but a suspension or an extension that moves nothing is still told of; an extension behind the
    due of a clock was too late whichever came first that day.
    """
    code = "out_of_place"
    if fold.stopped_ms is not None and (event.date_only or fold.date_only_stop):
        calendar = knowledge.calendar(fold.org)
        if calendar.day_of(fold.stopped_ms) == calendar.day_of(event.at_ms):
            if event.kind not in ("extended", "suspended"):
                return
            code = "on_the_day_of_the_end"
            if event.kind == "extended" and comes_after_due(fold, event):
                code = "extension_after_due"
    for clock in (fold.clock("promise"), fold.clock("statutory")):
        if clock is not None and event.kind != "urged":
            no_effect(clock, event, code)
    fold.remarks.append(Remark(code, event.at_ms, event.event_id))


_CHANGES: dict[str, Change] = {
    "applied": _applied,
    "accepted": _accepted,
    "refused": _refused,
    "correction_notified": _correction(notify_before_acceptance, notify_correction),
    "correction_completed": _correction(supplement, complete_correction),
    "suspended": _while_handled(suspend),
    "resumed": _while_handled(resume),
    "extended": _while_handled(extend),
    "urged": _while_handled(_urged),
    "passed_up": _passed_up,
    "upper_decided": _upper_decided,
    "step_started": start_step,
    "step_ended": end_step,
    "result_ready": _delivered,
    "delivered": _delivered,
    "finished": _finished,
    "withdrawn": _taken_back,
    "abandoned": _taken_back,
    "linked": linked,
}

_SIGNALLED: dict[str, Change] = {"child_changed": child_told, "parent_changed": parent_told}
