"""Stubs: what is left of a case long after its end, and how the whole case comes back for a late event.

A stub knows when the case ended and by which versions it was judged. Everything else stands in the store.
"""

from collections.abc import Iterable

import msgspec

from streams.contracts.case_event import CaseEvent, WithdrawalConfirmed
from streams.contracts.case_signal import CaseSignal, ChildChanged, ParentChanged
from streams.contracts.codec import encode, identity
from streams.contracts.late_event import LateEvent, Rehydrated
from streams.contracts.topics import LATE_EVENTS
from streams.engine.process import Output
from streams.processes.case.case_state import CaseState
from streams.processes.case.fold import CaseFold
from streams.processes.case.judge import tail_of, walked
from streams.processes.case.knowledge import Knowledge

_MARKS_MAX = 32
"""How many late events are remembered."""


def stub_at(state: CaseState, retain_ms: int) -> int | None:
    """When a case becomes a stub: some time after its end, and only if nothing is still to come of it.

    A clock that stood on days not yet published is judged once more, and a proposed withdrawal is decided on first. A
    case of a joint case is kept whole, for the others' sake.
    """
    fold = state.fold
    if not fold.closed or fold.stopped_ms is None or state.is_stub or state.proposed or fold.joint is not None:
        return None
    if state.applied < state.kept:
        return None
    for clock in fold.clocks:
        if clock.provisional:
            return None
    return fold.stopped_ms + retain_ms


def shrink(state: CaseState) -> None:
    """Leave a stub of a case."""
    fold = state.fold
    state.fold = CaseFold(
        fold.case_no,
        at_ms=fold.at_ms,
        events=fold.events,
        closed=fold.closed,
        floor_ms=fold.floor_ms,
        kept=fold.kept,
    )
    state.hold(())
    state.applied, state.base, state.settled = 0, None, None
    state.is_stub = True


def sent_away(state: CaseState, event: CaseEvent | CaseSignal) -> list[Output]:
    """An event for a stub goes where the whole case is fetched for it.

    A confirmation finds nothing to confirm, and who links a case so long after its end gets no answer of it.
    """
    if isinstance(event, WithdrawalConfirmed | ChildChanged | ParentChanged) or _mark(event) in state.came_late:
        return []
    case_no = state.fold.case_no
    return [Output(LATE_EVENTS, case_no, LateEvent(case_no=case_no, event=event, events=state.fold.events))]


def fresh_of(state: CaseState, case: Rehydrated) -> list[CaseEvent]:
    """The late events that the case has not come back for before: it may be fetched twice."""
    return [event for event in case.late if _mark(event) not in state.came_late]


def bring_back(state: CaseState, case: Rehydrated, knowledge: Knowledge) -> bool:
    """Make a stub the case that it was; false where less is known than it was judged by."""
    stub, tail = state.fold, tail_of(case.known, knowledge)
    if len(tail) < stub.events:
        return False
    state.hold(tail)
    state.fold = walked(stub.case_no, tail, knowledge, stub.at_ms, stub.floor_ms, stub.kept)
    state.applied = state.fold.events
    state.is_stub = False
    return True


def note_late(state: CaseState, events: Iterable[CaseEvent]) -> None:
    """The case is back for these."""
    state.came_late = [*state.came_late, *map(_mark, events)][-_MARKS_MAX:]


def _mark(event: CaseEvent) -> str:
    return identity(encode(msgspec.structs.replace(event, arrived_at=None)).decode())
