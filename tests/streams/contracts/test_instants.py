from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.instants import Instant, from_ms, is_instant, to_ms

FIRST_MS = to_ms(datetime(1, 1, 1, tzinfo=UTC))
LAST_MS = to_ms(datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC))


@given(st.integers(min_value=FIRST_MS, max_value=LAST_MS))
def test_every_millisecond_of_every_year_survives_both_ways(instant_ms: int) -> None:
    assert to_ms(from_ms(instant_ms)) == instant_ms


@pytest.mark.parametrize("beyond_ms", [FIRST_MS - 1, LAST_MS + 1, 10**18])
def test_what_lies_outside_the_years_is_no_instant(beyond_ms: int) -> None:
    assert is_instant(FIRST_MS)
    assert is_instant(LAST_MS)
    assert not is_instant(beyond_ms)
    with pytest.raises(OverflowError):
        from_ms(beyond_ms)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), -1),
        (datetime(1948, 2, 29, tzinfo=UTC), -689_212_800_000),
        (datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8))), 1_772_413_200_000),
    ],
)
def test_known_instants_have_their_known_milliseconds(instant: datetime, expected: int) -> None:
    assert to_ms(instant) == expected


@pytest.mark.parametrize("microsecond", [1, 500, 999])
def test_parts_of_a_millisecond_are_rounded_down_before_the_epoch_as_after_it(microsecond: int) -> None:
    after = datetime(2026, 1, 1, microsecond=microsecond, tzinfo=UTC)
    before = datetime(1960, 1, 1, microsecond=microsecond, tzinfo=UTC)
    assert from_ms(to_ms(after)) == after.replace(microsecond=0)
    assert from_ms(to_ms(before)) == before.replace(microsecond=0)


def test_both_sides_of_a_clock_change_are_an_hour_apart() -> None:
    first = datetime(2015, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=0)
    second = first.replace(fold=1)
    assert to_ms(second) - to_ms(first) == 3_600_000


@pytest.mark.parametrize("text", ["2026-03-02T09:00:00", "2026-03-02", "1772412000"])
def test_a_stamp_without_an_offset_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Instant)
