from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.calendar.building import build_calendar
from streams.calendar.calendar import Calendar
from streams.calendar.midnights import LAST_DAY
from streams.contracts.instants import to_ms
from streams.registry.snapshot import CalendarData, HoursData

SPLIT = ("08:30-12:00", "13:30-18:00")
WEEK: dict[int, tuple[str, ...]] = dict.fromkeys(range(1, 6), SPLIT)
CHINA = build_calendar(
    CalendarData(code="cn", zone="Asia/Shanghai", version="1", base="china"), HoursData(code="h", weekdays=WEEK)
)
BOSTON = build_calendar(
    CalendarData(code="us", zone="America/New_York", version="1", free={date(2015, 1, 19): "MLK"}),
    HoursData(code="h", weekdays=dict.fromkeys(range(1, 6), ("08:30-17:00",))),
)
ALWAYS = build_calendar(
    CalendarData(code="nl", zone="Europe/Amsterdam", version="1", base="none"),
    HoursData(code="h", weekdays=dict.fromkeys(range(1, 8), ("00:00-24:00",))),
)


def ms(text: str, calendar: Calendar = CHINA) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=calendar.midnights.zone))


def test_opening_time_passes_only_while_the_hall_is_open() -> None:
    assert CHINA.opened_between(ms("2026-03-02 10:00"), ms("2026-03-02 14:00")) == (2 * 60 + 30) * 60_000
    assert CHINA.opened_between(ms("2026-03-06 18:00"), ms("2026-03-09 08:30")) == 0
    assert CHINA.opened_between(ms("2026-03-09 08:30"), ms("2026-03-06 18:00")) == 0


def test_opening_hours_are_half_open() -> None:
    assert CHINA.is_open(ms("2026-03-02 08:30"))
    assert not CHINA.is_open(ms("2026-03-02 12:00"))
    assert CHINA.next_opening(ms("2026-03-02 12:00")) == ms("2026-03-02 13:30")
    assert CHINA.next_opening(ms("2026-03-06 18:00")) == ms("2026-03-09 08:30")
    assert CHINA.next_opening(ms("2026-03-02 09:15")) == ms("2026-03-02 09:15")


def test_an_amount_used_up_at_a_close_is_due_at_the_next_opening() -> None:
    assert CHINA.after_opened(ms("2026-03-06 17:00"), 3_600_000) == ms("2026-03-09 08:30")
    assert CHINA.after_opened(ms("2026-03-02 11:00"), 3_600_000) == ms("2026-03-02 13:30")


def test_ten_regular_days_in_boston_end_at_the_same_time_of_day() -> None:
    start = BOSTON.next_opening(ms("2015-01-05 10:12", BOSTON))
    assert BOSTON.after_opened(start, 10 * BOSTON.regular_day_ms) == ms("2015-01-20 10:12", BOSTON)


def test_ten_regular_days_across_bostons_clock_change_keep_the_time_of_day() -> None:
    start = ms("2015-03-06 10:12", BOSTON)
    assert BOSTON.after_opened(start, 10 * BOSTON.regular_day_ms) == ms("2015-03-20 10:12", BOSTON)


def test_an_hour_skipped_by_the_clock_is_no_opening_time_in_amsterdam() -> None:
    day = (ms("2015-03-29 00:00", ALWAYS), ms("2015-03-30 00:00", ALWAYS))
    assert ALWAYS.opened_between(*day) == 23 * 3_600_000
    again = (ms("2015-10-25 00:00", ALWAYS), ms("2015-10-26 00:00", ALWAYS))
    assert ALWAYS.opened_between(*again) == 25 * 3_600_000


def test_a_day_ends_a_millisecond_before_the_next() -> None:
    day = date(2015, 3, 29).toordinal()
    assert ALWAYS.end_of(day) + 1 == ALWAYS.start_of(day + 1)


def test_a_legal_holiday_is_neither_worked_nor_open() -> None:
    monday = date(2015, 1, 19).toordinal()
    assert not BOSTON.is_working(monday)
    assert BOSTON.opening_day(monday) == monday + 1
    assert BOSTON.last_closing(monday) is None
    assert BOSTON.closing_of(monday) == ms("2015-01-19 17:00", BOSTON)


def test_what_lies_before_the_first_known_day_is_not_covered() -> None:
    assert not CHINA.covers(ms("1948-05-01 09:00"))
    assert not CHINA.covers(ms("2003-12-31 09:00"))
    assert CHINA.covers(ms("2004-01-01 09:00"))
    assert not CHINA.covers(ms("2099-01-01 09:00"))


def test_an_instant_outside_the_table_is_taken_for_its_first_or_last_day() -> None:
    assert CHINA.day_of(ms("2099-01-01 09:00")) == LAST_DAY
    assert CHINA.date_of(ms("1948-05-01 09:00")) == date(1995, 1, 1)
    assert CHINA.opened_between(ms("1948-05-01 09:00"), ms("1994-12-31 09:00")) == 0
    assert CHINA.opened_between(ms("2050-05-01 09:00"), ms("2099-12-31 09:00")) == 0


def test_a_limit_that_ends_beyond_the_table_is_clamped_to_its_end() -> None:
    day = date(2040, 1, 1).toordinal()
    assert CHINA.nth_working(day, 100_000) == LAST_DAY
    assert CHINA.after_opened(CHINA.start_of(day), 10**13) == CHINA.end_of(LAST_DAY)
    assert CHINA.end_of(LAST_DAY + 30) == CHINA.end_of(LAST_DAY)


def test_the_working_day_before_skips_what_is_free() -> None:
    assert date.fromordinal(CHINA.working_day_before(date(2026, 10, 9).toordinal(), 2)) == date(2026, 9, 30)


DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 1)).map(date.toordinal)


@given(DAYS, st.integers(1, 60))
def test_counting_to_the_nth_working_day_gives_n(day: int, count: int) -> None:
    due = CHINA.nth_working(day, count)
    assert CHINA.is_working(due)
    assert CHINA.working_between(day, due) == count


@given(DAYS, st.integers(0, 40))
def test_working_days_are_counted_like_a_person_counts_them(day: int, span: int) -> None:
    assert CHINA.working_between(day, day + span) == sum(CHINA.is_working(d) for d in range(day + 1, day + span + 1))


INSTANTS = st.datetimes(datetime(2014, 1, 1), datetime(2016, 1, 1))  # noqa: DTZ001 Hypothesis adds no zone


@pytest.mark.parametrize("calendar", [CHINA, BOSTON, ALWAYS])
@given(naive=INSTANTS, minutes=st.integers(0, 20_000))
def test_time_added_is_time_passed(calendar: Calendar, naive: datetime, minutes: int) -> None:
    start = calendar.next_opening(to_ms(naive.replace(tzinfo=ZoneInfo("UTC"))))
    end = calendar.after_opened(start, minutes * 60_000)
    assert calendar.opened_between(start, end) == minutes * 60_000
    assert calendar.is_open(end)


@given(naive=INSTANTS, hours=st.integers(0, 100))
def test_opening_time_agrees_with_counting_minutes(naive: datetime, hours: int) -> None:
    start = naive.replace(second=0, microsecond=0, tzinfo=ZoneInfo("UTC"))
    minutes = [to_ms(start + timedelta(minutes=minute)) for minute in range(0, hours * 60, 30)]
    edges = [at - at % 1_800_000 for at in minutes]
    counted = sum(CHINA.is_open(at) for at in edges) * 1_800_000
    if edges:
        assert CHINA.opened_between(edges[0], edges[-1] + 1_800_000) == counted
