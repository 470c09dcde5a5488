"""Before acceptance: the five working days of licence law article 32, and acceptance by silence (clocks.md 3 and 4)."""

from streams.processes.case.case_clocks import start_handling, start_own, stop_clock
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.rule import Remark

LICENCE = "01"
"""The item type (GB/T 39046 A.1) that can be accepted by silence."""


def receive(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """The application was received: the acceptance clock starts, unless the case is already decided on."""
    fold.accept_site = event.site
    fold.first_feed = event.more
    if fold.accepted_ms is None and not fold.closed:
        clock = fold.clock("acceptance")
        _start(fold, event, knowledge, run=1 if clock is None else clock.run + 1)


def collect(fold: CaseFold, event: Essence) -> None:
    """代收: the file was only collected here; the clock starts when the handling org receives it (clocks.md 2)."""
    clock = fold.clock("acceptance")
    if clock is not None and fold.accepted_ms is None and not fold.closed:
        stop_clock(clock, event.at_ms, event.event_id)
        clock.ended = "void"


def is_collected(fold: CaseFold) -> bool:
    """Whether the case was received by a site that only collects, and its handling org has not got it yet."""
    clock = fold.clock("acceptance")
    return clock is not None and clock.ended == "void" and fold.accepted_ms is None and not fold.closed


def notify_before_acceptance(fold: CaseFold, event: Essence, _knowledge: Knowledge) -> None:
    """The applicant was told what is missing: the acceptance clock stops."""
    stop_clock(fold.clock("acceptance"), event.at_ms, event.event_id)


def supplement(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """What was missing came in: the acceptance clock starts anew."""
    clock = fold.clock("acceptance")
    if clock is None or clock.ended == "void":
        return
    if clock.stopped_ms is None:
        fold.remarks.append(Remark("completion_without_notice", event.at_ms, event.event_id))
        return
    _start(fold, event, knowledge, run=clock.run + 1)


def deem_accepted(fold: CaseFold, knowledge: Knowledge) -> bool:
    """Nobody decided in time: a licence case counts as accepted, as of its receipt or supplement; whether it does.

    Only where the feed tells every decision, so that its silence means that there was none.
    """
    effect = deemed_at(fold, knowledge)
    clock = fold.clock("acceptance")
    if effect is None or clock is None or fold.at_ms < effect:
        return False
    item = knowledge.item(fold.item)
    fold.accepted_ms, fold.deemed_ms = clock.started_ms, effect
    if item is not None:
        fold.org = fold.org or item.org
        fold.case_class = fold.case_class or item.case_class
    start_handling(fold, clock.started_ms, clock.start_event, knowledge)
    return True


def deemed_at(fold: CaseFold, knowledge: Knowledge) -> int | None:
    """When acceptance by silence takes effect, if it can: a millisecond after the acceptance clock is due."""
    if fold.accepted_ms is not None or fold.closed:
        return None
    clock = fold.open_clock("acceptance")
    item, feed = knowledge.item(fold.item), knowledge.hall.feed(fold.first_feed)
    if clock is None or item is None or item.item_type != LICENCE or feed is None or not feed.full_profile:
        return None
    return clock.due_ms + 1


def _start(fold: CaseFold, event: Essence, knowledge: Knowledge, run: int) -> None:
    org = knowledge.hall.org(fold.org)
    if org is None or not org.private_network:
        days = knowledge.policy(fold.item).acceptance_days
        start_own(fold, "acceptance", days, event.at_ms, event.event_id, knowledge, run)
