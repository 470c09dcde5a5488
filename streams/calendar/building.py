"""Builds a calendar out of registry data: legal days first, opening hours second (clocks.md 2)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple

from streams.calendar.calendar import Calendar, Stretches
from streams.calendar.legal import LegalDays, legal_days
from streams.calendar.midnights import DAY_MS, FIRST_DAY, LAST_DAY, Midnights, midnights_of
from streams.registry.snapshot import CalendarData, HoursData

STANDARD: Stretches = ((30_600_000, 63_000_000),)
"""08:30 to 17:30: where no hours are known (clocks.md 1)."""


def build_calendar(data: CalendarData, hours: HoursData) -> Calendar:
    """The calendar of these legal days and these opening hours.

    Raises:
        ValueError: the zone is unknown or a stretch of hours cannot be read; names it.
    """
    legal = legal_days(data.base)
    free = {day.toordinal(): name for day, name in data.free.items()}
    worked = {day.toordinal(): name for day, name in data.working.items()}
    days = range(FIRST_DAY, LAST_DAY + 1)
    working = [day in worked or (day not in free and legal.is_working(day)) for day in days]
    midnights = midnights_of(data.zone)
    plan = _Plan(hours, legal.free - worked.keys() | free.keys(), legal.made_up - free.keys() | worked.keys())
    opened = [_since_midnight(plan.opened(day, working[day - FIRST_DAY]), day, midnights) for day in days]
    return Calendar(
        code=data.code,
        version=data.version,
        first_known=data.known_from.toordinal() if data.known_from else legal.first_known,
        unknown_from=_unknown_from(data, legal),
        regular_day_ms=_length(plan.standard),
        names={**legal.names, **free, **worked},
        midnights=midnights,
        working_days=[day for day, works in zip(days, working, strict=True) if works],
        working_before=[0, *accumulate(map(int, working))],
        opened=opened,
        opened_before=[0, *accumulate(map(_length, opened))],
        regular=[plan.regular(day) for day in days],
    )


def _unknown_from(data: CalendarData, legal: LegalDays) -> int:
    return data.unknown_from.toordinal() if data.unknown_from else legal.unknown_from


class _Plan:
    """Which hours a day has by the wall clock."""

    def __init__(self, hours: HoursData, listed_free: Iterable[int], made_up: Iterable[int]) -> None:
        self._seasons = [_season(hours.code, FIRST_DAY, hours.weekdays)]
        self._seasons += [_season(hours.code, day.toordinal(), week) for day, week in sorted(hours.since.items())]
        self._free = frozenset(listed_free)
        self._made_up = frozenset(made_up)
        self._made_up_hours = _stretches(hours.code, hours.working_day)
        self._days = {day.toordinal(): _stretches(hours.code, texts) for day, texts in hours.days.items()}
        self.standard = self._seasons[0].standard

    def opened(self, day: int, working: bool) -> Stretches:
        """When the hall is open: on a wd by its weekday, on a make-up day like a wd, on a listed free day never.

        The hours of a single date win over all of that.
        """
        own = self._days.get(day)
        if own is not None:
            return own
        weekday = (day - 1) % 7 + 1
        if working and day in self._made_up and weekday > 5:
            return self._made_up_hours or self._season_of(day).standard
        if not working and day in self._free:
            return ()
        return self._season_of(day).weekdays.get(weekday, ())

    def regular(self, day: int) -> tuple[int, int]:
        """First opening and last closing of the regular hours of a day.

        A half day ends at its own close; extended service and a closure leave the regular hours as they are.
        """
        opens, closes = self._usual(day)
        own = self._days.get(day)
        if own:
            return max(opens, own[0][0]), min(closes, own[-1][1])
        return opens, closes

    def _usual(self, day: int) -> tuple[int, int]:
        weekday = (day - 1) % 7 + 1
        made_up = self._made_up_hours if day in self._made_up and weekday > 5 else ()
        season = self._season_of(day)
        stretches = made_up or season.weekdays.get(weekday, ()) or season.standard or STANDARD
        return stretches[0][0], stretches[-1][1]

    def _season_of(self, day: int) -> "_Season":
        """The hours in force on a day."""
        return self._seasons[max(0, bisect_right(self._seasons, day, key=attrgetter("from_day")) - 1)]


class _Season(NamedTuple):
    """The hours of the weekdays from a day on; `standard` are those that most of its days have."""

    from_day: int
    weekdays: Mapping[int, Stretches]
    standard: Stretches


def _season(code: str, from_day: int, weekdays: Mapping[int, Sequence[str]]) -> _Season:
    read = {weekday: _stretches(code, texts) for weekday, texts in weekdays.items()}
    week = [stretches for _, stretches in sorted(read.items()) if stretches]
    standard = max(Counter(week).items(), key=lambda pair: (pair[1], _length(pair[0])))[0] if week else ()
    return _Season(from_day, read, standard)


def _length(stretches: Stretches) -> int:
    return sum(closes - opens for opens, closes in stretches)


def _since_midnight(stretches: Stretches, day: int, midnights: Midnights) -> Stretches:
    begin = midnights.begin_of(day)
    if midnights.begin_of(day + 1) - begin == DAY_MS:
        return stretches
    shifted = ((midnights.at(day, opens) - begin, midnights.at(day, closes) - begin) for opens, closes in stretches)
    return tuple((opens, closes) for opens, closes in shifted if opens < closes)


def _stretches(code: str, texts: Sequence[str]) -> Stretches:
    stretches = tuple(sorted(_stretch(code, text) for text in texts))
    for (_, closes), (opens, _) in pairwise(stretches):
        if opens < closes:
            raise ValueError(f"hours {code}: stretches overlap: {', '.join(texts)}")
    return stretches


def _stretch(code: str, text: str) -> tuple[int, int]:
    opens, dash, closes = text.partition("-")
    start, end = _time_of_day(opens), _time_of_day(closes)
    if not dash or start is None or end is None or start >= end:
        raise ValueError(f"hours {code}: {text!r} is no stretch such as 08:30-12:00")
    return start, end


def _time_of_day(text: str) -> int | None:
    hours, _, minutes = text.strip().partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return None
    total = int(hours) * 60 + int(minutes)
    return total * 60_000 if int(minutes) < 60 and total <= 24 * 60 else None
