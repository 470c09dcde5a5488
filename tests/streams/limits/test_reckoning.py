from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.calendar.building import build_calendar
from streams.contracts.case_event import LimitUnit
from streams.contracts.instants import from_ms, to_ms
from streams.limits.by_days import add_months
from streams.limits.clock_run import ClockRun, Extension, Skip
from streams.limits.reckoning import cap_of, due_of, extension_of, near_ms, overdue_by, share_ms, used_until
from streams.registry.snapshot import CalendarData, HoursData, Policy

CHINA = build_calendar(
    CalendarData(code="cn", zone="Asia/Shanghai", version="1", base="china"),
    HoursData(code="h", weekdays=dict.fromkeys(range(1, 6), ("08:30-12:00", "13:30-18:00"))),
)
ZONE = CHINA.midnights.zone
POLICY = Policy(code="p")
UNITS: tuple[LimitUnit, ...] = (
    "working_days",
    "office_days",
    "office_minutes",
    "calendar_days",
    "clock_hours",
    "calendar_months",
)


def ms(text: str) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def text(instant_ms: int) -> str:
    return from_ms(instant_ms).astimezone(ZONE).isoformat(sep=" ", timespec="milliseconds")[:23]


def run(unit: LimitUnit, amount: int, start: str, *skips: Skip) -> ClockRun:
    return ClockRun("promise", unit, amount, ms(start), skips=skips)


@pytest.mark.parametrize(
    ("unit", "amount", "start", "due"),
    [
        ("working_days", 5, "2026-03-02 10:00", "2026-03-09 18:00:00.000"),
        ("working_days", 1, "2026-02-13 10:00", "2026-02-14 18:00:00.000"),
        ("calendar_days", 5, "2026-03-02 10:00", "2026-03-09 23:59:59.999"),
        ("calendar_days", 4, "2026-03-02 10:00", "2026-03-06 23:59:59.999"),
        ("calendar_months", 1, "2026-01-31 10:00", "2026-02-28 23:59:59.999"),
        ("calendar_months", 3, "2025-11-30 10:00", "2026-02-28 23:59:59.999"),
        ("calendar_months", 1, "2026-09-01 10:00", "2026-10-08 23:59:59.999"),
        ("clock_hours", 8, "2026-03-06 20:00", "2026-03-07 04:00:00.000"),
        ("office_minutes", 90, "2026-03-02 11:00", "2026-03-02 14:00:00.000"),
        ("office_minutes", 60, "2026-03-06 17:00", "2026-03-09 08:30:00.000"),
        ("office_minutes", 30, "2026-03-07 11:00", "2026-03-09 09:00:00.000"),
        ("office_days", 2, "2026-03-05 19:00", "2026-03-10 08:30:00.000"),
    ],
)
def test_each_unit_ends_at_its_own_edge(unit: LimitUnit, amount: int, start: str, due: str) -> None:
    assert text(due_of(CHINA, run(unit, amount, start), POLICY)) == due


@pytest.mark.parametrize("unit", UNITS)
def test_a_limit_beyond_every_calendar_is_due_at_its_end(unit: LimitUnit) -> None:
    clock = run(unit, 10**9, "2026-03-02 10:00")
    clock.due_ms = due_of(CHINA, clock, POLICY)
    assert text(clock.due_ms).startswith("2049-12-31")
    assert near_ms(CHINA, clock) <= clock.due_ms + 1


def test_working_days_end_at_midnight_where_the_policy_says_so() -> None:
    midnight = Policy(code="p", end_of_day="midnight")
    assert text(due_of(CHINA, run("working_days", 5, "2026-03-02 10:00"), midnight)) == "2026-03-09 23:59:59.999"


@pytest.mark.parametrize(
    ("unit", "amount", "warned"),
    [
        ("working_days", 1, "2026-03-03 08:30:00.000"),
        ("working_days", 2, "2026-03-04 08:30:00.000"),
        ("working_days", 3, "2026-03-04 08:30:00.000"),
        ("working_days", 5, "2026-03-05 08:30:00.000"),
        ("working_days", 20, "2026-03-26 08:30:00.000"),
        ("calendar_days", 10, "2026-03-10 08:30:00.000"),
        ("calendar_months", 1, "2026-03-31 08:30:00.000"),
        ("office_days", 4, "2026-03-03 10:00:00.001"),
        ("office_days", 3, "2026-03-04 14:42:00.000"),
        ("office_minutes", 100, "2026-03-02 11:20:00.000"),
        ("clock_hours", 10, "2026-03-02 18:00:00.000"),
    ],
)
def test_the_warning_comes_when_the_ladder_says(unit: LimitUnit, amount: int, warned: str) -> None:
    clock = run(unit, amount, "2026-03-02 10:00")
    clock.due_ms = due_of(CHINA, clock, POLICY)
    assert text(near_ms(CHINA, clock)) == warned


def test_ninety_per_cent_of_a_day_limit_is_the_opening_of_that_counted_day() -> None:
    clock = run("working_days", 10, "2026-03-02 10:00")
    assert text(share_ms(CHINA, clock, 90)) == "2026-03-13 08:30:00.000"
    clock.amount = 15
    assert text(share_ms(CHINA, clock, 90)) == "2026-03-20 08:30:00.000"


def test_the_day_of_the_start_is_not_counted_and_the_due_day_leaves_nothing() -> None:
    clock = run("working_days", 5, "2026-03-02 10:00")
    assert [used_until(CHINA, clock, ms(f"2026-03-{day:02} 09:00")) for day in (2, 3, 7, 8, 9)] == [0, 1, 4, 4, 5]


def test_overdue_is_counted_in_the_unit_of_the_clock_and_at_least_one() -> None:
    clock = run("working_days", 5, "2026-03-02 10:00")
    clock.due_ms = due_of(CHINA, clock, POLICY)
    assert overdue_by(CHINA, clock, clock.due_ms) == 0
    assert overdue_by(CHINA, clock, clock.due_ms + 1) == 1
    assert overdue_by(CHINA, clock, ms("2026-03-12 09:00")) == 3
    office = run("office_days", 1, "2026-03-02 10:00")
    office.due_ms = due_of(CHINA, office, POLICY)
    assert overdue_by(CHINA, office, ms("2026-03-03 10:00:01")) == 1
    assert overdue_by(CHINA, office, ms("2026-03-04 10:00:01")) == 2


def test_a_suspension_that_starts_on_the_due_day_moves_the_due_to_the_first_working_day_after_its_end() -> None:
    skip = Skip(ms("2026-03-09 11:00"), "suspension", "e", ms("2026-03-11 10:00"), whole=True)
    assert text(due_of(CHINA, run("working_days", 5, "2026-03-02 10:00", skip), POLICY)) == "2026-03-12 18:00:00.000"


def test_a_suspension_that_ends_on_a_free_day_skips_only_working_days() -> None:
    skip = Skip(ms("2026-03-05 11:00"), "suspension", "e", ms("2026-03-08 10:00"))
    assert text(due_of(CHINA, run("working_days", 5, "2026-03-02 10:00", skip), POLICY)) == "2026-03-10 18:00:00.000"


def test_an_announced_suspension_ends_at_its_cap() -> None:
    clock = run("working_days", 5, "2026-03-02 10:00")
    assert text(cap_of(CHINA, clock, ms("2026-03-05 11:00"), 3)) == "2026-03-10 23:59:59.999"
    office = run("office_days", 5, "2026-03-02 10:00")
    assert text(cap_of(CHINA, office, ms("2026-03-05 11:00"), 3)) == "2026-03-10 11:00:00.000"


def test_days_of_an_extension_become_the_unit_of_the_clock() -> None:
    days = [extension_of(CHINA, run(unit, 9, "2026-03-02 10:00"), 2) for unit in UNITS]
    assert days == [2, 2, 2 * 8 * 60, 2, 48, 2]


def test_an_extension_of_months_is_added_in_days() -> None:
    clock = run("calendar_months", 1, "2026-03-02 10:00")
    clock.extensions += (Extension(ms("2026-03-20 10:00"), 7, "e", "p"),)
    assert text(due_of(CHINA, clock, POLICY)) == "2026-04-09 23:59:59.999"


START = datetime(2026, 1, 5, tzinfo=ZONE)
hours = st.integers(0, 24 * 40)


@st.composite
def suspended_clocks(draw: st.DrawFn) -> ClockRun:
    """A working-day clock with closed suspensions that started after it did and before it was over."""
    clock = ClockRun("promise", "working_days", draw(st.integers(1, 25)), to_ms(START + timedelta(hours=10)))
    for number, (begin, length) in enumerate(sorted(draw(st.lists(st.tuples(hours, hours), max_size=4)))):
        from_ms = clock.started_ms + begin * 3_600_000
        due = due_of(CHINA, clock, POLICY)
        if from_ms <= due:
            whole = CHINA.day_of(from_ms) == CHINA.day_of(due)
            clock.skips += (Skip(from_ms, "suspension", str(number), from_ms + length * 3_600_000, whole=whole),)
    clock.due_ms = due_of(CHINA, clock, POLICY)
    return clock


def skips_day(clock: ClockRun, day: int) -> bool:
    for skip in clock.skips:
        first, last = CHINA.day_of(skip.from_ms), CHINA.day_of(skip.to_ms or 0)
        if (first if skip.whole else first + 1) <= day <= last:
            return True
    return False


@given(suspended_clocks())
@settings(deadline=None)
def test_the_due_day_is_the_one_a_person_counts_to_day_by_day(clock: ClockRun) -> None:
    day, counted = CHINA.day_of(clock.started_ms), 0
    while counted < clock.amount:
        day += 1
        counted += CHINA.is_working(day) and not skips_day(clock, day)
    ends_on_due_day = [skip for skip in clock.skips if skip.whole]
    if not ends_on_due_day:
        assert date.fromordinal(CHINA.day_of(clock.due_ms)) == date.fromordinal(day)


@given(suspended_clocks(), st.integers(0, 60))
@settings(deadline=None)
def test_used_never_shrinks_and_reaches_the_limit_at_due(clock: ClockRun, days: int) -> None:
    at_ms = clock.started_ms + days * 86_400_000
    assert used_until(CHINA, clock, at_ms) <= used_until(CHINA, clock, at_ms + 86_400_000)
    assert used_until(CHINA, clock, clock.due_ms) == clock.amount


@given(suspended_clocks(), hours, st.integers(1, 200))
@settings(deadline=None)
def test_more_suspension_never_makes_a_due_earlier(clock: ClockRun, begin: int, length: int) -> None:
    before = clock.due_ms
    from_ms = clock.started_ms + begin * 3_600_000
    if from_ms <= before:
        whole = CHINA.day_of(from_ms) == CHINA.day_of(before)
        clock.skips += (Skip(from_ms, "suspension", "x", from_ms + length * 3_600_000, whole=whole),)
    assert due_of(CHINA, clock, POLICY) >= before


@given(st.sampled_from(UNITS[:3]), st.integers(0, 200), st.integers(2, 200), st.floats(0.1, 0.9))
@settings(deadline=None)
def test_a_suspension_split_into_touching_parts_changes_nothing(
    unit: LimitUnit, begin: int, length: int, share: float
) -> None:
    from_ms = to_ms(START) + (10 + begin) * 3_600_000
    to = from_ms + length * 3_600_000
    middle = from_ms + int(length * share) * 3_600_000
    whole = run(unit, 900 if unit == "office_minutes" else 20, "2026-01-05 10:00")
    parts = run(unit, whole.amount, "2026-01-05 10:00")
    whole.skips = (Skip(from_ms, "suspension", "a", to),)
    parts.skips = (
        Skip(from_ms, "suspension", "a", middle),
        Skip(middle, "suspension", "b", to),
    )
    assert due_of(CHINA, whole, POLICY) == due_of(CHINA, parts, POLICY)


@pytest.mark.parametrize(
    ("cancelled", "in_time"),
    [("2026-10-08 00:59:00", True), ("2026-10-08 01:00:00", True), ("2026-10-08 01:00:01", False)],
)
def test_g8_an_appointment_is_cancelled_eight_hours_before_to_the_second(cancelled: str, in_time: bool) -> None:
    appointment = ms("2026-10-08 09:00")
    assert (due_of(CHINA, run("clock_hours", 8, cancelled), POLICY) <= appointment) is in_time


@pytest.mark.parametrize("cancelled", ["2026-10-08 00:59:00", "2026-10-08 01:00:00", "2026-10-08 01:00:01"])
def test_g8_in_opening_hours_a_cancellation_in_the_night_is_a_breach(cancelled: str) -> None:
    assert due_of(CHINA, run("office_minutes", 480, cancelled), POLICY) > ms("2026-10-08 09:00")


def test_g9_a_stations_month_is_due_on_its_last_day_and_missed_by_months_off_free_days() -> None:
    due = date(2019, 3, 31)  # a Sunday, and the month's last day all the same
    warned, plate = (CHINA.end_of(add_months(due.toordinal(), months)) + 1 for months in (3, 6))
    assert (text(warned), text(plate)) == ("2019-07-01 00:00:00.000", "2019-10-01 00:00:00.000")
    missed = ClockRun("promise", "calendar_months", 3, CHINA.start_of(due.toordinal()), due_ms=warned - 1)
    missed.cards = ((warned, 1), (plate, 3))
    assert [missed.level_at(ms(at)) for at in ("2019-06-30 23:59", "2019-09-30 23:59", "2019-10-01 00:00")] == [
        None,
        (warned, 1),
        (plate, 3),
    ]
    missed.stopped_ms = ms("2019-08-31 10:00")  # handed in after five months: the warning is lifted, no plate is lost
    assert missed.level_at(plate) is None
