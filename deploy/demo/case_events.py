"""The events that a planned case sends: what a hall's approval system would have said, in order."""

from collections.abc import Iterator
from typing import Any

from deploy.demo.case_plan import CasePlan
from deploy.demo.office import MINUTE_MS, Office
from streams.contracts.case_event import (
    Accepted,
    Applied,
    CaseEvent,
    CorrectionCompleted,
    CorrectionNotified,
    Extended,
    Finished,
    PassedUp,
    ResultReady,
    Resumed,
    StepEnded,
    StepStarted,
    Suspended,
    UpperDecided,
    Withdrawn,
)
from streams.contracts.codec import identity
from streams.contracts.instants import from_ms

_CHANNELS = ("窗口", "网上", "移动端")


class _Sender:
    """Fills the envelope of one case's events; ids follow from the plan, so a repeated run repeats them."""

    def __init__(self, plan: CasePlan, feed: str) -> None:
        self._plan, self._feed = plan, feed
        self._seen: dict[str, int] = {}

    def event(self, kind: type[Any], at_ms: int, **fields: Any) -> Any:
        """One event of the case."""
        plan, name = self._plan, kind.__struct_config__.tag
        ordinal = self._seen[name] = self._seen.get(name, 0) + 1
        return kind(
            event_id=identity(self._feed, plan.case_no, name, ordinal),
            feed=self._feed,
            case_no=plan.case_no,
            occurred_at=from_ms(at_ms),
            org=plan.item.org,
            site=plan.site,
            window=plan.window,
            staff=plan.staff,
            item=plan.item.code,
            **fields,
        )


def events_of(plan: CasePlan, feed: str, office: Office) -> list[tuple[int, CaseEvent]]:
    """Every event of the case with its instant, in order."""
    sender = _Sender(plan, feed)
    events = [*_beginning(plan, sender), *_mechanisms(plan, sender), *_handling(plan, sender, office)]
    return sorted(events, key=lambda pair: pair[0])


def _beginning(plan: CasePlan, sender: _Sender) -> Iterator[tuple[int, CaseEvent]]:
    channel = _CHANNELS[plan.applied_ms // 1000 % len(_CHANNELS)]
    yield plan.applied_ms, sender.event(Applied, plan.applied_ms, channel=channel, case_class=plan.item.case_class)
    if plan.supplement is not None:
        asked, brought = plan.supplement.from_ms, plan.supplement.to_ms
        notice = f"{plan.case_no}-B1"
        yield asked, sender.event(CorrectionNotified, asked, notice_no=notice, materials=("申请表",))
        yield brought, sender.event(CorrectionCompleted, brought)
    instant = plan.item.case_class == "instant"
    notice = "" if instant else f"{plan.case_no}-S"
    yield plan.accepted_ms, sender.event(Accepted, plan.accepted_ms, notice_no=notice, case_class=plan.item.case_class)


def _mechanisms(plan: CasePlan, sender: _Sender) -> Iterator[tuple[int, CaseEvent]]:
    if plan.correction is not None:
        asked, brought = plan.correction.from_ms, plan.correction.to_ms
        notice = f"{plan.case_no}-B2"
        yield asked, sender.event(CorrectionNotified, asked, notice_no=notice, materials=("证明材料",))
        yield brought, sender.event(CorrectionCompleted, brought)
    if plan.suspension is not None:
        begin, end, special = plan.suspension.from_ms, plan.suspension.to_ms, f"{plan.case_no}-T"
        ground, days = plan.suspension.ground, plan.suspension.days
        yield (
            begin,
            sender.event(Suspended, begin, special_id=special, ground=ground, announced_days=days, notice_no=special),
        )
        yield end, sender.event(Resumed, end, special_id=special)
    if plan.extension is not None:
        at_ms = plan.extension.at_ms
        asked_at, approver = from_ms(at_ms - 30 * MINUTE_MS), f"{plan.item.org}-1"
        fields = {"applied_at": asked_at, "days": plan.extension.days, "approver": approver, "reason": "案情复杂"}
        yield at_ms, sender.event(Extended, at_ms, **fields)


def _handling(plan: CasePlan, sender: _Sender, office: Office) -> Iterator[tuple[int, CaseEvent]]:
    """Two steps, the upper unit for reported cases, the decision and what follows it."""
    if plan.item.case_class == "instant":
        yield from _decision(plan, sender, office)
        return
    begin, stop = plan.accepted_ms + MINUTE_MS, plan.stopped_ms
    yield begin, sender.event(StepStarted, begin, step="审查")
    if stop is None:
        return
    if plan.result == "withdrawn":
        yield stop - 1000, sender.event(StepEnded, stop - 1000, step="审查", outcome="中止")
        yield from _decision(plan, sender, office)
        return
    # All that is left after the last mechanism is shared by the review and the decision.
    left = stop - plan.settled_ms()
    reviewed, decided = stop - left // 4, stop - 1000
    yield reviewed, sender.event(StepEnded, reviewed, step="审查", outcome="通过", opinion="材料齐全,符合条件")
    yield reviewed, sender.event(StepStarted, reviewed, step="决定")
    if plan.item.case_class == "reported":
        passed, upper = stop - left // 2, stop - left // 3
        yield passed, sender.event(PassedUp, passed, upper_unit="上级主管部门")
        yield upper, sender.event(UpperDecided, upper)
    yield decided, sender.event(StepEnded, decided, step="决定", outcome="同意" if plan.result != "refused" else "不予")
    yield from _decision(plan, sender, office)


def _decision(plan: CasePlan, sender: _Sender, office: Office) -> Iterator[tuple[int, CaseEvent]]:
    stop = plan.stopped_ms
    if stop is None:
        return
    if plan.result == "withdrawn":
        yield stop, sender.event(Withdrawn, stop, reason="申请人撤回")
        return
    document = plan.item.document and plan.result == "granted"
    refused = plan.result == "refused"
    fields = {"reason": "不符合法定条件", "remedy_told": True} if refused else {}
    yield stop, sender.event(Finished, stop, result=plan.result, decided_at=from_ms(stop), document=document, **fields)
    if document:
        ready = office.used_up(stop, 90 * MINUTE_MS)
        yield ready, sender.event(ResultReady, ready)
