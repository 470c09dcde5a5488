"""The page on clocks, section 5 (which limit): one test a sentence."""

from typing import Any

import pytest

from streams.contracts.case_event import LimitUnit
from streams.contracts.clock import Clock
from streams.processes.case.fold import CaseFold
from streams.registry.registry import HallRegistry
from tests.streams.processes.case.cases import dues, event, found, hall, judged, limit, remarks, text
from tests.streams.processes.case.test_process import Desk

AT_ONCE = "2026-03-02 11:00"


def accepted(registry: HallRegistry | None = None, **fields: Any) -> CaseFold:
    return judged([event("Accepted", "2026-03-02 10:00", **fields)], AT_ONCE, registry)


def test_the_item_version_at_first_acceptance_holds_for_the_life_of_a_case() -> None:
    desk = Desk(hall(7, 10))
    desk.take(event("Accepted", "2026-03-02 10:00"))
    desk.publish("2", hall(3, 5))
    desk.take(event("CorrectionNotified", "2026-03-03 10:00"))
    desk.take(event("CorrectionCompleted", "2026-03-04 10:00"))
    assert dues(desk.state.fold)["promise"] == "03-13 18:00"


def test_a_case_accepted_after_a_change_gets_the_new_limit() -> None:
    desk = Desk(hall(7, 10))
    desk.take(event("Applied", "2026-03-02 09:00"))
    desk.publish("2", hall(3, 5))
    desk.take(event("Accepted", "2026-03-02 10:00"))
    assert dues(desk.state.fold)["promise"] == "03-05 18:00"


def test_a_promise_date_on_the_notice_earlier_than_computed_binds() -> None:
    assert dues(accepted(told_due_at="2026-03-06 00:00"))["promise"] == "03-06 18:00"


def test_a_promise_date_of_the_day_of_acceptance_binds() -> None:
    assert dues(accepted(told_due_at="2026-03-02 00:00"))["promise"] == "03-02 18:00"


def test_a_case_promised_for_the_day_of_its_acceptance_has_no_warning() -> None:
    fold = judged([event("Accepted", "2026-03-02 10:00", told_due_at="2026-03-02 00:00")], "2026-03-03 09:00")
    assert found(fold) == [("yellow", "03-02 18:00")]


@pytest.mark.parametrize(
    ("amount", "unit", "told", "due"),
    [
        (24, "clock_hours", "2026-03-03 01:30", "03-03 01:30"),
        (48, "clock_hours", "2026-03-03 00:00", "03-03 23:59"),
        (7, "office_days", "2026-03-05 12:00", "03-05 12:00"),
        (7, "office_days", "2026-03-05 00:00", "03-05 18:00"),
        (900, "office_minutes", "2026-03-03 11:00", "03-03 11:00"),
        (10, "calendar_days", "2026-03-06 12:00", "03-06 23:59"),
        (10, "calendar_days", "2026-03-08 12:00", "03-08 23:59"),
        (1, "calendar_months", "2026-03-06 12:00", "03-06 23:59"),
    ],
)
def test_an_earlier_promise_date_binds_in_the_unit_of_the_limit(
    amount: int, unit: LimitUnit, told: str, due: str
) -> None:
    fold = accepted(hall(limit(amount, unit), None), told_due_at=told)
    assert [(clock.unit, text(clock.due_ms)) for clock in fold.clocks] == [(unit, due)]
    assert fold.clocks[0].total() <= amount


@pytest.mark.parametrize(
    ("amount", "unit", "told", "due"),
    [
        (24, "clock_hours", "2026-03-03 01:30", "03-04 01:30"),
        (7, "office_days", "2026-03-05 11:00", "03-06 11:00"),
        (10, "calendar_days", "2026-03-04 12:00", "03-05 23:59"),
        (1, "calendar_months", "2026-03-04 12:00", "03-05 23:59"),
        (7, "working_days", "2026-03-06 12:00", "03-09 18:00"),
    ],
)
def test_a_limit_that_was_told_is_extended_in_its_own_unit(amount: int, unit: LimitUnit, told: str, due: str) -> None:
    events = [
        event("Accepted", "2026-03-02 10:00", told_due_at=told),
        event("Extended", "2026-03-02 11:00", days=1, approver="局长"),
    ]
    assert dues(judged(events, "2026-03-02 12:00", hall(limit(amount, unit), None))) == {"promise": due}


@pytest.mark.parametrize("told", ["2018-10-01 18:00", "2026-03-01 00:00"])
def test_a_date_before_the_acceptance_binds_nobody_and_is_a_finding(told: str) -> None:
    fold = accepted(told_due_at=told)
    assert dues(fold)["promise"] == "03-11 18:00"
    assert (remarks(fold), [finding.rule for finding in fold.findings]) == (["told_before_acceptance"], ["CONT-09"])


def test_a_date_that_no_calendar_knows_is_no_limit_and_a_finding() -> None:
    fold = accepted(item="unknown", told_due_at="2099-10-01 00:00")
    assert (fold.clocks, fold.no_limit, remarks(fold)) == ([], True, ["told_outside_calendar"])


def test_a_later_promise_date_never_extends() -> None:
    fold = accepted(told_due_at="2026-03-12 00:00")
    assert dues(fold)["promise"] == "03-11 18:00"
    assert remarks(fold) == ["told_later"]


def test_for_unknown_items_the_told_date_is_the_only_source() -> None:
    assert dues(accepted(item="unknown", told_due_at="2026-03-12 00:00")) == {"promise": "03-12 18:00"}


def test_a_later_date_sent_again_without_a_mechanism_moves_nothing() -> None:
    events = [
        event("Accepted", "2026-03-02 10:00", told_due_at="2026-03-06 00:00"),
        event("Accepted", "2026-03-04 10:00", told_due_at="2026-03-20 00:00"),
    ]
    assert dues(judged(events, "2026-03-04 11:00"))["promise"] == "03-06 18:00"


def test_the_class_is_that_of_the_event() -> None:
    fold = accepted(hall(7, 10), case_class="instant")
    assert (fold.case_class, dues(fold)) == ("instant", {"instant": "03-02 18:00"})


def test_without_one_the_class_is_that_of_the_item() -> None:
    assert accepted(hall(case_class="instant")).case_class == "instant"


def test_an_other_or_unknown_class_is_never_instant() -> None:
    fold = accepted(hall(7, 10, case_class="instant"), case_class="other")
    assert dues(fold) == {"promise": "03-11 18:00", "statutory": "03-16 18:00"}
    assert dues(accepted(item="unknown")) == {}


def test_an_other_class_uses_whatever_limit_or_told_date_exists() -> None:
    assert dues(accepted(hall(None, 10, case_class="other"))) == {"statutory": "03-16 18:00"}
    told = accepted(hall(None, None, case_class="other"), told_due_at="2026-03-06 00:00")
    assert dues(told) == {"promise": "03-06 18:00"}


def test_limit_zero_is_no_limit_for_a_promised_case() -> None:
    fold = accepted(hall(limit(0), None))
    assert (fold.clocks, fold.no_limit) == ([], True)


def test_limit_zero_is_valid_for_an_instant_case() -> None:
    fold = accepted(hall(limit(0), None, case_class="instant"))
    assert (dues(fold), fold.no_limit) == ({"instant": "03-02 18:00"}, False)


def test_with_neither_limit_nor_told_date_there_is_no_clock() -> None:
    assert accepted(hall(None, None)).clocks == []


def test_with_neither_limit_nor_told_date_the_case_is_shown_as_without_limit_and_outside_on_time_figures() -> None:
    desk = Desk(hall(None, None))
    desk.take(event("Accepted", "2026-03-02 10:00"))
    desk.take(event("Finished", "2027-03-02 10:00"))
    case: Any = desk.last("cases")
    assert (case.no_limit, case.on_time) == (True, None)
    assert not [output for output in desk.outputs if isinstance(output.body, Clock)]


def test_private_network_departments_have_no_acceptance_clock() -> None:
    assert judged([event("Applied", "2026-03-02 10:00")], "2026-05-01 00:00", hall(private=True)).clocks == []


def test_private_network_departments_have_no_first_review_clock() -> None:
    reported = hall(7, 10, case_class="reported", private=True)
    assert "first_review" not in dues(accepted(reported, told_due_at="2026-03-06 00:00"))


def test_private_network_departments_have_a_promise_only_with_a_told_date() -> None:
    private = hall(7, None, private=True)
    assert dues(accepted(private)) == {}
    assert dues(accepted(private, told_due_at="2026-03-06 00:00")) == {"promise": "03-06 18:00"}


def test_a_case_of_a_private_network_department_without_a_told_date_finds_nothing_late() -> None:
    fold = judged([event("Accepted", "2026-03-02 10:00")], "2026-09-01 00:00", hall(7, None, private=True))
    assert [each for each in found(fold) if each[0] in ("yellow", "red")] == []


@pytest.mark.parametrize("told", ["2026-03-07 12:00", "2026-03-08 00:00"])
def test_an_earlier_promise_date_binds_on_a_free_day_too(told: str) -> None:
    assert dues(accepted(told_due_at=told))["promise"] == f"{told[5:10]} 18:00"
