"""Periods that are reported on: a week, a month, a quarter or a year of a hall's own calendar (PL-41)."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d{4})(?:-(?:(\d{2})|W(\d{2})|Q([1-4])))?")


class Period(NamedTuple):
    """From `start` up to, not including, `end`: the first instants of days in the hall's zone."""

    name: str
    start: datetime
    end: datetime


def period_of(name: str, zone: str) -> Period:
    """`2015`, `2015-03`, `2015-W10` (ISO week) or `2015-Q1` in a zone.

    Raises:
        ValueError: it is written otherwise, or there is no such week or month.
    """
    written = _WRITTEN.fullmatch(name)
    if written is None:
        raise ValueError(f"{name!r} is no period: write 2015, 2015-03, 2015-W10 or 2015-Q1")
    year, month, week, quarter = (int(part) if part else None for part in written.groups())
    assert year is not None
    try:
        first, last = _days(year, month, week, quarter)
    except ValueError as error:
        raise ValueError(f"{name!r} is no period: {error}") from error
    return Period(name, _midnight(first, zone), _midnight(last, zone))


def _days(year: int, month: int | None, week: int | None, quarter: int | None) -> tuple[date, date]:
    if week is not None:
        first = date.fromisocalendar(year, week, 1)
        return first, first + timedelta(days=7)
    if month is not None:
        return date(year, month, 1), _month_start(year, month + 1)
    if quarter is not None:
        return date(year, 3 * quarter - 2, 1), _month_start(year, 3 * quarter + 1)
    return date(year, 1, 1), date(year + 1, 1, 1)


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
