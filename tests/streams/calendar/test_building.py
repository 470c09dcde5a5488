from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from streams.calendar.building import build_calendar
from streams.calendar.calendar import Calendar
from streams.contracts.instants import to_ms
from streams.registry.snapshot import CalendarData, HoursData

SPLIT = ("08:30-12:00", "13:30-18:00")
HALL_HOURS = HoursData(code="hall", weekdays=dict.fromkeys(range(1, 6), SPLIT))


def china(**lists: object) -> Calendar:
    return build_calendar(CalendarData(code="cn", zone="Asia/Shanghai", version="1", base="china", **lists), HALL_HOURS)  # type: ignore[arg-type]


CHINA = china()


@pytest.mark.parametrize(
    ("accepted", "days", "due"),
    [
        ("2018-10-15", 7, "2018-10-24"),
        ("2018-10-15", 10, "2018-10-29"),
        ("2025-09-26", 5, "2025-10-10"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-24", 20, "2026-10-29"),
        ("2026-09-30", 10, "2026-10-20"),
    ],
)
def test_g3_the_eight_published_examples_come_out(accepted: str, days: int, due: str) -> None:
    day = CHINA.nth_working(date.fromisoformat(accepted).toordinal(), days)
    assert date.fromordinal(day) == date.fromisoformat(due)


def test_working_days_per_year_agree_with_the_notices() -> None:
    counted = [
        CHINA.working_between(date(year - 1, 12, 31).toordinal(), date(year, 12, 31).toordinal())
        for year in range(2018, 2027)
    ]
    assert counted == [250, 250, 249, 250, 249, 249, 251, 248, 248]


def test_days_beyond_the_last_notice_are_estimated_and_provisional() -> None:
    assert not CHINA.is_provisional(date(2026, 12, 31).toordinal())
    assert CHINA.is_provisional(date(2027, 1, 4).toordinal())
    assert not CHINA.is_working(date(2027, 10, 1).toordinal())
    assert CHINA.is_working(date(2027, 1, 4).toordinal())


def test_the_lists_of_the_registry_win_over_the_base() -> None:
    calendar = china(free={date(2026, 3, 2): "停电"}, working={date(2026, 3, 7): "补班"})
    assert not calendar.is_working(date(2026, 3, 2).toordinal())
    assert calendar.is_working(date(2026, 3, 7).toordinal())
    assert calendar.names[date(2026, 3, 7).toordinal()] == "补班"


def test_a_make_up_saturday_is_open_like_a_regular_day_unless_it_has_hours_of_its_own() -> None:
    saturday = date(2026, 2, 14).toordinal()
    assert CHINA.last_closing(saturday) == CHINA.closing_of(saturday)
    assert CHINA.closing_of(saturday) - CHINA.start_of(saturday) == 18 * 3_600_000
    own = build_calendar(
        CalendarData(code="cn", zone="Asia/Shanghai", version="1", base="china"),
        HoursData(code="hall", weekdays=HALL_HOURS.weekdays, working_day=("09:00-16:00",)),
    )
    assert own.closing_of(saturday) - own.start_of(saturday) == 16 * 3_600_000
    assert own.last_closing(saturday) == own.closing_of(saturday)


def test_a_saturday_with_hours_opens_without_becoming_a_working_day_but_a_holiday_stays_closed() -> None:
    calendar = build_calendar(
        CalendarData(code="cn", zone="Asia/Shanghai", version="1", base="china"),
        HoursData(code="six", weekdays=dict.fromkeys(range(1, 7), SPLIT)),
    )
    plain, holiday = date(2026, 3, 7).toordinal(), date(2026, 10, 3).toordinal()
    assert not calendar.is_working(plain)
    assert calendar.last_closing(plain) is not None
    assert calendar.last_closing(holiday) is None


def test_a_half_day_counts_whole_and_ends_at_its_own_close() -> None:
    calendar = special(("08:30-12:00",))
    assert calendar.is_working(DAY)
    assert calendar.closing_of(DAY) - calendar.start_of(DAY) == 12 * 3_600_000
    assert calendar.last_closing(DAY) == calendar.closing_of(DAY)


def test_extended_service_opens_the_hall_longer_and_never_moves_the_close_of_business() -> None:
    calendar = special(("08:00-20:00",))
    assert calendar.closing_of(DAY) - calendar.start_of(DAY) == 18 * 3_600_000
    assert (calendar.last_closing(DAY) or 0) - calendar.start_of(DAY) == 20 * 3_600_000


def test_a_closed_hall_keeps_the_standard_time_and_the_legal_day() -> None:
    calendar = special(())
    assert calendar.is_working(DAY)
    assert calendar.last_closing(DAY) is None
    assert calendar.closing_of(DAY) - calendar.start_of(DAY) == 18 * 3_600_000


DAY = date(2026, 3, 4).toordinal()


def special(stretches: tuple[str, ...]) -> Calendar:
    hours = HoursData(code="hall", weekdays=HALL_HOURS.weekdays, days={date(2026, 3, 4): stretches})
    return build_calendar(CalendarData(code="cn", zone="Asia/Shanghai", version="1", base="china"), hours)


def test_the_regular_day_is_the_commonest_one() -> None:
    hours = HoursData(code="h", weekdays={**dict.fromkeys(range(1, 5), ("09:00-17:00",)), 5: ("09:00-12:00",)})
    calendar = build_calendar(CalendarData(code="w", zone="UTC", version="1"), hours)
    assert calendar.regular_day_ms == 8 * 3_600_000


def test_without_any_hours_business_closes_at_half_past_five_and_the_hall_never_opens() -> None:
    calendar = build_calendar(CalendarData(code="w", zone="UTC", version="1"), HoursData(code="h", weekdays={}))
    monday = date(2026, 3, 2).toordinal()
    assert calendar.closing_of(monday) == to_ms(datetime(2026, 3, 2, 17, 30, tzinfo=ZoneInfo("UTC")))
    assert calendar.last_closing(monday) is None


@pytest.mark.parametrize("text", ["8-12", "12:00-08:00", "08:60-09:00", "08:00 to 09:00", "08:00-24:01"])
def test_a_stretch_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="hours h"):
        build_calendar(CalendarData(code="w", zone="UTC", version="1"), HoursData(code="h", weekdays={1: (text,)}))


def test_overlapping_stretches_are_refused() -> None:
    hours = HoursData(code="h", weekdays={1: ("08:00-12:00", "11:00-13:00")})
    with pytest.raises(ValueError, match="overlap"):
        build_calendar(CalendarData(code="w", zone="UTC", version="1"), hours)


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(ValueError, match="Mars/Olympus"):
        build_calendar(CalendarData(code="w", zone="Mars/Olympus", version="1"), HALL_HOURS)


def test_summer_and_winter_hours_hold_from_their_dates_and_leave_the_legal_days_alone() -> None:
    summer: dict[int, tuple[str, ...]] = dict.fromkeys(range(1, 6), ("08:00-12:00", "14:30-18:30"))
    seasons = {date(2026, 10, 1): HALL_HOURS.weekdays, date(2026, 6, 1): summer}
    hours = HoursData(code="hall", weekdays=HALL_HOURS.weekdays, since=seasons)
    calendar = build_calendar(CalendarData(code="cn", zone="Asia/Shanghai", version="1", base="china"), hours)
    for day, closes in (("2026-05-29", 18.0), ("2026-06-01", 18.5), ("2026-09-30", 18.5), ("2026-10-08", 18.0)):
        at = date.fromisoformat(day).toordinal()
        assert calendar.closing_of(at) - calendar.start_of(at) == closes * 3_600_000
    made_up = date(2026, 9, 20).toordinal()
    assert calendar.closing_of(made_up) - calendar.start_of(made_up) == 18.5 * 3_600_000
    assert calendar.working_days == CHINA.working_days
    assert calendar.regular_day_ms == CHINA.regular_day_ms
