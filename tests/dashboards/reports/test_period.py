from datetime import UTC, datetime, timedelta

import pytest

from dashboards.reports.period import period_of

SHANGHAI, BOSTON = "Asia/Shanghai", "America/New_York"


def utc(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2015", utc(2014, 12, 31, 16), utc(2015, 12, 31, 16)),
        ("2015-03", utc(2015, 2, 28, 16), utc(2015, 3, 31, 16)),
        ("2015-12", utc(2015, 11, 30, 16), utc(2015, 12, 31, 16)),
        ("2015-W10", utc(2015, 3, 1, 16), utc(2015, 3, 8, 16)),
        ("2015-W01", utc(2014, 12, 28, 16), utc(2015, 1, 4, 16)),
        ("2015-Q1", utc(2014, 12, 31, 16), utc(2015, 3, 31, 16)),
        ("2015-Q4", utc(2015, 9, 30, 16), utc(2015, 12, 31, 16)),
    ],
)
def test_a_period_goes_from_midnight_to_midnight_in_the_halls_zone(name: str, start: datetime, end: datetime) -> None:
    period = period_of(name, SHANGHAI)
    assert (period.name, period.start, period.end) == (name, start, end)


def test_a_month_in_which_the_clocks_change_is_an_hour_short() -> None:
    march = period_of("2015-03", BOSTON)
    assert march.end.timestamp() - march.start.timestamp() == timedelta(days=31, hours=-1).total_seconds()


@pytest.mark.parametrize(
    "name", ["", "15", "2015-3", "2015-13", "2015-00", "2015-W54", "2015-W00", "2015-Q5", "2015-03-01", "x", "0000"]
)
def test_anything_else_is_refused_and_says_how_to_write_it(name: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        period_of(name, SHANGHAI)
