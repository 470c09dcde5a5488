"""The page on clocks, section 6 (cards): one test a sentence."""

from typing import Any

import pytest

from streams.contracts.case_event import CaseEvent, LimitUnit
from streams.processes.case.fold import CaseFold
from streams.registry.registry import HallRegistry
from tests.streams.processes.case.cases import event, found, hall, judged, limit, policy

ACCEPTED = event("Accepted", "2026-03-02 10:00")
LATER = "2026-06-30 00:00"
CARDS = ("TIME-01", "TIME-02")


def case(registry: HallRegistry, *events: CaseEvent, until: str = LATER) -> CaseFold:
    return judged([ACCEPTED, *events], until, registry)


def cards(registry: HallRegistry, *events: CaseEvent, until: str = LATER) -> list[tuple[str, str]]:
    fold = case(registry, *events, until=until)
    fold.findings = [finding for finding in fold.findings if finding.rule in CARDS]
    return found(fold)


def ladder(name: Any, promise: Any = 10, statutory: Any = None, **changes: Any) -> HallRegistry:
    return hall(promise, statutory, policy(ladder=name, **changes))


def test_one_ladder_per_case_and_epoch_spans_promise_and_statutory() -> None:
    findings = case(hall(7, 10)).findings
    assert [(finding.group, finding.epoch, len(finding.spans)) for finding in findings] == [("handling", 1, 3)]


def test_a_new_epoch_has_a_ladder_of_its_own() -> None:
    events = [
        event("CorrectionNotified", "2026-03-10 10:00"),
        event("CorrectionCompleted", "2026-03-12 10:00"),
    ]
    findings = case(hall(7, 20), *events).findings
    assert [finding.epoch for finding in findings if finding.group == "handling"] == [1, 2]


def test_promise_and_statutory_findings_are_labels_of_that_ladder() -> None:
    assert case(hall(7, 10), until="2026-03-12 00:00").findings[0].rule == "TIME-01"
    assert case(hall(7, 10)).findings[0].rule == "TIME-02"


def test_other_clocks_have_a_ladder_each() -> None:
    reported = hall(7, 10, case_class="reported")
    groups = {(finding.group, finding.clock) for finding in case(reported).findings}
    assert len(groups) == 2
    assert {clock for _, clock in groups} == {"statutory", "first_review"}


def test_two_limit_is_the_default_and_warns_before_promise_is_yellow_over_it_and_red_over_statutory() -> None:
    assert cards(hall(7, 10)) == [("warn", "03-09 08:30"), ("yellow", "03-11 18:00"), ("red", "03-16 18:00")]


def test_two_limit_without_statutory_has_yellow_as_the_highest() -> None:
    assert cards(hall(7, None)) == [("warn", "03-09 08:30"), ("yellow", "03-11 18:00")]


def test_two_limit_without_promise_warns_before_statutory_and_then_is_red() -> None:
    assert cards(hall(None, 10)) == [("warn", "03-12 08:30"), ("red", "03-16 18:00")]


@pytest.mark.parametrize("promise", [10, 12])
def test_two_limit_with_a_promise_not_shorter_than_statutory_warns_and_then_is_red(promise: int) -> None:
    assert cards(hall(promise, 10)) == [("warn", "03-12 08:30"), ("red", "03-16 18:00")]


def test_near_due_is_yellow_at_the_warn_instant_and_red_over_promise() -> None:
    assert cards(ladder("near_due")) == [("yellow", "03-12 08:30"), ("red", "03-16 18:00")]


@pytest.mark.parametrize(
    ("days", "yellow", "red"), [(10, "03-13", "03-16"), (7, "03-11", "03-11"), (11, "03-16", "03-17")]
)
def test_ratio90_is_yellow_at_the_opening_of_the_counted_day_of_nine_tenths(days: int, yellow: str, red: str) -> None:
    assert cards(ladder("ratio90", days)) == [("yellow", f"{yellow} 08:30"), ("red", f"{red} 18:00")]


def test_ratio90_counts_only_counted_days() -> None:
    stretch = [event("Suspended", "2026-03-03 10:00", ground="鉴定"), event("Resumed", "2026-03-05 10:00")]
    assert cards(ladder("ratio90"), *stretch) == [("yellow", "03-17 08:30"), ("red", "03-18 18:00")]


def test_ratio90_of_calendar_days_is_the_opening_of_the_counted_day_of_nine_tenths() -> None:
    assert cards(ladder("ratio90", limit(10, "calendar_days"))) == [("yellow", "03-11 08:30"), ("red", "03-13 00:00")]


def test_urge_deadline_is_yellow_over_promise() -> None:
    assert cards(ladder("urge_deadline")) == [("yellow", "03-16 18:00")]


def test_urge_deadline_is_red_only_after_the_date_of_urging() -> None:
    urged = event("Urged", "2026-03-17 10:00", until_at="2026-03-20 18:00")
    assert cards(ladder("urge_deadline"), urged) == [("yellow", "03-16 18:00"), ("red", "03-20 18:00")]


@pytest.mark.parametrize(
    ("days", "warned"),
    [(1, "03-03"), (2, "03-04"), (3, "03-04"), (4, "03-05"), (5, "03-05"), (6, "03-06"), (20, "03-26")],
)
def test_the_warning_comes_at_the_opening_of_the_working_day_before_the_due_day(days: int, warned: str) -> None:
    assert cards(hall(days, None))[0] == ("warn", f"{warned} 08:30")


def test_the_limit_that_places_the_warning_includes_extensions() -> None:
    extended = event("Extended", "2026-03-02 11:00", days=3, approver="局长")
    assert cards(hall(2, None), extended)[0] == ("warn", "03-05 08:30")


@pytest.mark.parametrize("days", [1, 2])
def test_with_one_or_two_days_the_warning_comes_on_the_morning_of_the_due_day(days: int) -> None:
    warned, over = cards(hall(days, None))
    assert warned[1][:5] == over[1][:5]


def test_the_warning_of_minutes_comes_when_eighty_per_cent_are_used() -> None:
    assert cards(hall(limit(100, "office_minutes"), None))[0] == ("warn", "03-02 11:20")


@pytest.mark.parametrize(("days", "warned"), [(4, "03-03 10:00"), (7, "03-06 10:00")])
def test_the_warning_of_office_days_comes_when_more_than_all_but_three_have_passed(days: int, warned: str) -> None:
    fold = case(hall(limit(days, "office_days"), None))
    assert found(fold)[0] == ("warn", warned)
    assert fold.findings[0].spans[0].raised_ms % 60_000 == 1


@pytest.mark.parametrize(("days", "warned"), [(1, "03-02 17:54"), (2, "03-03 16:18"), (3, "03-04 14:42")])
def test_the_warning_of_up_to_three_office_days_comes_when_eighty_per_cent_are_used(days: int, warned: str) -> None:
    assert cards(hall(limit(days, "office_days"), None))[0] == ("warn", warned)


@pytest.mark.parametrize("unit", ["working_days", "calendar_days", "calendar_months", "office_days", "office_minutes"])
def test_no_card_comes_before_its_clock_started(unit: LimitUnit) -> None:
    for name in ("two_limit", "near_due", "ratio90"):
        fold = case(ladder(name, limit(1, unit)))
        assert all(span.raised_ms >= fold.clocks[0].started_ms for each in fold.findings for span in each.spans)


def test_ratio90_of_calendar_days_counts_the_days_of_the_limit_and_not_those_it_was_moved_by() -> None:
    registry = ladder("ratio90", limit(20, "calendar_days"))
    assert cards(registry) == [("yellow", "03-20 08:30"), ("red", "03-24 00:00")]
