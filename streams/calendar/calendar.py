"""A calendar: the legal days and opening hours that one org works by, with arithmetic on tables.

A day is its proleptic Gregorian ordinal (`date.toordinal()`); instants are epoch milliseconds; opening time is
counted in milliseconds. wd = legal working day. Every question is answered in O(1) or O(log n) (clocks.md 1 and 2).
Beyond the last day of the table answers are clamped to it: a limit that ends there is as good as endless.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from streams.calendar.midnights import FIRST_DAY, LAST_DAY, Midnights

Stretches = tuple[tuple[int, int], ...]
"""Opening stretches [open, close) of a day in milliseconds since its beginning, in order."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Calendar:
    """Immutable; made by `streams.calendar.building.build_calendar`. Compared by identity.

    `version` names the registry data it was built from. `first_known` is the first day it can answer for.
    `regular_day_ms` is the opening time of the hall's regular day, the unit of `office_days`.
    `names` says why a day is free or worked where that is not plain from the weekday.
    """

    code: str
    version: str
    first_known: int
    unknown_from: int
    regular_day_ms: int
    names: Mapping[int, str]
    midnights: Midnights
    working_days: Sequence[int]
    working_before: Sequence[int]
    opened: Sequence[Stretches]
    opened_before: Sequence[int]
    regular: Sequence[tuple[int, int]]

    def covers(self, instant_ms: int) -> bool:
        """Whether a clock can start at this instant: not before the first known day, not beyond the table."""
        return self.first_known <= self.midnights.day_of(instant_ms) < LAST_DAY

    def day_of(self, instant_ms: int) -> int:
        """The local day of an instant; what lies outside the table is taken for its first or last day."""
        day = self.midnights.day_of(instant_ms)
        return day if FIRST_DAY <= day <= LAST_DAY else FIRST_DAY if day < FIRST_DAY else LAST_DAY

    def date_of(self, instant_ms: int) -> date:
        """The local date of an instant inside the table."""
        return date.fromordinal(self.day_of(instant_ms))

    def start_of(self, day: int) -> int:
        """The first instant of a day."""
        return self.midnights.begin_of(day)

    def end_of(self, day: int) -> int:
        """The last millisecond of a day: 23:59:59.999."""
        return self.midnights.begin_of(min(day, LAST_DAY) + 1) - 1

    def is_working(self, day: int) -> bool:
        """Whether a day is a legal working day."""
        index = day - FIRST_DAY
        return self.working_before[index + 1] > self.working_before[index]

    def working_between(self, after: int, to: int) -> int:
        """The number of wd d with after < d ≤ to; 0 where the stretch is empty."""
        if to <= after:
            return 0
        return self.working_before[min(to, LAST_DAY) - FIRST_DAY + 1] - self.working_before[after - FIRST_DAY + 1]

    def nth_working(self, after: int, count: int) -> int:
        """The `count`-th wd after a day; for a count of 0 or less the wd that lies so many before the next one."""
        index = self.working_before[after - FIRST_DAY + 1] + count - 1
        return self.working_days[index] if index < len(self.working_days) else LAST_DAY

    def next_working(self, day: int) -> int:
        """The day itself if it is a wd, else the next wd."""
        return self.nth_working(day - 1, 1)

    def is_provisional(self, day: int) -> bool:
        """Whether nobody has published yet whether this day is worked."""
        return day >= self.unknown_from

    def opening_of(self, day: int) -> int:
        """When a day's regular hours begin; a closed day keeps the standard time."""
        return self.midnights.at(day, self.regular[day - FIRST_DAY][0])

    def closing_of(self, day: int) -> int:
        """Close of business: when a day's regular hours end; a closed day keeps the standard time."""
        return self.midnights.at(day, self.regular[day - FIRST_DAY][1])

    def is_open(self, instant_ms: int) -> bool:
        """Whether the hall is open: inside [open, close)."""
        into_ms, stretches = self._into(instant_ms)
        return any(opens <= into_ms < closes for opens, closes in stretches)

    def opened_until(self, instant_ms: int) -> int:
        """Opening time from the beginning of the table to an instant."""
        midnights = self.midnights
        index = midnights.day_of(instant_ms) - FIRST_DAY
        if not 0 <= index < len(self.opened):
            return 0 if index < 0 else self.opened_before[-1]
        into_ms, stretches = instant_ms - midnights.begins[index], self.opened[index]
        passed = self.opened_before[index]
        for opens, closes in stretches:
            if into_ms <= opens:
                break
            passed += min(into_ms, closes) - opens
        return passed

    def opened_between(self, from_ms: int, to_ms: int) -> int:
        """Opening time between two instants; 0 where the stretch is empty."""
        return max(0, self.opened_until(to_ms) - self.opened_until(from_ms))

    def instant_opened(self, position_ms: int) -> int:
        """The instant at which so much opening time has passed since the beginning of the table.

        An amount that is used up exactly at a close is due at the next opening (clocks.md 1).
        """
        index = bisect_right(self.opened_before, position_ms) - 1
        if index >= len(self.opened):
            return self.end_of(LAST_DAY)
        rest = position_ms - self.opened_before[index]
        begin = self.midnights.begin_of(FIRST_DAY + index)
        for opens, closes in self.opened[index]:
            if rest < closes - opens:
                return begin + opens + rest
            rest -= closes - opens
        raise AssertionError("the opening table does not add up")

    def next_opening(self, instant_ms: int) -> int:
        """The instant itself if the hall is open, else the next opening."""
        return instant_ms if self.is_open(instant_ms) else self.instant_opened(self.opened_until(instant_ms))

    def after_opened(self, instant_ms: int, amount_ms: int) -> int:
        """The instant at which so much opening time has passed since another one."""
        return self.instant_opened(self.opened_until(instant_ms) + amount_ms)

    def last_closing(self, day: int) -> int | None:
        """The last closing of a day with extended service included; none on a closed day."""
        stretches = self.opened[day - FIRST_DAY]
        return self.midnights.begin_of(day) + stretches[-1][1] if stretches else None

    def opening_day(self, day: int) -> int:
        """The day itself if the hall opens on it, else the next day on which it does."""
        position = self.opened_before[day - FIRST_DAY]
        return min(FIRST_DAY + bisect_right(self.opened_before, position) - 1, LAST_DAY)

    def working_day_before(self, day: int, count: int) -> int:
        """The wd that lies `count` wd before a wd; 0 is the day itself."""
        return self.working_days[max(0, bisect_left(self.working_days, day) - count)]

    def _into(self, instant_ms: int) -> tuple[int, Stretches]:
        day = self.midnights.day_of(instant_ms)
        if not FIRST_DAY <= day <= LAST_DAY:
            return 0, ()
        return instant_ms - self.midnights.begin_of(day), self.opened[day - FIRST_DAY]
