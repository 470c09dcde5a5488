"""judge(): the judgement of one case from its events alone; any order and any repetition of them gives the same."""

from bisect import insort
from collections.abc import Iterable, Mapping
from operator import methodcaller
from typing import NamedTuple

from streams.contracts.case_event import CaseEvent, WithdrawalConfirmed
from streams.contracts.case_signal import CaseSignal, ChildChanged, ParentChanged
from streams.limits.clock_run import ClockRun
from streams.processes.case.essence import Essence, dated, essence_of, wins
from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.joint import put_signal
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.walk import advance, apply
from streams.registry.snapshot import Feed

in_order = methodcaller("order")
"""The sorting key of essences."""


class Judgement(NamedTuple):
    """How a case stands at an instant: its fold, its clocks with what they skipped, its findings as stretches."""

    state: CaseFold
    clocks: list[ClockRun]
    findings: list[FindingRun]


def judge(
    case_no: str,
    events: Iterable[CaseEvent | CaseSignal],
    knowledge: Knowledge,
    until_ms: int,
    floor_ms: int = 0,
    kept: Mapping[str, int] | None = None,
    pinned: Mapping[str, ClockRun] | None = None,
) -> Judgement:
    """Judge a case up to `until_ms` of business time: later events wait; `floor_ms` … `pinned` as in the fold."""
    fold = walked(case_no, tail_of(events, knowledge), knowledge, until_ms, floor_ms, kept, pinned=pinned)
    return Judgement(fold, fold.clocks, fold.findings)


def tail_of(events: Iterable[CaseEvent | CaseSignal], knowledge: Knowledge) -> list[Essence]:
    """What is kept of events, in order; of the signals of a joint case the newest of each sender.

    A confirmed withdrawal says something of what was told, not of the case.
    """
    tail: list[Essence] = []
    calendar = knowledge.calendar("")
    for event in events:
        if isinstance(event, ChildChanged | ParentChanged):
            put_signal(tail, event)
        elif type(event) is not WithdrawalConfirmed:
            keep(tail, dated(essence_of(event), calendar))
    return tail


def walked(
    case_no: str,
    tail: Iterable[Essence],
    knowledge: Knowledge,
    until_ms: int,
    floor_ms: int = 0,
    kept: Mapping[str, int] | None = None,
    base: CaseFold | None = None,
    pinned: Mapping[str, ClockRun] | None = None,
) -> CaseFold:
    """The full walk over sorted, distinct events up to an instant; `floor_ms`, `kept` and `pinned` as in the fold.

    With a `base` the walk goes on from there, and changes it.
    """
    fold = base if base is not None else CaseFold(case_no)
    fold.floor_ms, fold.kept, fold.pinned = floor_ms, dict(kept or {}), dict(pinned or {})
    for event in tail:
        if event.at_ms > until_ms:
            break
        apply(fold, event, knowledge)
    advance(fold, until_ms, knowledge)
    return fold


def keep(tail: list[Essence], event: Essence) -> bool:
    """Put an event where it belongs among the kept ones; false if it brings nothing new.

    Of two forms of one event the higher source version is kept, at equal versions the larger content hash.
    """
    event_id = event.event_id
    for other in tail:
        if other.event_id == event_id:
            if not wins(event, other):
                return False
            tail.remove(other)
            break
    if tail and event.at_ms <= tail[-1].at_ms and event.order() < tail[-1].order():
        insort(tail, event, key=in_order)
    else:
        tail.append(event)
    return True


def known_until(fold: CaseFold, feed: Feed | None, now_ms: int) -> int:
    """Up to when a case is known to stand as it does, seen from a publication.

    No wake has fired since the walk's instant, so nothing was to change before the next one; a file tells nothing of
    the time behind its end. Walking that far spares a card that only moves from being lowered and raised again.
    """
    if fold.closed or feed is None or feed.way == "file":
        return fold.at_ms
    ahead = now_ms if fold.next_ms is None else min(now_ms, fold.next_ms - 1)
    return max(fold.at_ms, ahead)
