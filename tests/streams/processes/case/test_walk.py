import pytest

from streams.contracts.case_event import CaseEvent
from streams.processes.case.essence import essence_of
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.walk import advance, apply, is_quiet, pass_by
from streams.registry.registry import HallRegistry
from tests.streams.processes.case.cases import CASE, RULES, event, found, hall, limit, ms, text

ACCEPTED = essence_of(event("Accepted", "2018-10-15 10:00"))
KNOWLEDGE = Knowledge(hall(), RULES)


def accepted() -> CaseFold:
    fold = CaseFold(CASE)
    apply(fold, ACCEPTED, KNOWLEDGE)
    return fold


def test_the_walk_stops_at_every_card_and_names_the_next() -> None:
    fold = accepted()
    stops = []
    while fold.next_ms is not None:
        stops.append(text(fold.next_ms))
        advance(fold, fold.next_ms, KNOWLEDGE)
    assert stops == ["10-22 08:30", "10-24 18:00", "10-29 18:00"]


def test_a_clock_wakes_a_millisecond_after_its_due() -> None:
    fold = accepted()
    advance(fold, ms("2018-10-24 18:00"), KNOWLEDGE)
    assert found(fold) == [("warn", "10-22 08:30")]
    assert fold.next_ms == ms("2018-10-24 18:00") + 1


def test_walking_in_one_stride_or_in_many_is_the_same() -> None:
    once, often = accepted(), accepted()
    advance(once, ms("2018-11-30 00:00"), KNOWLEDGE)
    for day in range(16, 31):
        advance(often, ms(f"2018-10-{day} 12:00"), KNOWLEDGE)
    advance(often, ms("2018-11-30 00:00"), KNOWLEDGE)
    assert often == once


def test_a_walk_never_goes_back() -> None:
    fold = accepted()
    advance(fold, ms("2018-10-20 00:00"), KNOWLEDGE)
    advance(fold, ms("2018-10-16 00:00"), KNOWLEDGE)
    assert fold.at_ms == ms("2018-10-20 00:00")


def test_the_label_of_a_ladder_finding_is_the_rule_of_its_highest_level() -> None:
    fold = accepted()
    labels = []
    while fold.next_ms is not None:
        advance(fold, fold.next_ms, KNOWLEDGE)
        labels.append((fold.findings[0].rule, fold.findings[0].clock))
    assert labels == [("TIME-01", "promise"), ("TIME-01", "promise"), ("TIME-02", "statutory")]


def test_an_event_that_touches_no_clock_leaves_the_findings_alone() -> None:
    fold = accepted()
    before = fold.next_ms
    apply(fold, essence_of(event("StepStarted", "2018-10-16 10:00", step="审核")), KNOWLEDGE)
    assert (fold.next_ms, fold.events, fold.findings) == (before, 2, [])


QUIET = (
    event("StepStarted", "2018-10-16 10:00", step="审核", window="W1"),
    event("StepEnded", "2018-10-17 10:00", step="审核"),
    event("MaterialRecorded", "2018-10-18 10:00", material="申请表", staff="S1"),
    event("Evaluated", "2018-10-19 10:00", level=5),
)


def test_passing_by_a_quiet_event_is_the_same_as_applying_it() -> None:
    passed, applied = accepted(), accepted()
    for one in map(essence_of, QUIET):
        assert is_quiet(passed, one, KNOWLEDGE)
        pass_by(passed, one, KNOWLEDGE)
        apply(applied, one, KNOWLEDGE)
    assert passed == applied


@pytest.mark.parametrize(
    ("one", "registry"),
    [
        (event("StepStarted", "2018-10-16 10:00", step="审核"), hall(steps={"审核": limit(2)})),
        (event("Finished", "2018-10-16 10:00"), hall()),
        (event("Evaluated", "2018-10-23 10:00", level=5), hall()),
    ],
    ids=["a step with a limit", "a finish", "a card before it"],
)
def test_an_event_is_not_quiet_where_something_comes_of_it(one: CaseEvent, registry: HallRegistry) -> None:
    knowledge, fold = Knowledge(registry, RULES), CaseFold(CASE)
    apply(fold, ACCEPTED, knowledge)
    assert not is_quiet(fold, essence_of(one), knowledge)


def test_before_acceptance_an_event_that_names_another_item_is_not_quiet() -> None:
    fold = CaseFold(CASE)
    apply(fold, essence_of(event("Applied", "2018-10-15 10:00", item="")), KNOWLEDGE)
    assert not is_quiet(fold, essence_of(event("Evaluated", "2018-10-16 10:00", level=5)), KNOWLEDGE)
    assert is_quiet(fold, essence_of(event("Evaluated", "2018-10-16 10:00", level=5, item="")), KNOWLEDGE)
