"""A slow second opinion on a case's clocks, in plain Python: it counts day by day, as a person with a calendar does.

Nothing of the engine is used here. Days are ordinals of dates, instants epoch milliseconds, opening hours minutes
since midnight. Readings of the page that are settled here: the wd before the due day on which a warning comes is one
that is counted, and nothing is warned on a morning on which the clock stands still; announced days of a suspension are
opening time for a limit that is opening time; a clock that waits is due when it would be without the waiting.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = 60_000
OFFICE = ("office_days", "office_minutes")


@cache
def wall(zone: ZoneInfo, day: int, minute: int) -> int:
    """The instant of a time of day."""
    at = datetime.combine(date.fromordinal(day), datetime.min.time(), zone) + timedelta(minutes=minute)
    return round(at.astimezone(UTC).timestamp() * 1000)


@cache
def day_of(zone: ZoneInfo, at: int) -> int:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).toordinal()


@dataclass(frozen=True, eq=False)
class World:
    """Free days, opening stretches and regular hours of every day that a case can touch."""

    zone: ZoneInfo
    free: frozenset[int]
    opened: dict[int, list[tuple[int, int]]]
    regular: dict[int, tuple[int, int]]
    regular_day: int

    def works(self, day: int) -> bool:
        return day not in self.free

    def opening(self, day: int) -> int:
        return wall(self.zone, day, self.regular[day][0])

    def close(self, day: int) -> int:
        return wall(self.zone, day, self.regular[day][1])

    def midnight(self, day: int) -> int:
        return wall(self.zone, day + 1, 0) - 1

    def working_after(self, day: int, count: int) -> int:
        """The `count`-th wd after a day."""
        while count:
            day += 1
            count -= self.works(day)
        return day

    def working_before(self, day: int, count: int) -> int:
        while count:
            day -= 1
            count -= self.works(day)
        return day

    def first_working(self, day: int) -> int:
        return day if self.works(day) else self.working_after(day, 1)


@dataclass
class Skip:
    """A stretch that is not counted: the days behind its first one, and that one too where it was the due day."""

    since: int
    name: str
    cap: int | None = None
    end: int | None = None
    on_due_day: bool = False

    def reach(self) -> int | None:
        known = [at for at in (self.end, self.cap) if at is not None]
        return min(known) if known else None


@dataclass
class Count:
    """One clock; `short`: days that an instant told to the applicant took off a limit in months."""

    name: str
    amount: int
    unit: str
    start: int
    epoch: int = 1
    extra: int = 0
    short: int = 0
    skips: list[Skip] = field(default_factory=list)
    due: int = 0
    stop: int | None = None
    judged_at: int | None = None
    replaced: bool = False

    def waits_since(self) -> int | None:
        return next((skip.since for skip in self.skips if skip.reach() is None), None)

    def in_time(self, at: int) -> bool:
        return self.waits_since() is not None or at <= self.due


class Counting:
    """The arithmetic of one clock in one world."""

    def __init__(self, world: World, clock: Count) -> None:
        self.world, self.clock, self.zone = world, clock, world.zone
        self.start = day_of(world.zone, clock.start)
        self.stretches = [(skip, end) for skip in clock.skips if (end := skip.reach()) is not None]

    def is_skipped(self, day: int) -> bool:
        for skip, end in self.stretches:
            first = day_of(self.zone, skip.since) + (not skip.on_due_day)
            if first <= day <= day_of(self.zone, end):
                return True
        return False

    def counts(self, day: int) -> bool:
        return (self.clock.unit != "working_days" or self.world.works(day)) and not self.is_skipped(day)

    def counted_day(self, count: int) -> int:
        day = self.start
        while count > 0:
            day += 1
            count -= self.counts(day)
        return day

    def morning(self, count: int) -> int:
        """The opening of the `count`-th counted day; of the next one where a skip of days began before it opened."""
        day = self.counted_day(count)
        for skip, end in self.stretches:
            began_early = day_of(self.zone, skip.since) == day and skip.since <= self.world.opening(day)
            if began_early and not skip.on_due_day and day_of(self.zone, end) > day:
                return self.morning(count + 1)
        return self.world.opening(day)

    def due(self, midnight: bool) -> int:
        clock = self.clock
        if clock.unit in OFFICE:
            return self.when_opened(self.length(clock.amount + clock.extra))
        if clock.unit == "working_days":
            day = self.counted_day(clock.amount + clock.extra)
            return self.world.midnight(day) if midnight else self.world.close(day)
        days = clock.amount
        if clock.unit == "calendar_months":
            days = same_day_later(self.start, clock.amount) - self.start
        return self.world.midnight(self.off_free_days(self.counted_day(days + clock.extra - clock.short)))

    def off_free_days(self, day: int) -> int:
        """Moved to the next wd; a wd that is skipped is none to be due on."""
        while not self.world.works(day) or (day != self.start and self.is_skipped(day)):
            day += 1
        return day

    def length(self, amount: int) -> int:
        return amount * MINUTE * (self.world.regular_day if self.clock.unit == "office_days" else 1)

    def open_pieces(self, day: int) -> list[tuple[int, int]]:
        """What of a day is counted: its opening stretches without what is skipped."""
        pieces = [(wall(self.zone, day, a), wall(self.zone, day, b)) for a, b in self.world.opened[day]]
        for skip, end in self.stretches:
            cut = [part for a, b in pieces for part in ((a, min(b, skip.since)), (max(a, end), b))]
            pieces = [(a, b) for a, b in cut if a < b]
        return [(max(a, self.clock.start), b) for a, b in pieces if b > self.clock.start]

    def when_opened(self, length: int) -> int:
        """When so much has been counted; at a close that is the next instant that counts."""
        day = self.start
        while True:
            for begin, end in self.open_pieces(day):
                if length < end - begin:
                    return begin + length
                length -= end - begin
            day += 1

    def opened_until(self, at: int) -> int:
        counted = 0
        for day in range(self.start, day_of(self.zone, at) + 1):
            counted += sum(max(0, min(b, at) - a) for a, b in self.open_pieces(day))
        return counted

    def warning(self) -> int:
        clock, total = self.clock, self.clock.amount + self.clock.extra
        k = min(2, (total - 1) // 2)
        if clock.unit == "working_days":
            at = self.morning(total - k)
        elif clock.unit == "office_days" and total >= 4:
            at = self.when_opened(self.length(total - 3)) + 1
        elif clock.unit in OFFICE:
            at = self.when_opened(self.length(total) * 4 // 5)
        else:
            k = 2 if clock.unit == "calendar_months" else k
            at = self.world.opening(self.world.working_before(day_of(self.zone, clock.due), k))
        return max(clock.start, min(at, clock.due))

    def nine_tenths(self) -> int:
        total = self.clock.amount + self.clock.extra
        if self.clock.unit in OFFICE:
            at = self.when_opened(self.length(total) * 9 // 10)
        else:
            at = self.morning(-(-total * 9 // 10))
        return max(self.clock.start, min(at, self.clock.due))

    def used(self, at: int) -> int:
        since = self.clock.waits_since()
        at = at if since is None else min(at, since)
        if self.clock.unit in OFFICE:
            return self.opened_until(at) // self.length(1)
        moved = range(0)
        if self.clock.unit == "calendar_days":
            last = self.counted_day(self.clock.amount + self.clock.extra)
            moved = range(last + 1, self.off_free_days(last) + 1)
        days = range(self.start + 1, day_of(self.zone, at) + 1)
        return sum(self.counts(day) for day in days if day not in moved)

    def overdue(self, at: int) -> int:
        """Begun units behind due, for limits in days working days; 0 up to it."""
        if at <= self.clock.due:
            return 0
        due, to = day_of(self.zone, self.clock.due), day_of(self.zone, at)
        if self.clock.unit in OFFICE:
            behind = Counting(self.world, Count("", 0, self.clock.unit, self.clock.due))
            return max(1, -(-behind.opened_until(at) // self.length(1)))
        return max(1, sum(self.world.works(day) for day in range(due + 1, to + 1)))


def same_day_later(day: int, months: int) -> int:
    start = date.fromordinal(day)
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for last in range(start.day, 0, -1):
        try:
            return date(years, month + 1, last).toordinal()
        except ValueError:
            continue
    raise AssertionError("no month is without days")
