"""Settling: the oldest events of a case with very many fold into a base, so that its row stays small.

A walk then begins at a copy of the base. What comes later and lies before it is counted and no longer judged.
"""

import msgspec

from streams.processes.case.case_clocks import plan_again
from streams.processes.case.case_state import CaseState
from streams.processes.case.difference import raised_in
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold, Span
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.walk import advance, apply
from streams.rule import step_part

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(CaseFold).decode


def is_settled(state: CaseState, event: Essence) -> bool:
    """Whether an event lies before what is still open to be judged again."""
    return state.settled is not None and event.order() <= state.settled


def settle(state: CaseState, knowledge: Knowledge, events_max: int) -> None:
    """Fold the older half of too many events into the base; what they were judged to stays what it is."""
    count = min(state.applied, state.kept - events_max // 2)
    if state.kept <= events_max or count <= 0:
        return
    fold = state.fold
    base = copied(state.base) if state.base is not None else CaseFold(fold.case_no)
    base.floor_ms, base.kept = fold.floor_ms, dict(fold.kept)
    events = state.events()
    for event in events[:count]:
        apply(base, event, knowledge)
    state.settled = events[count - 1].order()
    state.hold(events[count:])
    state.applied -= count
    gone = _past_runs(base)
    for each in (base, fold):
        _forget(each, gone)
    state.base = base


def copied(base: CaseFold) -> CaseFold:
    """A copy to walk on from."""
    return _decode(_encode(base))


def settled_anew(base: CaseFold, knowledge: Knowledge) -> None:
    """Make a base stand by newer calendars: open clocks are planned anew.

    What was open and does not hold by them was never true, nor what rose to it; what still holds does so since it was
    raised. How far a suspension reaches stays as it was settled.
    """
    were_open = [(finding, span) for finding in base.findings if (span := finding.open_span()) is not None]
    plan_again(base, knowledge)
    base.floor_ms, base.kept = base.at_ms + 1, raised_in(base.findings)
    base.next_ms = base.at_ms
    advance(base, base.at_ms, knowledge)
    for finding, span in were_open:
        if span.ended_ms is not None:
            _take_back(finding.spans, finding.spans.index(span))
    base.findings = [finding for finding in base.findings if finding.spans]


def _take_back(spans: list[Span], at: int) -> None:
    """Remove a stretch with those that rose to it without a gap."""
    first = at
    while first and spans[first - 1].ended_ms == spans[first].raised_ms:
        first -= 1
    del spans[first : at + 1]


_Run = tuple[str, int]
"""A step and the number of its run."""


def _past_runs(base: CaseFold) -> set[_Run]:
    """Runs of steps that ended before the base and were followed by another run of the step."""
    steps = [clock for clock in base.clocks if clock.name == "step"]
    newest = {clock.step: clock.run for clock in steps}
    return {
        (clock.step, clock.run) for clock in steps if clock.stopped_ms is not None and clock.run != newest[clock.step]
    }


def _forget(fold: CaseFold, gone: set[_Run]) -> None:
    """Let runs of steps go, with what was found about them: it is published, and nothing will change it."""
    parts = {(step_part(step), run) for step, run in gone}
    fold.clocks = [clock for clock in fold.clocks if clock.name != "step" or (clock.step, clock.run) not in gone]
    fold.findings = [
        finding
        for finding in fold.findings
        if finding.clock != "step" or (finding.part, finding.run) not in parts or finding.open_span() is not None
    ]
