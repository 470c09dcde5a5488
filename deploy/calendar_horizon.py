"""How far the calendars of the halls are published, and how many open clocks stand on days beyond; pure.

From September on a hall whose next year is not published is told so: the notice comes out in autumn, and the first
clocks already reach over the turn of the year (clocks.md 8).
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from streams.calendar.midnights import LAST_DAY
from streams.registry.registry import HallRegistry, Registry

_MONTHS_AHEAD = 4
"""September for a horizon at the new year."""


class CalendarHorizon(msgspec.Struct, frozen=True, kw_only=True):
    """One hall. `known_until` is the last published day, absent where there is no end.

    `open_clocks` stand on days beyond it; absent where the store could not tell. `alarm`: it is time for the next
    notice; then both texts say so, else they are empty.
    """

    hall: str
    known_until: date | None
    open_clocks: int | None
    alarm: bool = False
    notice_zh: str = ""
    notice_en: str = ""


def calendar_horizons(registry: Registry, open_clocks: Mapping[str, int] | None, now_ms: int) -> list[CalendarHorizon]:
    """Every hall's horizon; `open_clocks` counts by hall the open clocks on provisional days, as the store has them."""
    return [
        _horizon(code, hall, None if open_clocks is None else open_clocks.get(code, 0), now_ms)
        for code, hall in sorted(registry.halls.items())
    ]


def _horizon(code: str, hall: HallRegistry, count: int | None, now_ms: int) -> CalendarHorizon:
    calendars = [hall.calendar_of(org) for org in ("", *(org.code for org in hall.orgs))]
    unknown_from = min(calendar.unknown_from for calendar in calendars)
    if unknown_from > LAST_DAY:
        return CalendarHorizon(hall=code, known_until=None, open_clocks=count)
    known_until, first = date.fromordinal(unknown_from - 1), date.fromordinal(unknown_from)
    today = calendars[0].date_of(now_ms)
    if (first.year - today.year) * 12 + first.month - today.month > _MONTHS_AHEAD:
        return CalendarHorizon(hall=code, known_until=known_until, open_clocks=count)
    clocks_zh, clocks_en = ("未知数量的", "an unknown number of") if count is None else (f"{count} 个", f"{count:,}")
    return CalendarHorizon(
        hall=code,
        known_until=known_until,
        open_clocks=count,
        alarm=True,
        notice_zh=f"日历只公布到 {known_until},{clocks_zh}在办时限落在其后,均为暂定;请导入 {first.year} 年放假通知",
        notice_en=f"the calendar is published up to {known_until}; {clocks_en} open clocks stand on days beyond it and "
        f"are provisional: import the notice of {first.year}",
    )
