import msgspec

from streams.processes.case.case_state import SHAPE, CaseState, from_first_shape
from streams.processes.case.essence import Essence, essence_of
from streams.processes.case.fold import CaseFold, FindingRun, Span
from streams.processes.case.process import CaseProcess
from tests.streams.processes.case.cases import RULES, event

APPLIED, ACCEPTED, FINISHED = (
    essence_of(event(kind, f"2026-03-0{day} 10:00")) for day, kind in enumerate(("Applied", "Accepted", "Finished"), 2)
)


def test_a_case_counts_as_late_while_the_withdrawal_of_a_card_is_only_proposed() -> None:
    state = CaseState(CaseFold("hall/1"))
    assert not state.is_late()
    state.proposed["ladder||1|1"] = FindingRun("ladder", 1, 1, "", "TIME-01", "promise", [Span(2, 1)])
    assert state.is_late()


def _judged(*events: Essence) -> CaseState:
    """A case whose fold holds these."""
    state = CaseState(CaseFold("hall/1", at_ms=events[-1].at_ms), applied=len(events))
    state.hold(events)
    return state


def test_an_event_behind_all_that_was_judged_is_the_next_in_order() -> None:
    state = _judged(APPLIED, ACCEPTED)
    assert state.put(FINISHED) is True
    assert (state.events(), state.kept) == ([APPLIED, ACCEPTED, FINISHED], 3)


def test_an_event_before_what_was_judged_is_put_where_it_belongs() -> None:
    state = _judged(APPLIED, FINISHED)
    assert state.put(ACCEPTED) is False
    assert state.events() == [APPLIED, ACCEPTED, FINISHED]


def test_an_event_behind_one_that_waits_is_not_the_next() -> None:
    state = _judged(APPLIED)
    assert state.put(ACCEPTED) is True
    assert state.put(FINISHED) is False


def test_an_event_that_is_known_brings_nothing_but_a_newer_form_of_it_takes_its_place() -> None:
    state = _judged(APPLIED, ACCEPTED)
    assert state.put(ACCEPTED) is None
    newer = msgspec.structs.replace(ACCEPTED, version=1, at_ms=FINISHED.at_ms)
    assert state.put(newer) is False
    assert state.events() == [APPLIED, newer]


def test_an_id_that_is_a_part_of_another_is_one_of_its_own() -> None:
    state = _judged(APPLIED, ACCEPTED)
    part = msgspec.structs.replace(FINISHED, event_id=ACCEPTED.event_id[1:5])
    assert state.put(part) is True
    assert state.kept == 3


def test_more_events_than_a_short_array_has_come_back() -> None:
    many = [msgspec.structs.replace(APPLIED, at_ms=n, event_id=str(n)) for n in range(70_000)]
    assert _judged(*many).events() == many


def test_a_state_of_the_first_shape_is_read() -> None:
    state = _judged(APPLIED, ACCEPTED)
    state.withdrawn.add("ladder||1|1")
    first = msgspec.structs.astuple(state)[:-1]
    tail = CaseState.__struct_fields__.index("tail")
    raw = msgspec.msgpack.encode((*first[:tail], [APPLIED, ACCEPTED], *first[tail + 1 :]))
    assert from_first_shape(raw) == state
    process = CaseProcess({}, RULES, "")
    assert (process.state_shape, process.migrate(raw, 1)) == (SHAPE, state)
