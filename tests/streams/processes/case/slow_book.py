"""The slow second opinion on a whole case: limits, mechanisms and cards, told event by event in order of time."""

from typing import NamedTuple

from tests.streams.processes.case.slow_oracle import OFFICE, Count, Counting, Skip, World, day_of, same_day_later

ARTICLE_45 = ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审")


class Terms(NamedTuple):
    """What was promised and what the law says, as (amount, unit), and the policy."""

    promise: tuple[int, str] | None
    statutory: tuple[int, str] | None
    ladder: str = "two_limit"
    midnight: bool = False
    correction: str = "reset"
    statutory_correction: str = "pause"
    suspension_max: int = 20
    extension_max: int = 10
    no_extension_after_suspension: bool = False


class Happening(NamedTuple):
    at: int
    kind: str
    days: int | None = None
    name: str = ""
    ground: str = ""
    other: int | None = None
    approver: str = "局长"


Cards = list[tuple[int, str]]
LEVELS = ("", "warn", "yellow", "red")


class Span(NamedTuple):
    """A stretch of one level on the ladder of one epoch."""

    epoch: int
    level: str
    since: int
    until: int | None


class Book:
    """One case, told event by event in order of time."""

    def __init__(self, world: World, terms: Terms, start: int, told: int | None = None) -> None:
        self.world, self.terms = world, terms
        self.clocks: list[Count] = []
        self.waiting = False
        self.urged: int | None = None
        self.stopped: int | None = None
        self.extended, self.suspensions = 0, 0
        self.spans: list[Span] = []
        self.now = start
        for name, limit in (("promise", terms.promise), ("statutory", terms.statutory)):
            if limit is not None:
                self.clocks.append(Count(name, *limit, start))
        self.plan()
        if told is not None:
            self.bind(told, start)
        self.look(start)

    def bind(self, told: int, start: int) -> None:
        """A told date earlier than the computed one binds; alone it is the promise."""
        promise = self.open("promise")
        day, zone = day_of(self.world.zone, told), self.world.zone
        if promise is not None and day >= day_of(zone, promise.due):
            return
        if promise is not None:
            self.clocks.remove(promise)
        first, unit = day_of(zone, start), promise.unit if promise is not None else "working_days"
        if unit == "calendar_months" and promise is not None:
            whole = same_day_later(first, promise.amount)
            self.clocks.insert(0, Count("promise", promise.amount, unit, start, short=max(0, whole - day)))
            self.plan()
            return
        days = sum(self.world.works(each) or unit != "working_days" for each in range(first + 1, day + 1))
        self.clocks.insert(0, Count("promise", days, unit, start))
        self.plan()

    def open(self, name: str) -> Count | None:
        return next((clock for clock in self.clocks if clock.name == name and clock.stop is None), None)

    def running(self) -> list[Count]:
        return [clock for name in ("promise", "statutory") if (clock := self.open(name)) is not None]

    def plan(self) -> None:
        for clock in self.running():
            clock.due = Counting(self.world, clock).due(self.terms.midnight)

    def cards(self) -> Cards:
        """From when each level holds, as things stand."""
        promise, statutory = self.open("promise"), self.open("statutory")
        first = promise or statutory
        if first is None:
            return []
        counting = Counting(self.world, first)
        found: list[tuple[Count, int, str]] = []
        if self.terms.ladder == "two_limit":
            if statutory is not None and (promise is None or promise.due >= statutory.due):
                warned = Counting(self.world, statutory).warning()
                found = [(statutory, warned, "warn"), (statutory, statutory.due + 1, "red")]
            else:
                found = [(first, counting.warning(), "warn"), (first, first.due + 1, "yellow")]
                found += [(statutory, statutory.due + 1, "red")] if statutory is not None else []
        elif self.terms.ladder == "urge_deadline":
            found = [(first, first.due + 1, "yellow")]
            found += [(first, max(first.due, self.urged) + 1, "red")] if self.urged is not None else []
        else:
            early = counting.warning() if self.terms.ladder == "near_due" else counting.nine_tenths()
            found = [(first, early, "yellow"), (first, first.due + 1, "red")]
        waits = {clock.name: clock.waits_since() for clock in self.running()}
        return [(at, level) for clock, at, level in found if (wait := waits[clock.name]) is None or at <= wait]

    def epoch(self) -> int:
        return max((clock.epoch for clock in self.clocks if clock.name == self.clocks[0].name), default=1)

    def walk(self, until: int) -> None:
        for at in sorted({at for at, _ in self.cards() if self.now < at <= until}):
            self.look(at)
        self.now = max(self.now, until)

    def look(self, at: int) -> None:
        """Open, change or end the stretch by what holds at an instant."""
        held = [level for since, level in self.cards() if since <= at] if self.stopped is None else []
        level, epoch = max(held, key=LEVELS.index, default=""), self.epoch()
        last = self.spans[-1] if self.spans and self.spans[-1].until is None else None
        if last is not None and (last.level, last.epoch) == (level, epoch):
            return
        if last is not None:
            self.spans[-1] = last._replace(until=at)
        if level:
            self.spans.append(Span(epoch, level, at, None))

    def happen(self, event: Happening) -> None:
        self.walk(event.at)
        if self.stopped is None:
            getattr(self, event.kind)(event)
            self.plan()
            self.look(event.at)

    def suspended(self, event: Happening) -> None:
        self.suspensions += 1
        zone, world = self.world.zone, self.world
        days = event.days if event.days is not None else self.terms.suspension_max
        for clock in self.running():
            legal = event.ground in ARTICLE_45
            if not clock.in_time(event.at) or (clock.name == "statutory" and not legal):
                continue
            if clock.unit in OFFICE:
                alone = Counting(world, Count("", 0, "office_days", event.at))
                cap, on_due_day = alone.when_opened(alone.length(days)), False
            else:
                cap = world.midnight(world.working_after(day_of(zone, event.at), days))
                on_due_day = clock.waits_since() is None and day_of(zone, event.at) == day_of(zone, clock.due)
            clock.skips.append(Skip(event.at, event.name, cap, None, on_due_day))

    def resumed(self, event: Happening) -> None:
        for clock in self.running():
            for skip in clock.skips:
                if skip.end is None and skip.name != "wait" and event.name in ("", skip.name):
                    skip.end = event.at

    def notified(self, event: Happening) -> None:
        if self.waiting:
            return
        self.waiting = True
        for clock in self.running():
            runs_on = clock.name == "statutory" and self.terms.statutory_correction == "run"
            if event.at <= clock.due and not runs_on:
                day = day_of(self.world.zone, event.at) == day_of(self.world.zone, clock.due)
                clock.skips.append(Skip(event.at, "wait", on_due_day=day and clock.unit not in OFFICE))

    def completed(self, event: Happening) -> None:
        if not self.waiting:
            return
        self.waiting = False
        for clock in self.running():
            waits = [skip for skip in clock.skips if skip.name == "wait" and skip.end is None]
            for wait in waits:
                wait.end = event.at
            mode = self.terms.correction if clock.name == "promise" else self.terms.statutory_correction
            if waits and mode == "reset":
                clock.stop, clock.judged_at, clock.replaced = event.at, waits[0].since, True
                again = Count(clock.name, clock.amount, clock.unit, event.at, clock.epoch + 1, short=clock.short)
                again.skips = [Skip(s.since, s.name, s.cap, s.end) for s in clock.skips if s.name != "wait"]
                self.clocks.append(again)

    def extended_by(self, event: Happening) -> None:
        days = min(event.days or 0, self.terms.extension_max - self.extended)
        if days <= 0 or not event.approver or (self.terms.no_extension_after_suspension and self.suspensions):
            return
        last = max(event.at, event.at if event.other is None else event.other)
        moved = [clock for clock in self.running() if clock.in_time(last)]
        for clock in moved:
            clock.extra += days * (self.world.regular_day if clock.unit == "office_minutes" else 1)
        self.extended += days if moved else 0

    def urged_until(self, event: Happening) -> None:
        self.urged = event.other

    def finished(self, event: Happening) -> None:
        for clock in self.running():
            clock.judged_at = clock.waits_since()
            ended = False
            for skip in clock.skips:
                if skip.end is None and skip.name != "wait":
                    skip.end, ended = event.at, True
            if ended and clock.waits_since() is None:
                clock.due = Counting(self.world, clock).due(self.terms.midnight)
            clock.stop = event.at
        self.stopped = event.at

    def late(self, until: int) -> bool:
        """Whether any epoch of the clock that decides went over its due while it was judged."""
        for clock in self.clocks:
            at = until if clock.stop is None else clock.stop
            for wait in (clock.judged_at, clock.waits_since()):
                at = at if wait is None else min(at, wait)
            if clock.name == self.clocks[0].name and at > clock.due:
                return True
        return False
