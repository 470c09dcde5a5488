"""The page on clocks, section 7, withdrawals: which are automatic, which wait for a supervisor."""

from typing import Any, cast

import pytest

from streams.contracts.case_event import CaseEvent
from streams.contracts.finding import Finding
from tests.streams.processes.case.cases import event, hall
from tests.streams.processes.case.test_process import Desk

ACCEPTED = event("Accepted", "2026-03-02 10:00")
YELLOW = "2026-03-11 20:00"
"""Two hours after the yellow card of seven working days."""


def desk(until: str) -> Desk:
    opened = Desk(hall(7, None))
    opened.take(ACCEPTED)
    opened.wait(until)
    return opened


def last(of: Desk, late: CaseEvent, now: str) -> Finding:
    of.take(late, now)
    return [output.body for output in of.outputs if isinstance(output.body, Finding)][-1]


def on_time(of: Desk) -> bool | None:
    return cast(Any, of.last("cases")).on_time  # type: ignore[no-any-return]


@pytest.mark.parametrize("now", [YELLOW, "2026-03-12 09:00", "2026-03-13 23:00"])
def test_a_finish_within_two_working_days_of_its_business_time_withdraws_by_itself(now: str) -> None:
    late = desk(now)
    finding = last(late, event("Finished", "2026-03-11 09:00"), now)
    assert (finding.change, finding.withdrawal, finding.tell) == ("withdrawn", "", True)
    assert on_time(late) is True


def test_free_days_do_not_count_for_the_two_working_days() -> None:
    late = desk("2026-03-16 10:00")
    extended = event("Finished", "2026-03-11 17:00")
    assert last(late, extended, "2026-03-16 10:00").withdrawal == "proposed"
    friday = Desk(hall(4, None))
    friday.take(ACCEPTED)
    friday.wait("2026-03-10 12:00")
    assert last(friday, event("Finished", "2026-03-06 17:00"), "2026-03-10 12:00").withdrawal == ""


def test_a_later_arrival_is_only_proposed_and_counts() -> None:
    late = desk("2026-03-25 10:00")
    finding = last(late, event("Finished", "2026-03-11 09:00"), "2026-03-25 10:00")
    assert (finding.withdrawal, finding.highest, finding.tell) == ("proposed", "yellow", False)
    assert on_time(late) is False


@pytest.mark.parametrize(
    "mechanism",
    [
        event("Suspended", "2026-03-10 10:00", announced_days=5, ground="鉴定"),
        event("Extended", "2026-03-10 10:00", days=5, approver="局长"),
        event("CorrectionNotified", "2026-03-10 10:00"),
    ],
)
def test_a_mechanism_that_arrives_after_yellow_was_told_is_proposed_however_soon(mechanism: CaseEvent) -> None:
    late = desk(YELLOW)
    finding = last(late, mechanism, YELLOW)
    assert (finding.withdrawal, finding.highest) == ("proposed", "yellow")
    assert on_time(late) is False


def test_a_mechanism_that_arrives_before_any_card_was_told_needs_nobody() -> None:
    late = desk("2026-03-09 12:00")
    late.take(event("Suspended", "2026-03-06 10:00", announced_days=5, ground="鉴定"), "2026-03-09 12:00")
    findings = [
        output.body for output in late.outputs if isinstance(output.body, Finding) and output.body.clock == "promise"
    ]
    assert {finding.withdrawal for finding in findings} == {""}


def test_a_proposed_withdrawal_counts_until_a_supervisor_confirms() -> None:
    late = desk("2026-03-25 10:00")
    finding = last(late, event("Finished", "2026-03-11 09:00"), "2026-03-25 10:00")
    assert on_time(late) is False
    confirmed = event("WithdrawalConfirmed", "2026-03-26 10:00", finding_id=finding.finding_id, staff="supervisor")
    finding = last(late, confirmed, "2026-03-26 10:00")
    assert (finding.change, finding.withdrawal, finding.tell) == ("withdrawn", "confirmed", True)
    assert on_time(late) is True


def test_a_withdrawn_finding_counts_nowhere_and_an_ended_one_does() -> None:
    ended, withdrawn = desk(YELLOW), desk(YELLOW)
    ended.take(event("Finished", "2026-03-11 19:00"), YELLOW)
    withdrawn.take(event("Finished", "2026-03-11 17:00"), YELLOW)
    assert (on_time(ended), on_time(withdrawn)) == (False, True)
