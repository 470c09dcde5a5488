"""Which days are worked by law: what a base knows before the lists of a registry are laid over it.

`china` knows the notices of the State Council that package chinesecalendar carries; beyond its last year the statutory
days of package holidays stand in, without make-up days: an estimate, so those days are provisional (clocks.md 8).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal

import chinese_calendar
import holidays

from streams.calendar.midnights import FIRST_DAY, LAST_DAY

Base = Literal["china", "weekend", "none"]
"""Published notices of China; Monday to Friday; every day."""


@dataclass(frozen=True)
class LegalDays:
    """What a base knows. `names` says what a free or make-up day is called.

    `free` are listed free days and `made_up` worked weekend days; days outside both follow the week.
    """

    is_working: Callable[[int], bool]
    free: frozenset[int]
    made_up: frozenset[int]
    names: MappingProxyType[int, str]
    first_known: int
    unknown_from: int


def legal_days(base: Base) -> LegalDays:
    """The days of a base."""
    if base == "china":
        return _china()
    is_working = _monday_to_friday if base == "weekend" else _every_day
    return LegalDays(is_working, frozenset(), frozenset(), MappingProxyType({}), FIRST_DAY, LAST_DAY + 1)


def _monday_to_friday(day: int) -> bool:
    return (day - 1) % 7 < 5


def _every_day(_day: int) -> bool:
    return True


@cache
def _china() -> LegalDays:
    notices = chinese_calendar.constants
    first = date(min(notices.holidays).year, 1, 1).toordinal()
    unknown_from = date(max(notices.holidays).year + 1, 1, 1).toordinal()
    names = {day.toordinal(): name for day, name in (*notices.holidays.items(), *notices.workdays.items())}
    estimated = holidays.country_holidays(
        "CN", years=range(date.fromordinal(unknown_from).year, date.fromordinal(LAST_DAY).year + 1)
    )
    names.update({day.toordinal(): name for day, name in estimated.items() if day.toordinal() >= unknown_from})
    made_up = frozenset(day.toordinal() for day in notices.workdays if day.isoweekday() > 5)
    free = frozenset(names) - frozenset(day.toordinal() for day in notices.workdays)

    def is_working(day: int) -> bool:
        return day in made_up or (_monday_to_friday(day) and day not in free)

    return LegalDays(is_working, free, made_up, MappingProxyType(names), first, unknown_from)
