"""The page on clocks, sections 4, 5, 6 and 10: which sentences end in a finding about procedure or register."""

from typing import Any

import pytest

from streams.contracts.case_event import CaseEvent
from streams.registry.registry import HallRegistry
from tests.streams.processes.case.cases import event, hall, judged, text

ACCEPTED = event("Accepted", "2026-03-02 10:00")
"""With 7 and 10 working days due on 2026-03-11 and 2026-03-16."""


def rules(*events: CaseEvent, until: str = "2026-03-10 00:00", registry: HallRegistry | None = None) -> set[str]:
    """The rules, other than those of time limits, that found something."""
    fold = judged(events, until, registry)
    return {finding.rule for finding in fold.findings if not finding.rule.startswith("TIME")}


def extended(when: str = "2026-03-05 10:00", **fields: Any) -> CaseEvent:
    return event("Extended", when, **({"days": 2, "approver": "局长"} | fields))


def test_a_case_in_order_has_no_finding_about_its_procedure() -> None:
    events = [
        event("Applied", "2026-03-02 09:00"),
        ACCEPTED,
        event("Suspended", "2026-03-03 10:00", announced_days=3, ground="鉴定"),
        event("Resumed", "2026-03-05 10:00"),
        extended("2026-03-06 10:00"),
        event("Finished", "2026-03-09 10:00"),
    ]
    assert rules(*events) == set()


def test_a_completion_without_its_notice_is_a_finding_of_order() -> None:
    assert rules(ACCEPTED, event("CorrectionCompleted", "2026-03-04 10:00")) == {"PROC-02"}


def test_a_completion_before_its_notice_is_a_finding_of_order() -> None:
    notice = event("CorrectionNotified", "2026-03-05 10:00")
    assert rules(ACCEPTED, event("CorrectionCompleted", "2026-03-04 10:00"), notice) == {"PROC-02"}


def test_the_abuse_guard_compares_what_all_epochs_used_with_the_statutory_limit() -> None:
    events = [
        ACCEPTED,
        event("CorrectionNotified", "2026-03-10 10:00"),
        event("CorrectionCompleted", "2026-03-11 10:00"),
    ]
    registry = hall(7, 10)
    before, after = (
        rules(*events, until=until, registry=registry) for until in ("2026-03-17 18:00", "2026-03-18 00:00")
    )
    assert (before, after) == (set(), {"PROC-10"})


def test_a_suspension_without_announced_days_is_a_finding() -> None:
    assert rules(ACCEPTED, event("Suspended", "2026-03-03 10:00", ground="鉴定")) == {"PROC-08"}


@pytest.mark.parametrize(
    "extension",
    [
        extended("2026-03-11 18:00:00.001"),
        extended("2026-03-05 10:00", applied_at="2026-03-12 10:00"),
        extended(days=11),
        extended(approver=""),
        extended(days=None),
    ],
)
def test_an_extension_late_applied_late_over_the_cap_or_without_decision_is_a_finding(extension: CaseEvent) -> None:
    assert rules(ACCEPTED, extension, until="2026-03-11 20:00") == {"PROC-07"}


def test_an_extension_in_time_is_no_finding() -> None:
    assert rules(ACCEPTED, extended("2026-03-11 18:00"), until="2026-03-11 20:00") == set()


def test_a_promise_date_later_than_computed_is_a_finding() -> None:
    told = event("Accepted", "2026-03-02 10:00", told_due_at="2026-03-12 00:00")
    assert rules(told) == {"CONT-09"}


def test_a_conflict_between_the_class_of_event_and_item_is_a_finding() -> None:
    assert rules(event("Accepted", "2026-03-02 10:00", case_class="instant")) == {"CONT-01"}


def test_no_limit_at_all_is_a_finding_of_the_register() -> None:
    assert rules(ACCEPTED, registry=hall(None, None)) == {"REG-01"}


def test_a_statutory_limit_without_a_promise_is_a_finding_of_completeness() -> None:
    assert rules(ACCEPTED, registry=hall(None, 10)) == {"INFO-03"}


def test_a_start_before_the_first_known_day_is_a_finding() -> None:
    assert "REG-02" in rules(event("Accepted", "1948-05-01 10:00"), until="1948-06-01 00:00")


def test_a_second_finish_without_a_higher_version_is_a_finding_of_data() -> None:
    finishes = [event("Finished", "2026-03-04 10:00"), event("Finished", "2026-03-05 10:00")]
    assert rules(ACCEPTED, *finishes) == {"DATA-03"}


def test_a_second_finish_with_a_higher_version_is_none() -> None:
    finishes = [event("Finished", f"2026-03-0{day} 10:00", event_id="row", data_version=day) for day in (4, 5)]
    assert rules(ACCEPTED, *finishes) == set()


def test_a_finding_about_an_event_is_raised_at_that_event() -> None:
    fold = judged([ACCEPTED, extended(days=11)], "2026-03-06 00:00")
    assert [text(span.raised_ms) for finding in fold.findings for span in finding.spans] == ["03-05 10:00"]
