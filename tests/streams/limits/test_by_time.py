from streams.calendar.building import build_calendar
from streams.limits.by_time import instant_used, late_ms, limit_ms, skipped_time, used_ms
from streams.limits.clock_run import ClockRun, Extension, Skip
from streams.registry.snapshot import CalendarData, HoursData

HOUR = 3_600_000
WEEK = build_calendar(
    CalendarData(code="w", zone="UTC", version="1"),
    HoursData(code="h", weekdays=dict.fromkeys(range(1, 6), ("09:00-17:00",))),
)
MONDAY = WEEK.start_of(WEEK.day_of(1_772_409_600_000))


def run(unit: str, amount: int, *skips: Skip) -> ClockRun:
    return ClockRun("promise", unit, amount, MONDAY + 10 * HOUR, skips=list(skips))  # type: ignore[arg-type]


def test_an_office_day_is_the_halls_regular_day_and_never_twenty_four_hours() -> None:
    assert limit_ms(WEEK, run("office_days", 2)) == 16 * HOUR
    assert limit_ms(WEEK, run("office_minutes", 90)) == 90 * 60_000
    assert limit_ms(WEEK, run("clock_hours", 5)) == 5 * HOUR


def test_extensions_are_part_of_the_limit() -> None:
    clock = run("office_days", 2)
    clock.extensions += (Extension(0, 1, "e", "p"),)
    assert limit_ms(WEEK, clock) == 24 * HOUR


def test_clock_hours_run_through_the_night_and_office_hours_do_not() -> None:
    assert instant_used(WEEK, run("clock_hours", 10), 10 * HOUR) == MONDAY + 20 * HOUR
    assert instant_used(WEEK, run("office_days", 2), 10 * HOUR) == MONDAY + 36 * HOUR


def test_a_suspension_takes_away_only_the_opening_time_inside_it() -> None:
    night = Skip(MONDAY + 16 * HOUR, "suspension", "e", MONDAY + 34 * HOUR)
    clock = run("office_days", 1, night)
    assert instant_used(WEEK, clock, 8 * HOUR) == MONDAY + 36 * HOUR
    assert used_ms(WEEK, clock, MONDAY + 35 * HOUR) == 7 * HOUR


def test_a_suspension_that_begins_after_an_amount_is_used_leaves_that_instant_alone() -> None:
    clock = run("office_days", 5, Skip(MONDAY + 15 * HOUR, "suspension", "e", MONDAY + 39 * HOUR))
    assert instant_used(WEEK, clock, 4 * HOUR) == MONDAY + 14 * HOUR


def test_overlapping_suspensions_are_merged() -> None:
    skips = (Skip(10, "suspension", "a", 20), Skip(15, "suspension", "b", 30), Skip(40, "waiting", "c"))
    assert skipped_time(run("clock_hours", 1, *skips)) == [(10, 30)]


def test_use_stands_still_while_a_case_waits() -> None:
    clock = run("office_minutes", 600, Skip(MONDAY + 12 * HOUR, "waiting", "e"))
    assert used_ms(WEEK, clock, MONDAY + 40 * HOUR) == 2 * HOUR


def test_lateness_is_counted_in_the_time_that_the_clock_counts() -> None:
    office, always = run("office_days", 1), run("clock_hours", 8)
    office.due_ms = always.due_ms = MONDAY + 16 * HOUR
    assert late_ms(WEEK, office, MONDAY + 34 * HOUR) == 2 * HOUR
    assert late_ms(WEEK, always, MONDAY + 34 * HOUR) == 18 * HOUR
