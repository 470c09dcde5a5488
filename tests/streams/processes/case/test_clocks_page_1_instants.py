"""The page on clocks, section 1 (instants): one test a sentence."""

from datetime import date

import pytest

from streams.contracts.case_event import LimitUnit
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import HoursData
from tests.streams.processes.case.cases import event, exact, found, hall, judged, limit, ms, policy, text
from tests.streams.processes.case.pages import DAY, due, fact, run_of, with_hours, with_org
from tests.streams.processes.case.test_process import Desk

ACCEPTED = event("Accepted", "2026-03-02 10:00")
"""With 7 and 10 working days due on 2026-03-11 and 2026-03-16."""
AT_ONCE = "2026-03-02 11:00"


def promise_due(registry: HallRegistry | None = None, when: str = "2026-03-02 10:00") -> str:
    return due(judged([event("Accepted", when)], when, registry), "promise")


def test_due_is_the_last_instant_still_in_time() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    desk.take(event("Finished", "2026-03-11 18:00"))
    assert desk.last("cases").on_time is True  # type: ignore[attr-defined]
    late = Desk()
    late.take(ACCEPTED)
    late.take(event("Finished", "2026-03-11 18:00:00.001"))
    assert late.last("cases").on_time is False  # type: ignore[attr-defined]


def test_a_clock_wakes_a_millisecond_after_due_and_that_is_raised_at() -> None:
    desk = Desk(hall(7, None))
    desk.take(ACCEPTED)
    desk.wait("2026-03-09 08:30")
    assert desk.process.wake_at(desk.state) == ms("2026-03-11 18:00") + 1
    desk.wait("2026-03-12 00:00")
    assert desk.state.fold.findings[0].spans[-1].raised_ms == ms("2026-03-11 18:00") + 1


def test_with_end_of_day_midnight_due_is_a_millisecond_before_midnight() -> None:
    assert promise_due(hall(policy=policy(end_of_day="midnight"))) == "03-11 23:59:59.999"


def test_close_of_business_is_the_last_regular_closing_of_the_acting_org() -> None:
    own = HoursData(code="own", weekdays=dict.fromkeys(range(1, 6), ("09:00-12:00", "13:00-16:30")))
    assert promise_due(with_org(hall(), own, hours="own")) == "03-11 16:30:00"


def test_the_hours_of_the_org_are_those_of_the_due_date_not_of_today() -> None:
    short_wednesdays = {1: DAY, 2: DAY, 3: ("08:30-12:00", "13:30-15:00"), 4: DAY, 5: DAY}
    assert promise_due(with_hours(weekdays=short_wednesdays)) == "03-11 15:00:00"


def test_an_org_without_hours_closes_with_the_hall() -> None:
    assert promise_due() == "03-11 18:00:00"


def test_where_no_hours_are_known_business_closes_at_half_past_five() -> None:
    assert promise_due(with_hours(weekdays={})) == "03-11 17:30:00"


def test_extended_service_never_moves_the_close_of_business() -> None:
    assert promise_due(with_hours(days={"2026-03-11": (*DAY, "19:00-21:00")})) == "03-11 18:00:00"


def test_a_closed_hall_keeps_the_standard_time() -> None:
    assert promise_due(with_hours(days={"2026-03-11": ()})) == "03-11 18:00:00"


def test_a_half_day_counts_whole() -> None:
    assert promise_due(with_hours(days={"2026-03-10": ("08:30-12:00",)})) == "03-11 18:00:00"


def test_a_half_day_ends_at_its_own_close() -> None:
    assert promise_due(with_hours(days={"2026-03-11": ("08:30-12:00",)})) == "03-11 12:00:00"


@pytest.mark.parametrize(("unit", "day"), [("calendar_days", "03-09"), ("calendar_months", "10-08")])
def test_calendar_day_and_month_limits_end_a_millisecond_before_midnight(unit: LimitUnit, day: str) -> None:
    assert promise_due(hall(limit(7, unit), None)) == f"{day} 23:59:59.999"


@pytest.mark.parametrize(("stop", "cards"), [("2026-03-11", ["warn"]), ("2026-03-12", ["warn", "yellow"])])
@pytest.mark.parametrize("stamp", ["00:00", "12:00", "23:59"])
def test_a_stop_that_carries_no_time_of_day_is_judged_by_its_date(stamp: str, stop: str, cards: list[str]) -> None:
    finished = event("Finished", f"{stop} {stamp}", date_only=True)
    assert [level for level, _ in found(judged([ACCEPTED, finished], "2026-05-01 00:00"))] == cards


def test_a_stop_without_a_time_of_day_is_in_time_on_the_due_day_of_an_office_limit() -> None:
    finished = event("Finished", "2026-03-03 00:00", date_only=True)
    registry = hall(limit(60, "office_minutes"), None)
    accepted = event("Accepted", "2026-03-03 09:00")
    assert found(judged([accepted, finished], "2026-03-04 00:00", registry)) == []


def test_the_day_of_the_start_is_not_counted() -> None:
    early, late = promise_due(when="2026-03-02 00:00"), promise_due(when="2026-03-02 23:59")
    assert early == late == "03-11 18:00:00"


@pytest.mark.parametrize(
    ("today", "used", "remaining"), [("03-02", 0, 7), ("03-03", 1, 6), ("03-07", 4, 3), ("03-10", 6, 1)]
)
def test_used_are_the_counted_days_after_the_start_up_to_today(today: str, used: int, remaining: int) -> None:
    clock = fact(judged([ACCEPTED], f"2026-{today} 12:00"), "promise")
    assert (clock.used, clock.remaining) == (used, remaining)


def test_nothing_remains_on_the_due_day() -> None:
    clock = fact(judged([ACCEPTED], "2026-03-11 08:00"), "promise")
    assert (clock.used, clock.remaining, clock.overdue) == (7, 0, 0)


@pytest.mark.parametrize(
    ("at", "days"), [("03-11 18:01", 1), ("03-12 09:00", 1), ("03-13 09:00", 2), ("03-15 09:00", 2)]
)
def test_overdue_days_are_working_days_after_the_due_date_and_at_least_one(at: str, days: int) -> None:
    assert fact(judged([ACCEPTED], f"2026-{at}"), "promise").overdue == days


def test_overdue_days_of_a_stopped_clock_end_at_the_date_of_the_stop() -> None:
    fold = judged([ACCEPTED, event("Finished", "2026-03-13 10:00")], "2026-05-01 00:00")
    assert fact(fold, "promise").overdue == 2


@pytest.mark.parametrize(("days", "day"), [(4, "03-06"), (5, "03-09"), (6, "03-09"), (7, "03-09"), (8, "03-10")])
def test_calendar_days_are_added_and_moved_off_a_free_day(days: int, day: str) -> None:
    assert promise_due(hall(limit(days, "calendar_days"), None)) == f"{day} 23:59:59.999"


def test_months_are_date_arithmetic_with_the_end_of_the_month_as_clamp() -> None:
    registry = hall(limit(1, "calendar_months"), None)
    assert promise_due(registry, "2026-03-31 10:00") == "04-30 23:59:59.999"
    assert promise_due(registry, "2026-01-31 10:00") == "02-28 23:59:59.999"


def test_an_office_day_is_the_regular_day_of_the_hall() -> None:
    registry = with_hours(hall(limit(2, "office_days"), None), weekdays=dict.fromkeys(range(1, 6), ("09:00-12:00",)))
    assert promise_due(registry) == "03-04 10:00:00"


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2026-03-02 11:30", "03-02 14:00:00"),
        ("2026-03-02 17:30", "03-03 09:00:00"),
        ("2026-03-06 17:45", "03-09 09:15:00"),
    ],
)
def test_an_opening_time_clock_runs_only_between_opening_and_closing(start: str, ends: str) -> None:
    assert promise_due(hall(limit(60, "office_minutes"), None), start) == ends


@pytest.mark.parametrize("start", ["2026-03-02 12:00", "2026-03-02 12:40", "2026-03-02 13:30"])
def test_a_start_outside_opening_hours_moves_to_the_next_opening(start: str) -> None:
    assert promise_due(hall(limit(60, "office_minutes"), None), start) == "03-02 14:30:00"


def test_a_limit_used_up_exactly_at_a_close_is_due_at_the_next_opening() -> None:
    registry = hall(limit(60, "office_minutes"), None)
    assert promise_due(registry, "2026-03-02 11:00") == "03-02 13:30:00"
    assert promise_due(registry, "2026-03-06 17:00") == "03-09 08:30:00"


def test_suspensions_subtract_opening_time_from_an_opening_time_limit() -> None:
    registry = hall(limit(120, "office_minutes"), None)
    stretch = [event("Suspended", "2026-03-02 11:00", ground="鉴定"), event("Resumed", "2026-03-02 14:00")]
    fold = judged([ACCEPTED, *stretch], "2026-03-02 15:00", registry)
    assert text(run_of(fold, "promise").due_ms) == "03-02 15:00"


def test_a_finish_at_the_very_due_of_an_opening_time_limit_is_in_time() -> None:
    registry = hall(limit(60, "office_minutes"), None)
    due_ms = run_of(judged([ACCEPTED], AT_ONCE, registry), "promise").due_ms
    fold = judged([ACCEPTED, event("Finished", exact(due_ms))], "2026-05-01 00:00", registry)
    assert [level for level, _ in found(fold)] == ["warn"]


def test_the_hours_are_those_in_force_on_the_due_date() -> None:
    early = {date(2026, 3, 10): dict.fromkeys(range(1, 6), ("08:00-12:00", "13:00-17:00"))}
    assert promise_due(with_hours(since=early)) == "03-11 17:00:00"
    late = {date(2026, 3, 12): dict.fromkeys(range(1, 6), ("08:00-12:00", "13:00-17:00"))}
    assert promise_due(with_hours(since=late)) == "03-11 18:00:00"


def test_in_profile_hunan_a_statutory_limit_may_count_opening_time() -> None:
    registry = hall(limit(7, "office_days"), limit(10, "office_days"), policy(profile="hunan"))
    fold = judged([event("Accepted", "2018-10-15 10:00")], "2018-10-16 00:00", registry)
    assert (due(fold, "promise"), due(fold, "statutory")) == ("10-24 10:00:00", "10-29 10:00:00")
