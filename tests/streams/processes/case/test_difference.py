from streams.contracts.finding import LEVELS
from streams.processes.case.difference import (
    changed_clocks,
    changed_findings,
    dues_differ,
    published,
    raised_in,
    vanished_clocks,
    withdrawn_findings,
)
from streams.processes.case.fold import CaseFold, Span
from tests.streams.processes.case.cases import event, hall, judged, ms

ACCEPTED = event("Accepted", "2026-03-02 10:00")


def at(until: str, *more: object) -> CaseFold:
    return judged([ACCEPTED, *more], until)  # type: ignore[list-item]


def changes(old: CaseFold, new: CaseFold, withdrawn: set[str] | None = None) -> list[str]:
    return [change for _, change, _ in changed_findings(published(old), new, withdrawn or set())]


def test_a_case_that_does_not_change_publishes_nothing() -> None:
    fold = at("2026-03-12 00:00")
    assert changed_clocks(published(fold), at("2026-03-12 01:00")) == []
    assert changes(fold, at("2026-03-12 01:00")) == []


def test_a_finding_opens_rises_ends_and_opens_again() -> None:
    quiet, warned, over = at("2026-03-06 00:00"), at("2026-03-10 00:00"), at("2026-03-12 00:00")
    ended = at("2026-03-13 00:00", event("Finished", "2026-03-12 10:00"))
    assert changes(quiet, warned) == ["opened"]
    assert changes(warned, over) == ["raised"]
    assert changes(over, ended) == ["ended"]
    assert changes(over, warned) == ["withdrawn"]
    assert changes(ended, over) == ["reopened"]


def test_a_level_that_was_true_and_is_no_longer_is_lowered_and_one_that_never_was_is_taken_back() -> None:
    warned, over = at("2026-03-10 00:00"), at("2026-03-12 00:00")
    fell = at("2026-03-12 00:00")
    fell.findings[0].spans[-1].ended_ms = fell.at_ms
    fell.findings[0].spans.append(Span(LEVELS.index("warn"), fell.at_ms))
    assert changes(over, fell) == ["lowered"]
    withdrawn: set[str] = set()
    (taken,) = changed_findings(published(over), warned, withdrawn)
    assert (taken.change, LEVELS[taken.lost]) == ("withdrawn", "yellow")
    assert changes(warned, over, withdrawn) == ["reopened"]


def test_a_due_that_moves_under_an_open_finding_is_moved() -> None:
    old = judged([ACCEPTED], "2026-03-10 12:00", hall(7, None))
    new = judged([ACCEPTED], "2026-03-10 12:00", hall(8, None))
    new.findings[0].spans[-1].raised_ms = old.findings[0].spans[-1].raised_ms
    assert changes(old, new) == ["moved"]


def test_a_finding_that_was_never_true_is_withdrawn_once_and_remembered() -> None:
    old, new = at("2026-03-12 00:00"), at("2026-03-12 00:00", event("Finished", "2026-03-03 10:00"))
    withdrawn: set[str] = set()
    gone = withdrawn_findings(published(old), old, new, withdrawn)
    assert [(finding.rule, change) for finding, change, _ in gone] == [("TIME-01", "withdrawn")]
    assert changes(new, old, withdrawn) == ["reopened"]
    assert withdrawn == set()


def test_clocks_that_are_new_or_differ_are_published_and_those_that_vanish_become_void() -> None:
    none, one = judged([], "2026-03-12 00:00"), at("2026-03-12 00:00")
    assert [clock.name for clock in changed_clocks(published(none), one)] == ["promise", "statutory"]
    stopped = at("2026-03-12 00:00", event("Finished", "2026-03-03 10:00"))
    assert len(changed_clocks(published(one), stopped)) == 2
    assert [clock.state() for clock in vanished_clocks(published(one), one, none)] == ["void", "void"]


def test_dues_are_compared_clock_by_clock() -> None:
    assert not dues_differ(at("2026-03-03 00:00"), at("2026-03-12 00:00"))
    assert dues_differ(at("2026-03-03 00:00"), judged([ACCEPTED], "2026-03-03 00:00", hall(7, 11)))


def test_since_when_each_level_was_raised_is_remembered_by_its_first_stretch() -> None:
    kept = raised_in(at("2026-03-12 00:00").findings)
    assert sorted(kept.values()) == [ms("2026-03-09 08:30"), ms("2026-03-11 18:00") + 1]
