from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.calendar.building import build_calendar
from streams.limits.by_days import add_months, calendar_due_day, full_months, overdue_days, skipped_days, used_days
from streams.limits.clock_run import ClockRun, Skip
from streams.registry.snapshot import CalendarData, HoursData

WEEK = build_calendar(CalendarData(code="w", zone="UTC", version="1"), HoursData(code="h", weekdays={}))
MONDAY = date(2026, 3, 2).toordinal()


def at(day: int, hour: int = 10) -> int:
    """An instant so many days after Monday 2026-03-02."""
    return WEEK.start_of(MONDAY + day) + hour * 3_600_000


def run(unit: str = "working_days", *skips: Skip) -> ClockRun:
    return ClockRun("promise", unit, 5, at(0), skips=list(skips))  # type: ignore[arg-type]


def days(*skips: Skip) -> list[tuple[int, int]]:
    return [(after - MONDAY, to - MONDAY) for after, to, _ in skipped_days(WEEK, run("working_days", *skips))]


def test_skipped_days_begin_after_the_first_day_and_end_with_the_last() -> None:
    assert days(Skip(at(1), "suspension", "e", at(3))) == [(1, 3)]
    assert days(Skip(at(1), "suspension", "e", at(1, 12))) == []
    assert days(Skip(at(1), "suspension", "e", at(3), whole=True)) == [(0, 3)]


def test_overlapping_and_touching_stretches_are_merged_and_open_waits_left_out() -> None:
    assert days(Skip(at(1), "suspension", "a", at(4)), Skip(at(2), "suspension", "b", at(3))) == [(1, 4)]
    assert days(Skip(at(1), "suspension", "a", at(2)), Skip(at(2), "suspension", "b", at(3))) == [(1, 3)]
    assert days(Skip(at(1), "suspension", "a", at(2)), Skip(at(3), "suspension", "b", at(4))) == [(1, 2), (3, 4)]
    assert days(Skip(at(1), "waiting", "a")) == []


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", 6, "2026-09-30"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_months_last(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start).toordinal(), months) == date.fromisoformat(end).toordinal()


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)).map(date.toordinal), st.integers(1, 60))
def test_months_added_are_months_passed(day: int, months: int) -> None:
    end = add_months(day, months)
    assert full_months(day, end) == months
    assert full_months(day, end - 1) == months - 1


def test_a_calendar_due_day_that_is_free_moves_to_the_next_working_day() -> None:
    assert calendar_due_day(WEEK, run("calendar_days")) == MONDAY + 7


def test_a_suspension_moves_a_calendar_due_by_its_calendar_days() -> None:
    assert calendar_due_day(WEEK, run("calendar_days", Skip(at(1), "suspension", "e", at(4)))) == MONDAY + 8


def test_a_suspension_begun_on_the_weekend_before_a_moved_due_moves_it_behind_its_end() -> None:
    skip = Skip(at(6), "suspension", "e", at(8))
    assert calendar_due_day(WEEK, run("calendar_days", skip)) == MONDAY + 9


def test_used_days_stand_still_while_a_case_waits() -> None:
    waiting = run("working_days", Skip(at(2), "waiting", "e"))
    assert [used_days(WEEK, waiting, at(day)) for day in (1, 2, 3, 9)] == [1, 2, 2, 2]


def test_being_over_is_counted_in_working_days_whatever_days_the_limit_counts() -> None:
    late = {}
    for unit in ("working_days", "calendar_days", "calendar_months"):
        clock = run(unit)
        clock.due_ms = at(4)
        late[unit] = [overdue_days(WEEK, clock, at(day)) for day in (4, 6, 7, 40)]
    assert late == {unit: [1, 1, 1, 25] for unit in late}


def test_the_days_by_which_a_calendar_limit_was_moved_off_free_days_are_not_used() -> None:
    clock = run("calendar_days")
    clock.due_ms = WEEK.end_of(MONDAY + 7)
    assert [used_days(WEEK, clock, at(day)) for day in (4, 5, 6, 7, 8)] == [4, 5, 5, 5, 6]
