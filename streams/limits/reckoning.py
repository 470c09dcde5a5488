"""When a clock is due, how much of it is used, by how much it is late; units never convert into each other.

One place that knows which units are counted in days and which in time.
"""

from streams.calendar.calendar import Calendar
from streams.contracts.case_event import LimitUnit
from streams.limits import by_days, by_time
from streams.limits.clock_run import ClockRun
from streams.registry.snapshot import Policy

IN_TIME = frozenset({"office_days", "office_minutes", "clock_hours"})
"""Units that are counted in time; the others are counted in days."""


def due_of(calendar: Calendar, clock: ClockRun, policy: Policy) -> int:
    """The last instant still in time (clocks.md 1).

    Working days end at the close of business (or at midnight by policy), calendar days and months at 23:59:59.999.
    An instant told to the applicant is due as it was told, until a mechanism moves it.
    """
    if clock.told_ms is None:
        return _reckoned(calendar, clock, policy)
    if not clock.skips and not clock.extensions:
        return clock.told_ms
    return max(clock.told_ms, _reckoned(calendar, clock, policy))


def told_limit(calendar: Calendar, clock: ClockRun, told_ms: int) -> None:
    """Shorten a clock, in its own unit, to what lies between its start and the last instant that was told."""
    clock.told_ms = told_ms
    start, told = calendar.day_of(clock.started_ms), calendar.day_of(told_ms)
    if clock.unit in IN_TIME:
        unit = by_time.unit_ms(calendar, clock)
        time = by_time.position(calendar, clock, told_ms) - by_time.position(calendar, clock, clock.started_ms)
        clock.amount = max(1, -(-time // unit))
        clock.short = clock.amount * unit - time
    elif clock.unit == "calendar_months":
        clock.short = max(0, by_days.last_calendar_day(calendar, clock) - told)
    elif clock.unit == "calendar_days":
        clock.amount = told - start
    else:
        clock.amount = calendar.working_between(start, told)


def last_instant_told(calendar: Calendar, unit: LimitUnit, told_ms: int, policy: Policy) -> int:
    """Up to when a limit in this unit is in time by what was told: limits in days go by its date (clocks.md 5).

    So does a limit in time, where no time of day was told.
    """
    day = calendar.day_of(told_ms)
    if unit in IN_TIME and told_ms != calendar.start_of(day):
        return told_ms
    is_to_midnight = unit in ("calendar_days", "calendar_months", "clock_hours")
    if is_to_midnight or (unit == "working_days" and policy.end_of_day == "midnight"):
        return calendar.end_of(day)
    return calendar.closing_of(day)


def _reckoned(calendar: Calendar, clock: ClockRun, policy: Policy) -> int:
    if clock.unit in IN_TIME:
        return by_time.instant_used(calendar, clock, by_time.limit_ms(calendar, clock))
    if clock.unit == "working_days":
        moment = calendar.end_of if policy.end_of_day == "midnight" else calendar.closing_of
        return moment(by_days.counted_day(calendar, clock, clock.total(), moment))
    return calendar.end_of(by_days.calendar_due_day(calendar, clock))


def near_ms(calendar: Calendar, clock: ClockRun) -> int:
    """When a clock comes near its due (clocks.md 6).

    Working days: the opening of the counted day k before the due day, k = min(2, ⌊(N−1)/2⌋), so for one or two days
    the morning of the due day. Calendar limits: the opening of the working day k before it. Office days from four on:
    once three days are left. Minutes, hours and shorter office limits: 80 % used.
    """
    total = clock.total()
    before = min(2, (total - 1) // 2)
    if clock.unit == "working_days":
        return calendar.opening_of(by_days.counted_day(calendar, clock, total - before, calendar.opening_of))
    if clock.unit == "office_days" and total >= 4:
        left = 3 * calendar.regular_day_ms
        return by_time.instant_used(calendar, clock, by_time.limit_ms(calendar, clock) - left) + 1
    if clock.unit in IN_TIME:
        return by_time.instant_used(calendar, clock, by_time.limit_ms(calendar, clock) * 4 // 5)
    if clock.unit == "calendar_months":
        before = 2
    return calendar.opening_of(calendar.working_day_before(calendar.day_of(clock.due_ms), max(0, before)))


def share_ms(calendar: Calendar, clock: ClockRun, percent: int) -> int:
    """When so many per cent of a limit are used: for day limits the opening of counted day ⌈percent × N⌉."""
    if clock.unit in IN_TIME:
        return by_time.instant_used(calendar, clock, by_time.limit_ms(calendar, clock) * percent // 100)
    count = -(-clock.total() * percent // 100)
    if clock.unit == "working_days":
        return calendar.opening_of(by_days.counted_day(calendar, clock, count, calendar.opening_of))
    if clock.unit == "calendar_days":
        return calendar.opening_of(min(by_days.calendar_day(calendar, clock, count), calendar.day_of(clock.due_ms)))
    begin, end = calendar.day_of(clock.started_ms), calendar.day_of(clock.due_ms)
    return calendar.opening_of(begin - (begin - end) * percent // 100)


def used_until(calendar: Calendar, clock: ClockRun, at_ms: int) -> int:
    """How much of the limit is used at an instant, in whole units of the clock."""
    if at_ms <= clock.started_ms:
        return 0
    if clock.unit in IN_TIME:
        return by_time.used_ms(calendar, clock, at_ms) // by_time.unit_ms(calendar, clock)
    return by_days.used_days(calendar, clock, at_ms)


def overdue_by(calendar: Calendar, clock: ClockRun, at_ms: int) -> int:
    """By how much a clock is over at an instant, in begun units of `overdue_unit`; 0 up to its due."""
    if at_ms <= clock.due_ms:
        return 0
    if overdue_unit(clock) != "working_days":
        late = by_time.late_ms(calendar, clock, at_ms)
        return max(1, -(-late // by_time.unit_ms(calendar, clock)))
    return by_days.overdue_days(calendar, clock, at_ms)


def overdue_unit(clock: ClockRun) -> LimitUnit:
    """What being over is counted in: the limit's own unit, but working days for days of any kind (clocks.md 1).

    So too for a limit that is the closing of a day.
    """
    return clock.unit if clock.unit in IN_TIME and not clock.closing else "working_days"


def extension_unit(clock: ClockRun) -> LimitUnit:
    """What an extension is counted in: the clock's unit, but for months calendar days."""
    return "calendar_days" if clock.unit == "calendar_months" else clock.unit


def cap_of(calendar: Calendar, clock: ClockRun, from_ms: int, days: int) -> int:
    """Up to when a suspension of so many announced days has effect (clocks.md 4).

    Announced days are working days counted from the day after the start; for office limits they are opening time.
    """
    if clock.unit in ("office_days", "office_minutes"):
        return calendar.after_opened(from_ms, days * calendar.regular_day_ms)
    return calendar.end_of(calendar.nth_working(calendar.day_of(from_ms), days))


def extension_of(calendar: Calendar, clock: ClockRun, days: int) -> int:
    """Days of an extension in the clock's unit: office time for office limits, 24 hours a day for clock hours."""
    if clock.unit == "office_minutes":
        return days * calendar.regular_day_ms // by_time.MINUTE_MS
    return days * 24 if clock.unit == "clock_hours" else days


def begins_on_due_day(calendar: Calendar, clock: ClockRun, from_ms: int) -> bool:
    """Whether a suspension that starts at this instant starts on the due day of a day limit."""
    return clock.unit not in IN_TIME and calendar.day_of(from_ms) == calendar.day_of(clock.due_ms)


def stands_on_provisional_days(calendar: Calendar, clock: ClockRun) -> bool:
    """Whether any day in (start, due] is not published yet (clocks.md 8); clock hours stand on no calendar."""
    return clock.unit != "clock_hours" and calendar.is_provisional(calendar.day_of(clock.due_ms))
