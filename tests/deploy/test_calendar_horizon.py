from datetime import UTC, date, datetime

import pytest

from deploy.calendar_horizon import calendar_horizons
from streams.contracts.instants import to_ms
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import CalendarData, Hall, HoursData, Org, Policy

CHINA = CalendarData(code="china", zone="Asia/Shanghai", version="1", base="china", unknown_from=date(2027, 1, 1))
DUTCH = CalendarData(code="dutch", zone="Europe/Amsterdam", version="1", base="weekend")


def registry(calendar: CalendarData, *more: CalendarData) -> Registry:
    hall = HallRegistry(
        hall=Hall(code="h", name_zh="大厅", zone=calendar.zone, calendar=calendar.code, hours="day", policy="two"),
        orgs=tuple(Org(code=one.code, name_zh="局", calendar=one.code) for one in more),
        calendars=(calendar, *more),
        hours=(HoursData(code="day", weekdays={1: ("08:30-17:30",)}),),
        policies=(Policy(code="two"),),
    )
    return Registry("v1", {"h": hall})


def at(month: int, day: int, hour: int = 12) -> int:
    return to_ms(datetime(2026, month, day, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now_ms", "alarm"), [(at(8, 31), False), (at(8, 31, 16), True), (at(9, 1), True), (at(12, 31), True)]
)
def test_the_alarm_sounds_from_september_on_by_the_halls_own_date(now_ms: int, alarm: bool) -> None:
    (found,) = calendar_horizons(registry(CHINA), {"h": 17}, now_ms)
    assert (found.alarm, found.open_clocks, found.known_until) == (alarm, 17, date(2026, 12, 31))
    assert bool(found.notice_zh) is bool(found.notice_en) is alarm


def test_the_notice_says_how_many_open_clocks_stand_on_estimated_days() -> None:
    (found,) = calendar_horizons(registry(CHINA), {"h": 1_700}, at(10, 1))
    assert "1700 个在办时限" in found.notice_zh
    assert "1,700 open clocks" in found.notice_en
    assert "2027" in found.notice_en
    (unknown,) = calendar_horizons(registry(CHINA), None, at(10, 1))
    assert unknown.open_clocks is None
    assert "unknown number" in unknown.notice_en


def test_a_calendar_without_an_end_never_alarms() -> None:
    (found,) = calendar_horizons(registry(DUTCH), {}, at(12, 31))
    assert (found.known_until, found.open_clocks, found.alarm) == (None, 0, False)


def test_the_nearest_horizon_of_all_calendars_that_a_halls_orgs_work_by_counts() -> None:
    (found,) = calendar_horizons(registry(DUTCH, CHINA), {}, at(12, 31))
    assert (found.known_until, found.alarm) == (date(2026, 12, 31), True)
