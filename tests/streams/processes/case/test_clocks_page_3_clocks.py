"""The page on clocks, section 3 (the clocks): one test a cell of the table and a sentence below it."""

from typing import Any

import pytest

from streams.contracts.case_event import CaseEvent
from streams.contracts.clock import ClockName
from streams.contracts.finding import Finding
from tests.streams.processes.case.cases import dues, event, found, hall, judged, limit, policy, remarks, text
from tests.streams.processes.case.pages import due, run_of, with_hours
from tests.streams.processes.case.test_process import Desk

APPLIED = event("Applied", "2026-03-02 10:00")
ACCEPTED = event("Accepted", "2026-03-02 10:00")
NOTICE = event("CorrectionNotified", "2026-03-04 10:00")
COMPLETION = event("CorrectionCompleted", "2026-03-12 10:00")
LATER = "2026-06-30 00:00"
REPORTED = hall(30, 60, case_class="reported")


def stopped(name: ClockName, *events: CaseEvent, **of: Any) -> str | None:
    clock = run_of(judged(events, LATER, of.get("registry")), name)
    return None if clock.stopped_ms is None else text(clock.stopped_ms)


def suspended(when: str = "2026-03-03 10:00", days: int = 3) -> CaseEvent:
    return event("Suspended", when, announced_days=days, ground="鉴定")


def test_the_acceptance_clock_starts_at_the_receipt_and_is_due_after_five_working_days_at_close() -> None:
    assert dues(judged([APPLIED], "2026-03-02 11:00")) == {"acceptance": "03-09 18:00"}


def test_the_acceptance_clock_starts_anew_with_a_timely_supplement() -> None:
    fold = judged([APPLIED, NOTICE, COMPLETION], "2026-03-12 11:00")
    assert dues(fold) == {"acceptance": "03-19 18:00"}


@pytest.mark.parametrize("kind", ["Accepted", "Refused", "CorrectionNotified"])
def test_acceptance_refusal_and_notice_stop_the_acceptance_clock(kind: str) -> None:
    assert stopped("acceptance", APPLIED, event(kind, "2026-03-04 10:00")) == "03-04 10:00"


def test_nothing_suspends_the_acceptance_clock() -> None:
    assert dues(judged([APPLIED, suspended()], "2026-03-03 11:00"))["acceptance"] == "03-09 18:00"


def test_promise_and_statutory_start_with_the_acceptance() -> None:
    fold = judged([APPLIED, event("Accepted", "2026-03-04 10:00")], "2026-03-04 11:00", hall(7, 20))
    assert dues(fold) == {"acceptance": "03-09 18:00", "promise": "03-13 18:00", "statutory": "04-01 18:00"}


@pytest.mark.parametrize("name", ["promise", "statutory"])
def test_the_decision_stops_promise_and_statutory(name: ClockName) -> None:
    decided = event("Finished", "2026-03-05 10:00", decided_at="2026-03-04 15:00")
    assert stopped(name, ACCEPTED, decided) == "03-04 15:00"


def test_without_a_decision_date_the_finish_time_stops_them() -> None:
    assert stopped("promise", ACCEPTED, event("Finished", "2026-03-05 10:00")) == "03-05 10:00"


@pytest.mark.parametrize("name", ["promise", "statutory", "first_review"])
def test_a_suspension_and_a_waiting_correction_suspend_promise_statutory_and_first_review(name: ClockName) -> None:
    states = [judged([ACCEPTED, how], "2026-03-04 11:00", REPORTED).clock(name) for how in (suspended(), NOTICE)]
    assert [clock.state() for clock in states if clock is not None] == ["suspended", "waiting"]


def test_a_completed_correction_resets_the_promise_and_not_the_statutory_clock() -> None:
    fold = judged([ACCEPTED, NOTICE, COMPLETION], "2026-03-12 11:00", hall(7, 20))
    assert (run_of(fold, "promise").epoch, run_of(fold, "statutory").epoch) == (2, 1)


@pytest.mark.parametrize(("mode", "due"), [("reset", "04-10 18:00"), ("run", "03-30 18:00")])
def test_an_item_may_reset_or_run_its_statutory_clock(mode: str, due: str) -> None:
    registry = hall(7, 20, policy(statutory_correction=mode))
    assert dues(judged([ACCEPTED, NOTICE, COMPLETION], "2026-03-12 11:00", registry))["statutory"] == due


def test_the_first_review_runs_from_acceptance_until_passed_up_within_twenty_working_days() -> None:
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", REPORTED))["first_review"] == "03-30 18:00"
    passed = event("PassedUp", "2026-03-10 10:00")
    assert stopped("first_review", ACCEPTED, passed, registry=REPORTED) == "03-10 10:00"


def test_a_special_procedure_has_a_clock_of_its_announced_days() -> None:
    fold = judged([ACCEPTED, suspended(days=5)], "2026-03-03 11:00")
    assert dues(fold)["special_procedure"] == "03-10 18:00"
    assert (
        stopped("special_procedure", ACCEPTED, suspended(days=5), event("Resumed", "2026-03-06 10:00")) == "03-06 10:00"
    )


def test_a_special_procedure_warns_two_days_before_is_yellow_at_its_end_and_red_a_day_later() -> None:
    fold = judged([ACCEPTED, suspended(days=5)], LATER, hall(30, None))
    own = [found for found in fold.findings if found.clock == "special_procedure"]
    cards = [(span.level, text(span.raised_ms)) for finding in own for span in finding.spans]
    assert cards == [(1, "03-06 08:30"), (2, "03-10 18:00"), (3, "03-11 18:00")]


def test_nothing_suspends_the_clock_of_a_special_procedure() -> None:
    events = [ACCEPTED, suspended(days=5), event("Suspended", "2026-03-04 10:00", special_id="b", ground="听证")]
    assert (
        dues(judged([*events, event("CorrectionNotified", "2026-03-05 10:00")], "2026-03-05 11:00", hall(30, None)))[
            "special_procedure"
        ]
        == "03-10 18:00"
    )


GRANTED = event("Finished", "2026-03-04 10:00", result="granted", document=True)


def test_delivery_is_due_ten_working_days_after_a_granting_decision_with_a_document() -> None:
    assert dues(judged([ACCEPTED, GRANTED], "2026-03-04 11:00"))["delivery"] == "03-18 18:00"


def test_delivery_starts_at_the_decision() -> None:
    granted = event("Finished", "2026-03-06 10:00", decided_at="2026-03-04 10:00", result="granted", document=True)
    assert dues(judged([ACCEPTED, granted], "2026-03-06 11:00"))["delivery"] == "03-18 18:00"


@pytest.mark.parametrize(
    "end",
    [
        event("Delivered", "2026-03-06 10:00", means="handed"),
        event("Delivered", "2026-03-06 10:00", means="posted"),
        event("Delivered", "2026-03-06 10:00", means="electronic"),
        event("ResultReady", "2026-03-06 10:00"),
    ],
)
def test_delivery_stops_at_the_first_of_delivered_posted_issued_and_ready_notice(end: CaseEvent) -> None:
    again = event("Delivered", "2026-03-09 10:00")
    assert stopped("delivery", ACCEPTED, GRANTED, end, again) == "03-06 10:00"


def test_nothing_suspends_delivery() -> None:
    events = [ACCEPTED, GRANTED, suspended("2026-03-05 10:00"), event("CorrectionNotified", "2026-03-06 10:00")]
    assert dues(judged(events, "2026-03-06 11:00"))["delivery"] == "03-18 18:00"


INSTANT = hall(7, 10, case_class="instant")


def test_an_instant_case_is_due_at_the_last_closing_of_that_day_with_extended_service() -> None:
    extended = with_hours(INSTANT, days={"2026-03-02": ("08:30-12:00", "13:30-18:00", "19:00-21:00")})
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", extended)) == {"instant": "03-02 21:00"}
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", INSTANT)) == {"instant": "03-02 18:00"}


@pytest.mark.parametrize("when", ["2026-03-06 18:00", "2026-03-06 22:00", "2026-03-07 10:00"])
def test_an_instant_case_accepted_outside_hours_is_due_on_the_next_opening_day(when: str) -> None:
    assert dues(judged([event("Accepted", when)], when, INSTANT)) == {"instant": "03-09 18:00"}


def test_an_instant_case_may_be_due_after_the_minutes_of_its_item() -> None:
    minutes = hall(limit(30, "office_minutes"), None, case_class="instant")
    assert dues(judged([ACCEPTED], "2026-03-02 10:10", minutes)) == {"instant": "03-02 10:30"}


def test_an_instant_case_gets_yellow_only_and_no_warning() -> None:
    assert found(judged([ACCEPTED], LATER, INSTANT)) == [("yellow", "03-02 18:00")]


def test_the_finish_stops_an_instant_case() -> None:
    assert stopped("instant", ACCEPTED, event("Finished", "2026-03-02 11:00"), registry=INSTANT) == "03-02 11:00"


@pytest.mark.parametrize("how", [suspended("2026-03-02 15:00"), event("CorrectionNotified", "2026-03-02 15:00")])
def test_a_correction_or_suspension_makes_an_instant_case_a_promised_one_from_then_on(how: CaseEvent) -> None:
    fold = judged([ACCEPTED, how], "2026-03-02 16:00", INSTANT)
    assert fold.case_class == "promised"
    assert {clock.name for clock in fold.clocks if clock.is_open()} - {"special_procedure"} == {"promise", "statutory"}


def test_promise_and_statutory_stop_at_the_decision_and_not_at_the_delivery() -> None:
    events = [ACCEPTED, GRANTED, event("Delivered", "2026-03-30 10:00")]
    assert stopped("promise", *events) == "03-04 10:00"


@pytest.mark.parametrize("result", ["granted", "refused", "done"])
def test_granted_refused_and_done_are_finishes(result: str) -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    desk.take(event("Finished", "2026-03-05 10:00", result=result))
    case: Any = desk.last("cases")
    assert (case.state, case.on_time) == ("finished", True)


ENDS = [
    *((event("Finished", "2026-03-12 10:00", result=result)) for result in ("returned", "voided", "deleted")),
    event("Withdrawn", "2026-03-12 10:00"),
    event("Abandoned", "2026-03-12 10:00"),
]


@pytest.mark.parametrize("end", ENDS)
def test_every_other_end_stops_all_clocks(end: CaseEvent) -> None:
    fold = judged([APPLIED, ACCEPTED, suspended(days=2), end], "2026-03-13 00:00", REPORTED)
    assert all(clock.stopped_ms is not None for clock in fold.clocks)


@pytest.mark.parametrize("end", ENDS)
def test_every_other_end_leaves_findings_ended_and_standing(end: CaseEvent) -> None:
    fold = judged([ACCEPTED, end], LATER)
    assert found(fold) == [("warn", "03-09 08:30"), ("yellow", "03-11 18:00")]
    assert [text(finding.spans[-1].ended_ms or 0) for finding in fold.findings] == ["03-12 10:00"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("days", "on_time"), [(7, False), (20, None)])
def test_every_other_end_enters_on_time_figures_only_if_already_overdue(
    end: CaseEvent, days: int, on_time: bool | None
) -> None:
    desk = Desk(hall(days, None))
    desk.take(ACCEPTED)
    desk.take(end)
    case: Any = desk.last("cases")
    assert case.on_time is on_time


def test_passed_up_stops_only_the_first_review() -> None:
    fold = judged([ACCEPTED, event("PassedUp", "2026-03-10 10:00")], "2026-03-11 00:00", REPORTED)
    assert [clock.name for clock in fold.clocks if not clock.is_open()] == ["first_review"]
    assert remarks(fold) == []


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("Withdrawn", {}),
        ("PassedUp", {}),
        ("UpperDecided", {}),
        ("Urged", {"until_at": "2026-03-20 10:00"}),
        ("ResultReady", {}),
        ("ProgressTold", {}),
        ("Abandoned", {}),
    ],
)
def test_the_further_event_kinds_are_there_and_judged(kind: str, fields: dict[str, Any]) -> None:
    assert judged([ACCEPTED, event(kind, "2026-03-04 10:00", **fields)], "2026-03-05 00:00").events == 2


UPPER = hall(30, 60, case_class="reported", upper_stage=limit(5))
PASSED = event("PassedUp", "2026-03-10 10:00", upper_unit="省厅")


def test_the_upper_stage_runs_from_passed_up_to_the_upper_decision_by_its_own_limit() -> None:
    fold = judged([ACCEPTED, PASSED], "2026-03-11 00:00", UPPER)
    assert due(fold, "upper_stage") == "03-17 18:00:00"
    assert stopped("upper_stage", ACCEPTED, PASSED, event("UpperDecided", "2026-03-12 10:00"), registry=UPPER) == (
        "03-12 10:00"
    )


def test_the_upper_stage_is_suspended_as_recorded_and_never_begun_anew() -> None:
    suspended = event("Suspended", "2026-03-11 10:00", ground="鉴定", announced_days=3)
    fold = judged([ACCEPTED, PASSED, suspended], "2026-03-12 00:00", UPPER)
    assert due(fold, "upper_stage") == "03-20 18:00:00"
    corrected = [event("CorrectionNotified", "2026-03-11 10:00"), event("CorrectionCompleted", "2026-03-13 10:00")]
    fold = judged([ACCEPTED, PASSED, *corrected], "2026-03-16 00:00", UPPER)
    assert due(fold, "upper_stage") == "03-19 18:00:00"
    assert [clock.epoch for clock in fold.clocks if clock.name == "upper_stage"] == [1]


def test_findings_of_the_upper_stage_go_to_the_upper_unit_and_are_not_scored_here() -> None:
    desk = Desk(UPPER)
    desk.take(ACCEPTED)
    desk.take(PASSED)
    desk.wait("2026-03-18 00:00")
    cards = [output.body for output in desk.outputs if isinstance(output.body, Finding)]
    upper = [card for card in cards if card.clock == "upper_stage"]
    assert [(card.level, card.org, card.scored) for card in upper] == [
        ("warn", "省厅", False),
        ("yellow", "省厅", False),
    ]
