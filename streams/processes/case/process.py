"""The case process: keeps every case's events and judgement, publishes what a judgement changes.

In-order events are judged step by step; an event that arrives late, or a newer form of an old one, makes the case be
judged again from its events. Both give the same judgement (design section 5).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from streams.calendar.midnights import DAY_MS
from streams.contracts.case_event import CaseEvent, WithdrawalConfirmed
from streams.contracts.case_signal import CaseSignal, ChildChanged, ParentChanged
from streams.contracts.errors import UnreadableError
from streams.contracts.late_event import Rehydrated
from streams.contracts.topics import CASE_EVENTS
from streams.engine.process import Output
from streams.engine.slots import Slots
from streams.processes.case.case_clocks import pinned_in
from streams.processes.case.case_state import SHAPE, CaseState, from_first_shape
from streams.processes.case.difference import (
    Published,
    dues_differ,
    published,
    raised_in,
)
from streams.processes.case.essence import Essence, business_ms, date_began, dated, essence_of
from streams.processes.case.fold import CaseFold
from streams.processes.case.joint import put_signal
from streams.processes.case.judge import known_until, walked
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.publishing import case_output, confirmed_outputs, difference_outputs
from streams.processes.case.settings import CaseSettings
from streams.processes.case.settling import copied, is_settled, settle, settled_anew
from streams.processes.case.stub import bring_back, fresh_of, note_late, sent_away, shrink, stub_at
from streams.processes.case.touched import Touch, slots_of
from streams.processes.case.walk import advance, apply, is_quiet, pass_by
from streams.processes.case.withdrawal import needs_confirming
from streams.registry.registry import Registry
from streams.rule import Rule


class CaseProcess:
    """The keyed process of cases (KeyedProcess)."""

    name = "case"
    input = CASE_EVENTS
    state_type = CaseState
    state_shape = SHAPE

    def __init__(
        self,
        registries: Mapping[str, Registry],
        rules: Mapping[str, Rule],
        registry_version: str,
        settings: CaseSettings | None = None,
    ) -> None:
        """`registries` holds every version that a case may have been bound to or judged by."""
        self._registries = registries
        self._rules = rules
        self._version = registry_version
        self._settings = settings or CaseSettings()
        self._retain_ms = self._settings.retain_closed_days * DAY_MS
        self._knowledge: dict[tuple[str, str, str], Knowledge] = {}
        self._touch: dict[str, Touch] = {}

    def at(self, registry_version: str) -> "CaseProcess":
        """The same process judging by this registry version."""
        return CaseProcess(self._registries, self._rules, registry_version, self._settings)

    def start(self, key: str) -> CaseState:
        """A case that has never been seen."""
        return CaseState(CaseFold(key))

    def migrate(self, raw: bytes, _shape: int) -> CaseState:
        """A state as it was kept in the first shape (Reshaped)."""
        return from_first_shape(raw)

    def occurred_ms(self, event: CaseEvent | CaseSignal | Rehydrated) -> int:
        """The business time of an event; of a case that is brought back that of its first late event."""
        first = event.late[0] if type(event) is Rehydrated else event
        hall = self._registries[self._version].hall_of(first.case_no) if first.date_only else None
        at_ms = business_ms(first)
        return at_ms if hall is None else date_began(at_ms, hall.calendar_of(""))

    def feed(self, state: CaseState) -> str:
        """The feed that brought the case."""
        return state.feed

    def wake_at(self, state: CaseState) -> int | None:
        """The next instant at which the case may change: a card, or an event that lay in the future.

        A case that only signals have spoken of is not there yet.
        """
        if not state.feed:
            return None
        next_ms = state.fold.next_ms
        if state.applied < state.kept:
            waiting = max(state.events()[state.applied].at_ms, state.fold.at_ms + 1)
            return waiting if next_ms is None else min(waiting, next_ms)
        return next_ms if next_ms is not None else stub_at(state, self._retain_ms)

    def slots(self, state: CaseState) -> Slots:
        """What the case depends on in the registry (Selective)."""
        return slots_of(state.fold)

    def touched(self, before: str, slots: Slots) -> bool:
        """Whether a case of these slots, judged by version `before`, may be judged otherwise by this one."""
        touch = self._touch.get(before)
        if touch is None:
            old, new = (self._registries.get(version, Registry()) for version in (before, self._version))
            touch = self._touch[before] = Touch(old, new)
        return touch.concerns(slots)

    def on_event(self, state: CaseState, event: CaseEvent | CaseSignal | Rehydrated, now_ms: int) -> Iterable[Output]:
        """Judge one event; what lies after `now_ms` waits until its time.

        Raises:
            UnreadableError: the case number names no hall of the registry.
        """
        knowledge = self._known(state)
        # Asked of every event: to look at its type takes a quarter of what `isinstance` takes of a struct.
        if type(event) is Rehydrated:
            return self._brought_back(state, event, knowledge, now_ms)
        if state.is_stub:
            return sent_away(state, event)
        if type(event) is WithdrawalConfirmed:
            return confirmed_outputs(state, event, knowledge)
        if type(event) is ChildChanged or type(event) is ParentChanged:
            return self._on_signal(state, event, now_ms, knowledge)
        essence = essence_of(event)
        if essence.date_only:
            essence = dated(essence, knowledge.calendar(""))
        if is_settled(state, essence):
            state.late_events += 1
            return (case_output(state),)
        in_order = state.put(essence)
        if in_order is None:
            return ()
        state.feed = state.feed or event.feed
        outputs = self._kept(state, essence, knowledge, now_ms, in_order=in_order)
        if state.kept > self._settings.events_max:
            settle(state, knowledge, self._settings.events_max)
        return outputs

    def _brought_back(self, state: CaseState, case: Rehydrated, knowledge: Knowledge, now_ms: int) -> list[Output]:
        """Judge late events of a stub with all that was known of it; it may have come back for them before."""
        fresh = fresh_of(state, case)
        if state.is_stub and fresh and not bring_back(state, case, knowledge):
            return [output for event in fresh for output in sent_away(state, event)]
        note_late(state, fresh)
        return [output for event in fresh for output in self.on_event(state, event, now_ms)]

    def _kept(
        self, state: CaseState, essence: Essence, knowledge: Knowledge, now_ms: int, *, in_order: bool
    ) -> Iterable[Output]:
        """Judge an event that was put into the tail."""
        fold = state.fold
        if in_order and essence.at_ms > now_ms:
            return ()
        if in_order and is_quiet(fold, essence, knowledge):
            pass_by(fold, essence, knowledge)
            self._note(state)
            return (case_output(state),)
        before = published(fold)
        if not in_order:
            asks = needs_confirming(fold, state.feed, essence, now_ms, knowledge)
            until_ms = max(fold.at_ms, min(essence.at_ms, now_ms))
            return self._judge_again(state, knowledge, before, until_ms, asks=asks)
        self._apply(state, essence, knowledge)
        return difference_outputs(state, knowledge, before)

    def on_time(self, state: CaseState, now_ms: int) -> Iterable[Output]:
        """Walk on to an instant that `wake_at` named."""
        knowledge = self._known(state)
        if state.fold.next_ms is None:
            end_ms = stub_at(state, self._retain_ms)
            if end_ms is not None and end_ms <= now_ms:
                shrink(state)
                return ()
        before = published(state.fold)
        stood, was_late = (state.applied, state.fold.state()), state.is_late()
        for essence in state.events()[state.applied :] if state.applied < state.kept else ():
            if essence.at_ms > now_ms:
                break
            self._apply(state, essence, knowledge)
        advance(state.fold, now_ms, knowledge)
        is_moved = (state.applied, state.fold.state()) != stood
        return difference_outputs(state, knowledge, before, was_late=None if is_moved else was_late)

    def on_registry(self, state: CaseState, now_ms: int) -> Iterable[Output]:
        """Judge an open case again by the newest calendars.

        A closed case stays as it was judged, unless one of its clocks stood on days not yet published; clocks that run
        on after its end follow the newest calendars like any other (clocks.md 8).
        """
        fold = state.fold
        if not state.kept:
            return ()
        if fold.closed and not any(clock.provisional for clock in fold.clocks if not clock.is_open()):
            return self._run_on(state, now_ms)
        state.judged_by = self._version
        knowledge = self._known(state)
        before = published(fold)
        if state.base is not None:
            settled_anew(state.base, knowledge)
        fold.pinned = pinned_in(fold)
        until_ms = known_until(fold, knowledge.hall.feed(state.feed), now_ms)
        return self._judge_again(state, knowledge, before, until_ms, published_ms=now_ms)

    def _run_on(self, state: CaseState, now_ms: int) -> Iterable[Output]:
        """Re-plan what runs on in a closed case; what stands raised does so since it was, what is new no earlier."""
        fold = state.fold
        if not any(clock.is_open() for clock in fold.clocks):
            return ()
        before, was_late, state.running_by = published(fold), state.is_late(), self._version
        settled_anew(fold, self._knowledge_of(state, self._version))
        fold.floor_ms = max(fold.floor_ms, now_ms)
        return difference_outputs(state, self._known(state), before, was_late=was_late, is_replanned=True)

    def _on_signal(self, state: CaseState, signal: CaseSignal, now_ms: int, knowledge: Knowledge) -> Iterable[Output]:
        """Take in what another case of a joint case tells; it waits where this one has not been heard of."""
        fold, tail = state.fold, state.events()
        new = put_signal(tail, signal, state.settled)
        state.hold(tail)
        if not new or not state.feed:
            return ()
        before = published(fold)
        asks = any(needs_confirming(fold, state.feed, piece, now_ms, knowledge) for piece in new)
        until_ms = max(fold.at_ms, min(max(piece.at_ms for piece in new), now_ms))
        return self._judge_again(state, knowledge, before, until_ms, asks=asks)

    def _apply(self, state: CaseState, essence: Essence, knowledge: Knowledge) -> None:
        apply(state.fold, essence, knowledge)
        self._note(state)

    def _note(self, state: CaseState) -> None:
        """The fold holds one more event of the tail."""
        state.applied += 1
        state.judged_by = self._judging_version(state)
        if not state.bound_version and state.fold.accepted_ms is not None:
            state.bound_version = self._version

    def _judge_again(
        self,
        state: CaseState,
        knowledge: Knowledge,
        before: Published,
        until_ms: int,
        *,
        published_ms: int | None = None,
        asks: bool = False,
    ) -> Iterable[Output]:
        """Walk from the beginning; `published_ms` is when the calendar changed that made it necessary.

        `asks`: withdrawals are proposed to a supervisor.
        """
        old = state.fold
        floor_ms, kept = old.floor_ms, old.kept
        state.fold = _walked(state, knowledge, until_ms, floor_ms, kept)
        if published_ms is not None and dues_differ(old, state.fold):
            floor_ms, kept = published_ms, raised_in((*old.findings, *state.proposed.values()))
            state.fold = _walked(state, knowledge, until_ms, floor_ms, kept)
        if state.fold.closed and state.running_by:
            settled_anew(state.fold, self._knowledge_of(state, state.running_by))
        state.applied = state.fold.events - (state.base.events if state.base is not None else 0)
        state.judged_by = self._judging_version(state)
        if not state.bound_version and state.fold.accepted_ms is not None:
            state.bound_version = self._version
        is_replanned = published_ms is not None
        return difference_outputs(state, knowledge, before, old=old, asks=asks, is_replanned=is_replanned)

    def _judging_version(self, state: CaseState) -> str:
        """A closed case stays with the version it was closed by; an open one follows the newest."""
        if state.fold.closed and state.judged_by and state.judged_by in self._registries:
            return state.judged_by
        return self._version

    def _known(self, state: CaseState) -> Knowledge:
        return self._knowledge_of(state, self._judging_version(state))

    def _knowledge_of(self, state: CaseState, version: str) -> Knowledge:
        hall, bound = state.fold.case_no.partition("/")[0], state.bound_version
        knowledge = self._knowledge.get((hall, version, bound))
        if knowledge is None:
            knowledge = self._knowledge[hall, version, bound] = self._made(state.fold.case_no, version, bound)
        return knowledge

    def _made(self, case_no: str, version: str, bound: str) -> Knowledge:
        hall = self._registries[version].hall_of(case_no)
        if hall is None:
            raise UnreadableError("no such hall in the registry", field="case_no")
        registry: Any = self._registries.get(bound)
        return Knowledge(hall, self._rules, registry.hall_of(case_no) if registry is not None else None)


def _walked(state: CaseState, knowledge: Knowledge, until_ms: int, floor_ms: int, kept: Mapping[str, int]) -> CaseFold:
    base = copied(state.base) if state.base is not None else None
    return walked(state.fold.case_no, state.events(), knowledge, until_ms, floor_ms, kept, base, state.fold.pinned)
