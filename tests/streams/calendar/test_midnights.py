from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.calendar.midnights import FIRST_DAY, LAST_DAY, midnights_of
from streams.contracts.instants import from_ms, to_ms

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Amsterdam", "UTC")


@given(
    st.sampled_from(ZONES),
    st.integers(to_ms(datetime(1995, 1, 3, tzinfo=UTC)), to_ms(datetime(2049, 12, 29, tzinfo=UTC))),
)
def test_the_table_names_the_day_that_the_zone_names(zone: str, instant_ms: int) -> None:
    instant = from_ms(instant_ms)
    day = midnights_of(zone).day_of(to_ms(instant))
    assert day == instant.astimezone(ZoneInfo(zone)).toordinal()


@given(st.sampled_from(ZONES), st.integers(FIRST_DAY, LAST_DAY), st.integers(0, 24 * 60 - 1))
def test_a_time_of_day_is_where_the_wall_clock_shows_it(zone: str, day: int, minute: int) -> None:
    shown = from_ms(midnights_of(zone).at(day, minute * 60_000)).astimezone(ZoneInfo(zone))
    wanted = datetime.fromordinal(day) + timedelta(minutes=minute)
    skipped = shown.replace(tzinfo=None) != wanted
    assert not skipped or abs(shown.replace(tzinfo=None) - wanted) == timedelta(hours=1)


def test_a_day_with_a_clock_change_is_as_long_as_it_is() -> None:
    boston = midnights_of("America/New_York")
    spring, autumn = date(2015, 3, 8).toordinal(), date(2015, 11, 1).toordinal()
    assert boston.begin_of(spring + 1) - boston.begin_of(spring) == 23 * 3_600_000
    assert boston.begin_of(autumn + 1) - boston.begin_of(autumn) == 25 * 3_600_000
    assert boston.at(spring, 9 * 3_600_000) - boston.begin_of(spring) == 8 * 3_600_000


def test_a_day_whose_midnight_is_skipped_begins_at_the_jump() -> None:
    cairo = midnights_of("Africa/Cairo")
    day = date(2014, 5, 16).toordinal()
    assert from_ms(cairo.begin_of(day)).astimezone(ZoneInfo("Africa/Cairo")).isoformat().startswith("2014-05-16T01:00")


def test_a_day_outside_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        midnights_of("UTC").begin_of(FIRST_DAY - 1)
