"""Days and hours of a simulated hall, counted plainly: day by day, stretch by stretch.

It asks the hall's calendar only whether a day is worked; everything else is counted here, so that the truth of the
simulation does not come from the code that it checks.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from streams.contracts.instants import to_ms
from streams.registry.registry import HallRegistry

MINUTE_MS = 60_000
_DAY = timedelta(days=1)


class Office:
    """When the hall is open, by its own calendar and hours."""

    def __init__(self, hall: HallRegistry) -> None:
        """The hall's own calendar and hours; orgs with others are not simulated.

        `works` tells whether a day is worked; `stretches` its opening as half-open instants, none on a free day.
        """
        calendar = hall.calendar_of("")
        hours = next(hours for hours in hall.hours if hours.code == hall.hall.hours)
        self.zone = ZoneInfo(hall.hall.zone)
        self.works = cache(lambda day: calendar.is_working(day.toordinal()))
        self._week = {weekday: _stretches(texts) for weekday, texts in hours.weekdays.items()}
        self._made_up = _stretches(hours.working_day) or next(iter(self._week.values()))
        self.stretches = cache(self._opened)

    def day_of(self, instant_ms: int) -> date:
        """The local date of an instant."""
        return datetime.fromtimestamp(instant_ms / 1000, self.zone).date()

    def next_working(self, day: date) -> date:
        """The day itself if it is worked, else the next one that is."""
        while not self.works(day):
            day += _DAY
        return day

    def moved(self, day: date, working_days: int) -> date:
        """So many working days later, or earlier."""
        step = _DAY if working_days > 0 else -_DAY
        left = abs(working_days)
        while left:
            day += step
            left -= self.works(day)
        return day

    def _opened(self, day: date) -> list[tuple[int, int]]:
        if not self.works(day):
            return []
        return [(self._at(day, opens), self._at(day, closes)) for opens, closes in self._hours(day)]

    def opening(self, day: date) -> int:
        """When a working day begins."""
        return self._at(day, self._hours(day)[0][0])

    def closing(self, day: date) -> int:
        """Close of business of a working day."""
        return self._at(day, self._hours(day)[-1][1])

    def end_of(self, day: date) -> int:
        """The last millisecond of a day."""
        return self._at(day + _DAY, 0) - 1

    def regular_ms(self, day: date) -> int:
        """How long the hall is open on a working day."""
        return sum(closes - opens for opens, closes in self.stretches(day))

    def used_up(self, start_ms: int, amount_ms: int) -> int:
        """When so much opening time has passed; used up exactly at a close means the next opening (clocks.md 1)."""
        day = self.day_of(start_ms)
        while True:
            for opens, closes in self.stretches(day):
                begin = max(opens, start_ms)
                if begin < closes:
                    if amount_ms < closes - begin:
                        return begin + amount_ms
                    amount_ms -= closes - begin
            day += _DAY

    def some_time(self, day: date, random: Random, *, early: bool = False) -> int:
        """An instant inside the opening hours of a working day, to the second, as crowds come: mid-morning most.

        Never within five minutes of an opening or a close; `early` leaves the last two hours out.
        """
        stretches = self.stretches(day)
        if early:
            stretches = [(opens, min(closes, stretches[-1][1] - 120 * MINUTE_MS)) for opens, closes in stretches]
        weights = [6, *[4] * (len(stretches) - 1)]
        opens, closes = random.choices(stretches, weights)[0]
        opens, closes = opens + 5 * MINUTE_MS, closes - 5 * MINUTE_MS
        at_ms = random.triangular(opens, closes, opens + (closes - opens) * 0.4)
        return int(at_ms) // 1000 * 1000

    def _hours(self, day: date) -> list[tuple[int, int]]:
        return self._week.get(day.isoweekday()) or self._made_up

    def _at(self, day: date, minute: int) -> int:
        whole = datetime.combine(day, time(), self.zone) + timedelta(minutes=minute)
        return to_ms(whole)


def _stretches(texts: tuple[str, ...]) -> list[tuple[int, int]]:
    """`08:30-12:00` as minutes since midnight."""
    return [(_minute(opens), _minute(closes)) for opens, _, closes in (text.partition("-") for text in texts)]


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
