"""Limits in days: working days, calendar days, calendar months (clocks.md 1).

The day of the start is not counted. A stretch that is not counted covers the days after its first day up to its last;
where it began on the due day itself, that day too.
"""

from collections.abc import Callable
from datetime import date

from streams.calendar.calendar import Calendar
from streams.calendar.midnights import LAST_DAY
from streams.limits.clock_run import ClockRun

_MONTHS_MAX = 12 * 100
"""More months than any calendar covers."""

DaySkip = tuple[int, int, int]
"""Days d with after < d ≤ to that are not counted, and the instant the stretch began."""


def skipped_days(calendar: Calendar, clock: ClockRun) -> list[DaySkip]:
    """What the clock skips, as merged stretches of days in order; an open wait without a cap is left out."""
    if not clock.skips:
        return []
    found: list[DaySkip] = []
    for skip in clock.skips:
        reach = skip.reach_ms()
        if reach is None:
            continue
        first = calendar.day_of(skip.from_ms)
        found.append((first - 1 if skip.whole else first, calendar.day_of(reach), skip.from_ms))
    found.sort()
    merged: list[DaySkip] = []
    for after, to, from_ms in found:
        if merged and after <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(to, merged[-1][1]), min(from_ms, merged[-1][2]))
        elif to > after:
            merged.append((after, to, from_ms))
    return merged


def counted_day(calendar: Calendar, clock: ClockRun, count: int, moment: Callable[[int], int]) -> int:
    """The `count`-th counted working day after the clock's start.

    `moment` gives the instant on that day that is asked for: a stretch that began by then moves it to the first
    working day after its end.
    """
    start = calendar.day_of(clock.started_ms)
    day = calendar.nth_working(start, count)
    for after, to, from_ms in skipped_days(calendar, clock):
        if after > day:
            break
        if after < day:
            day = calendar.nth_working(day, calendar.working_between(max(after, start), to))
        elif from_ms <= moment(day):
            day = calendar.nth_working(to, 1)
    return day


def calendar_due_day(calendar: Calendar, clock: ClockRun) -> int:
    """The due day of calendar days or months, moved off a free day (Civil Code article 203)."""
    return calendar.next_working(min(calendar_day(calendar, clock, clock.total()), LAST_DAY))


def last_calendar_day(calendar: Calendar, clock: ClockRun) -> int:
    """The last day that calendar days or months count, free or not."""
    return min(calendar_day(calendar, clock, clock.total(), to_due=False), LAST_DAY)


def calendar_day(calendar: Calendar, clock: ClockRun, count: int, *, to_due: bool = True) -> int:
    """The `count`-th counted calendar day, free or not; of a limit in months its last day.

    `to_due`: with what is skipped between a free last day and the working day that the due instant is moved to.
    """
    start = calendar.day_of(clock.started_ms)
    if clock.unit == "calendar_months":
        day = (
            add_months(start, min(clock.amount, _MONTHS_MAX))
            - clock.short
            + sum(extension.amount for extension in clock.extensions)
        )
    else:
        day = start + count
    for after, to, _ in skipped_days(calendar, clock):
        if after < day:
            day += to - max(after, start)
        elif to_due and after < calendar.next_working(min(day, LAST_DAY)):
            day = max(day, to + 1)  # the working day that it would be moved to is skipped
        else:
            break  # it began after the limit was over
    return day


def used_days(calendar: Calendar, clock: ClockRun, at_ms: int) -> int:
    """Counted days from the start up to the day of an instant, that day included.

    The days by which a calendar limit was moved off free days are nobody's.
    """
    start, today = calendar.day_of(clock.started_ms), calendar.day_of(at_ms)
    halted = clock.halted_ms()
    if halted is not None:
        today = min(today, calendar.day_of(halted))
    skipped = skipped_days(calendar, clock)
    if clock.unit == "working_days":
        counted = calendar.working_between(start, today)
        for after, to, _ in skipped:
            counted -= calendar.working_between(max(after, start), min(to, today))
        return counted
    counted = max(0, today - start)
    for after, to, _ in skipped:
        counted -= max(0, min(to, today) - max(after, start))
    last, due = last_calendar_day(calendar, clock), min(calendar.day_of(clock.due_ms), today)
    counted -= max(0, due - last)
    for after, to, _ in skipped:
        counted += max(0, min(to, due) - max(after, last))
    return full_months(start, start + counted) if clock.unit == "calendar_months" else counted


def overdue_days(calendar: Calendar, clock: ClockRun, at_ms: int) -> int:
    """By how many working days an instant after due is late, whatever days the limit counts; at least 1."""
    return max(1, calendar.working_between(calendar.day_of(clock.due_ms), calendar.day_of(at_ms)))


def add_months(day: int, months: int) -> int:
    """The corresponding day so many months later; where that month is shorter, its last day (Civil Code 202)."""
    start = date.fromordinal(day)
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal()
    return min(date(year, month + 1, 1).toordinal() + start.day - 1, following - 1)


def full_months(day: int, to: int) -> int:
    """How many whole months lie between two days."""
    if to <= day:
        return 0
    start, end = date.fromordinal(day), date.fromordinal(to)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(day, months) <= to else months - 1
