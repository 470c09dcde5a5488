"""Local midnights of a time zone as a table: a local day's number and time of day without asking the zone each time.

A day is its proleptic Gregorian ordinal (`date.toordinal()`). Instants are epoch milliseconds. Where a clock change
skips midnight itself, the day begins at the first instant that bears its date.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from streams.contracts.instants import to_ms

DAY_MS = 86_400_000
"""Milliseconds of a day without a clock change."""

FIRST_DAY = date(1995, 1, 1).toordinal()
"""The first day that any calendar covers."""

LAST_DAY = date(2049, 12, 31).toordinal()
"""The last day that any calendar covers."""


@dataclass(frozen=True, eq=False)
class Midnights:
    """The beginnings of the days FIRST_DAY … LAST_DAY + 1 in one zone."""

    zone: ZoneInfo
    begins: Sequence[int]

    def day_of(self, instant_ms: int) -> int:
        """The local day of an instant; days outside the table are extrapolated by whole days of UTC."""
        begins = self.begins
        guess = (instant_ms - begins[0]) // DAY_MS
        if 0 <= guess < len(begins) - 1:
            if begins[guess] > instant_ms:
                guess -= 1
            elif begins[guess + 1] <= instant_ms:
                guess += 1
        return FIRST_DAY + guess

    def begin_of(self, day: int) -> int:
        """The first instant of a local day.

        Raises:
            ValueError: the day lies outside the table.
        """
        index = day - FIRST_DAY
        if not 0 <= index < len(self.begins):
            raise ValueError(f"day {day} lies outside every calendar")
        return self.begins[index]

    def at(self, day: int, time_ms: int) -> int:
        """The instant at which the wall clock shows `time_ms` (since midnight) on a local day.

        A time that occurs twice means its first occurrence; one that is skipped means the instant it would have been.
        """
        begin = self.begin_of(day)
        if self.begin_of(day + 1) - begin == DAY_MS:
            return begin + time_ms
        shown = datetime.fromordinal(day).replace(tzinfo=self.zone) + timedelta(milliseconds=time_ms)
        return to_ms(shown.astimezone(UTC))


@cache
def midnights_of(zone: str) -> Midnights:
    """The table of one zone, e.g. `Asia/Shanghai`; built at the first use.

    Raises:
        ValueError: there is no such zone.
    """
    try:
        info = ZoneInfo(zone)
    except (KeyError, OSError) as error:
        raise ValueError(f"no such time zone: {zone}") from error
    return Midnights(info, tuple(_begin(day, info) for day in range(FIRST_DAY, LAST_DAY + 2)))


def _begin(day: int, zone: ZoneInfo) -> int:
    midnight = datetime.fromordinal(day).replace(tzinfo=zone)
    begin = to_ms(midnight.astimezone(UTC))
    # A midnight inside a skipped hour maps to an instant that still bears the day before; the day begins at the jump.
    if datetime.fromtimestamp(begin / 1000, zone).toordinal() == day:
        return begin
    later = [begin + minute * 60_000 for minute in range(24 * 60)]
    return later[bisect_right(later, day - 1, key=lambda at: datetime.fromtimestamp(at / 1000, zone).toordinal())]
