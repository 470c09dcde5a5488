"""The case process: keeps every case's events and judgement, publishes what a judgement changes.

In-order events are judged step by step; an event that arrives late, or a newer form of an old one, makes the case be
judged again from its events. Both give the same judgement (design section 5).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from streams.contracts.case_event import CaseEvent, WithdrawalConfirmed
from streams.contracts.errors import UnreadableError
from streams.contracts.finding import Withdrawal
from streams.contracts.topics import CASE_EVENTS, CASES, CLOCKS, FINDINGS
from streams.engine.process import Output
from streams.engine.slots import Slots
from streams.processes.case.case_state import CaseState
from streams.processes.case.changes import is_quiet
from streams.processes.case.difference import (
    Change,
    Published,
    changed_clocks,
    changed_findings,
    dues_differ,
    published,
    raised_in,
    vanished_clocks,
    withdrawn_findings,
)
from streams.processes.case.essence import Essence, business_ms, essence_of
from streams.processes.case.facts import case_fact, clock_fact, finding_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.judge import keep, walked
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.touched import Touch, slots_of
from streams.processes.case.walk import advance, apply, asked_of
from streams.processes.case.withdrawal import confirm, needs_confirming, propose, without_proposed
from streams.registry.registry import Registry
from streams.registry.snapshot import Feed
from streams.rule import Rule


class CaseProcess:
    """The keyed process of cases (KeyedProcess)."""

    name = "case"
    input = CASE_EVENTS
    state_type = CaseState

    def __init__(self, registries: Mapping[str, Registry], rules: Mapping[str, Rule], registry_version: str) -> None:
        """`registries` holds every version that a case may have been bound to or judged by."""
        self._registries = registries
        self._rules = rules
        self._version = registry_version
        self._knowledge: dict[tuple[str, str, str], Knowledge] = {}
        self._touch: dict[str, Touch] = {}

    def at(self, registry_version: str) -> "CaseProcess":
        """The same process judging by this registry version."""
        return CaseProcess(self._registries, self._rules, registry_version)

    def start(self, key: str) -> CaseState:
        """A case that has never been seen."""
        return CaseState(CaseFold(key))

    def occurred_ms(self, event: CaseEvent) -> int:
        """The business time of an event."""
        return business_ms(event)

    def feed(self, state: CaseState) -> str:
        """The feed that brought the case."""
        return state.feed

    def wake_at(self, state: CaseState) -> int | None:
        """The next instant at which the case may change: a card, or an event that lay in the future."""
        next_ms = state.fold.next_ms
        if state.applied < len(state.tail):
            waiting = max(state.tail[state.applied].at_ms, state.fold.at_ms + 1)
            return waiting if next_ms is None else min(waiting, next_ms)
        return next_ms

    def slots(self, state: CaseState) -> Slots:
        """What the case depends on in the registry (Selective)."""
        return slots_of(state.fold)

    def touched(self, before: str, slots: Slots) -> bool:
        """Whether a case of these slots, judged by version `before`, may be judged otherwise by this one."""
        touch = self._touch.get(before)
        if touch is None:
            touch = self._touch[before] = Touch(self._registries[before], self._registries[self._version])
        return touch.concerns(slots)

    def on_event(self, state: CaseState, event: CaseEvent, now_ms: int) -> Iterable[Output]:
        """Judge one event; what lies after `now_ms` waits until its time.

        Raises:
            UnreadableError: the case number names no hall of the registry.
        """
        knowledge = self._known(state)
        if isinstance(event, WithdrawalConfirmed):
            return self._confirm(state, event, knowledge)
        essence = essence_of(event)
        known = len(state.tail)
        if not keep(state.tail, essence):
            return ()
        state.feed = state.feed or event.feed
        in_order = (
            len(state.tail) > known
            and essence.at_ms >= state.fold.at_ms
            and state.tail[-1] is essence
            and state.applied == known
        )
        fold = state.fold
        if in_order and essence.at_ms > now_ms:
            return ()
        if in_order and _is_quiet(fold, essence, knowledge):
            self._apply(state, essence, knowledge)
            return (Output(CASES, fold.case_no, case_fact(fold, state.feed, state.judged_by, late=state.is_late())),)
        before = published(fold, state.is_late())
        if not in_order:
            asks = needs_confirming(fold, state.feed, essence, now_ms, knowledge)
            until_ms = max(fold.at_ms, min(essence.at_ms, now_ms))
            return self._judge_again(state, knowledge, before, until_ms, asks=asks)
        self._apply(state, essence, knowledge)
        return self._difference(state, knowledge, before, with_case=True)

    def on_time(self, state: CaseState, now_ms: int) -> Iterable[Output]:
        """Walk on to an instant that `wake_at` named."""
        knowledge = self._known(state)
        before = published(state.fold, state.is_late())
        applied = state.applied
        while state.applied < len(state.tail) and state.tail[state.applied].at_ms <= now_ms:
            self._apply(state, state.tail[state.applied], knowledge)
        advance(state.fold, now_ms, knowledge)
        return self._difference(state, knowledge, before, with_case=state.applied > applied)

    def on_registry(self, state: CaseState, now_ms: int) -> Iterable[Output]:
        """Judge an open case again by the newest calendars.

        A closed case stays as it was judged, unless one of its clocks stood on days not yet published (clocks.md 8).
        """
        fold = state.fold
        if not state.tail or (fold.closed and not any(clock.provisional for clock in fold.clocks)):
            return ()
        state.judged_by = self._version
        knowledge = self._known(state)
        before = published(fold, state.is_late())
        until_ms = _known_until(fold, knowledge.hall.feed(state.feed), now_ms)
        return self._judge_again(state, knowledge, before, until_ms, published_ms=now_ms)

    def _apply(self, state: CaseState, essence: Essence, knowledge: Knowledge) -> None:
        apply(state.fold, essence, knowledge)
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
        state.fold = walked(old.case_no, state.tail, knowledge, until_ms, floor_ms, kept)
        if published_ms is not None and dues_differ(old, state.fold):
            floor_ms, kept = published_ms, raised_in(old)
            state.fold = walked(old.case_no, state.tail, knowledge, until_ms, floor_ms, kept)
        state.applied = state.fold.events
        state.judged_by = self._judging_version(state)
        if not state.bound_version and state.fold.accepted_ms is not None:
            state.bound_version = self._version
        outputs = self._difference(state, knowledge, before, with_case=True, old=old, asks=asks)
        for clock in vanished_clocks(before, old, state.fold):
            fact = clock_fact(old, clock, knowledge, state.feed)
            outputs.append(Output(CLOCKS, fact.clock_id, fact))
        return outputs

    def _difference(
        self,
        state: CaseState,
        knowledge: Knowledge,
        before: Published,
        *,
        with_case: bool,
        old: CaseFold | None = None,
        asks: bool = False,
    ) -> list[Output]:
        """What differs from `before`; `old` is the fold that was published where the walk began anew."""
        fold, feed = state.fold, state.feed
        changes = changed_findings(before, fold, state.withdrawn)
        gone = withdrawn_findings(before, old, fold, state.withdrawn) if old is not None else []
        if state.proposed:
            changes, gone = (without_proposed(each, state.proposed) for each in (changes, gone))
        if asks and old is not None:
            changes, gone = (propose(each, old, fold, state.proposed, state.withdrawn) for each in (changes, gone))
        outputs: list[Output] = []
        late = state.is_late()
        if with_case or late != before.late:
            outputs.append(Output(CASES, fold.case_no, case_fact(fold, feed, state.judged_by, late=late)))
        for clock in changed_clocks(before, fold):
            fact = clock_fact(fold, clock, knowledge, feed)
            outputs.append(Output(CLOCKS, fact.clock_id, fact))
        outputs += [_finding_output(state, fold, change, knowledge) for change in changes]
        outputs += [_finding_output(state, old, change, knowledge) for change in gone if old is not None]
        return outputs

    def _confirm(self, state: CaseState, event: WithdrawalConfirmed, knowledge: Knowledge) -> Iterable[Output]:
        """Withdraw what was proposed to be withdrawn; anything else was decided before, or is unknown."""
        fold = state.fold
        change = confirm(fold, event.finding_id, state.proposed, state.withdrawn)
        if change is None:
            return ()
        case = case_fact(fold, state.feed, state.judged_by, late=state.is_late())
        return (
            Output(CASES, fold.case_no, case),
            _finding_output(state, fold, change, knowledge, withdrawal="confirmed"),
        )

    def _judging_version(self, state: CaseState) -> str:
        """A closed case stays with the version it was closed by; an open one follows the newest."""
        closed = state.fold.closed and state.judged_by in self._registries
        return state.judged_by if closed else self._version

    def _known(self, state: CaseState) -> Knowledge:
        hall = state.fold.case_no.partition("/")[0]
        version, bound = self._judging_version(state), state.bound_version
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


def _is_quiet(fold: CaseFold, essence: Essence, knowledge: Knowledge) -> bool:
    """Whether an event in order changes neither clocks nor findings, so that only the case is published."""
    if not is_quiet(fold, essence, knowledge) or (fold.next_ms is not None and fold.next_ms <= essence.at_ms):
        return False
    return not asked_of(fold, knowledge).touched(essence.kind)


def _finding_output(
    state: CaseState, fold: CaseFold, change: Change, knowledge: Knowledge, withdrawal: Withdrawal = ""
) -> Output:
    """One version of a finding; a card that is taken back in part stands on at the level that was true."""
    finding, version = change.finding, state.judged_by
    body = finding_fact(fold, finding, knowledge, state.feed, change=change.change, version=version, lost=change.lost)
    if state.proposed.get(finding.key()) is finding:
        withdrawal = "proposed"
    if withdrawal:
        body = msgspec.structs.replace(body, withdrawal=withdrawal)
    return Output(FINDINGS, body.finding_id, body)


def _known_until(fold: CaseFold, feed: Feed | None, now_ms: int) -> int:
    """Up to when a case is known to stand as it does, seen from a publication.

    No wake has fired since the walk's instant, so nothing was to change before the next one; a file tells nothing of
    the time behind its end. Walking that far spares a card that only moves from being lowered and raised again.
    """
    if fold.closed or feed is None or feed.way == "file":
        return fold.at_ms
    ahead = now_ms if fold.next_ms is None else min(now_ms, fold.next_ms - 1)
    return max(fold.at_ms, ahead)
