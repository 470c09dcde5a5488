"""Limits in time: office days, office minutes, clock hours (clocks.md 1).

Office limits run only inside opening hours: a start outside moves to the next opening, an amount that is used up
exactly at a close is due at the next opening. Clock hours run always.
"""

from streams.calendar.calendar import Calendar
from streams.calendar.midnights import LAST_DAY
from streams.limits.clock_run import ClockRun

MINUTE_MS = 60_000
HOUR_MS = 3_600_000


def unit_ms(calendar: Calendar, clock: ClockRun) -> int:
    """One unit of the clock as time; an office day is the hall's regular day."""
    if clock.unit == "office_days":
        return max(1, calendar.regular_day_ms)
    return MINUTE_MS if clock.unit == "office_minutes" else HOUR_MS


def limit_ms(calendar: Calendar, clock: ClockRun) -> int:
    """The whole limit with its extensions as time."""
    return clock.total() * unit_ms(calendar, clock) - clock.short


def instant_used(calendar: Calendar, clock: ClockRun, amount_ms: int) -> int:
    """When so much of the limit has been used, suspensions subtracted."""
    target = position(calendar, clock, clock.started_ms) + amount_ms
    for from_ms, to_ms in skipped_time(clock):
        if from_ms > _instant(calendar, clock, target):
            break
        skipped_from = position(calendar, clock, max(from_ms, clock.started_ms))
        target += max(0, position(calendar, clock, to_ms) - skipped_from)
    return _instant(calendar, clock, target)


def used_ms(calendar: Calendar, clock: ClockRun, at_ms: int) -> int:
    """How much time of the limit has been used by an instant."""
    halted = clock.halted_ms()
    until = at_ms if halted is None else min(at_ms, halted)
    used = position(calendar, clock, until) - position(calendar, clock, clock.started_ms)
    for from_ms, to_ms in skipped_time(clock):
        begin, end = max(from_ms, clock.started_ms), min(to_ms, until)
        if begin < end:
            used -= position(calendar, clock, end) - position(calendar, clock, begin)
    return max(0, used)


def late_ms(calendar: Calendar, clock: ClockRun, at_ms: int) -> int:
    """How much counted time lies between due and an instant after it."""
    return position(calendar, clock, at_ms) - position(calendar, clock, clock.due_ms)


def skipped_time(clock: ClockRun) -> list[tuple[int, int]]:
    """What the clock skips, merged and in order; an open wait without a cap is left out."""
    if not clock.skips:
        return []
    found = sorted((skip.from_ms, reach) for skip in clock.skips if (reach := skip.reach_ms()) is not None)
    merged: list[tuple[int, int]] = []
    for from_ms, to_ms in found:
        if merged and from_ms <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(to_ms, merged[-1][1]))
        elif to_ms > from_ms:
            merged.append((from_ms, to_ms))
    return merged


def position(calendar: Calendar, clock: ClockRun, at_ms: int) -> int:
    """Countable time up to an instant: opening time, or time itself for clock hours."""
    return at_ms if clock.unit == "clock_hours" else calendar.opened_until(at_ms)


def _instant(calendar: Calendar, clock: ClockRun, target: int) -> int:
    if clock.unit == "clock_hours":
        return min(target, calendar.end_of(LAST_DAY))
    return calendar.instant_opened(target)
