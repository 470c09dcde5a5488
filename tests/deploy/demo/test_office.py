from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import deploy
from deploy.demo.office import MINUTE_MS, Office
from streams.contracts.instants import to_ms
from streams.registry.loading import load_hall

HALL = load_hall(Path(deploy.__file__).parent / "halls" / "pingliang")
OFFICE = Office(HALL)
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def local(day: date, hour: int, minute: int = 0) -> int:
    return to_ms(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")))


def test_working_days_are_moved_over_weekends_both_ways() -> None:
    assert OFFICE.moved(FRIDAY, 1) == MONDAY
    assert OFFICE.moved(MONDAY, -1) == FRIDAY
    assert OFFICE.moved(FRIDAY, 0) == FRIDAY
    assert OFFICE.next_working(date(2026, 11, 21)) == MONDAY


def test_a_made_up_saturday_has_its_own_hours() -> None:
    assert OFFICE.works(date(2026, 10, 10))
    assert OFFICE.opening(date(2026, 10, 10)) == local(date(2026, 10, 10), 8, 30)


def test_a_day_opens_closes_and_ends() -> None:
    assert OFFICE.opening(MONDAY) == local(MONDAY, 8, 30)
    assert OFFICE.closing(MONDAY) == local(MONDAY, 18)
    assert OFFICE.end_of(MONDAY) == to_ms(datetime(2026, 11, 23, 15, 59, 59, 999000, tzinfo=UTC))
    assert OFFICE.regular_ms(MONDAY) == 7 * 60 * MINUTE_MS
    assert OFFICE.stretches(date(2026, 11, 22)) == []


def test_an_amount_used_up_exactly_at_the_close_means_the_next_opening() -> None:
    assert OFFICE.used_up(local(FRIDAY, 17), 59 * MINUTE_MS) == local(FRIDAY, 17, 59)
    assert OFFICE.used_up(local(FRIDAY, 17), 60 * MINUTE_MS) == local(MONDAY, 8, 30)
    assert OFFICE.used_up(local(FRIDAY, 11), 90 * MINUTE_MS) == local(FRIDAY, 15)
    assert OFFICE.used_up(local(date(2026, 11, 21), 9), 0) == local(MONDAY, 8, 30)


def test_every_random_time_lies_inside_the_opening_hours() -> None:
    random = Random(7)
    for _ in range(300):
        at_ms = OFFICE.some_time(MONDAY, random)
        assert any(opens < at_ms < closes for opens, closes in OFFICE.stretches(MONDAY))
        assert OFFICE.some_time(MONDAY, random, early=True) < local(MONDAY, 16)
