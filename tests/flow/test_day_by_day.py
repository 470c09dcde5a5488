"""A slow, plain second opinion on due dates: it counts on its fingers, day by day and minute by minute."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.instants import from_ms
from streams.registry.snapshot import Policy
from tests.streams.processes.case.cases import ZONE, event, hall, judged, limit, policy

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
START = datetime(2026, 1, 26, 10, tzinfo=ZONE)
"""Before a spring festival with make-up days on both sides."""


@cache
def works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def is_open(at: datetime) -> bool:
    clock = at.time()
    return works(at.date()) and (time(8, 30) <= clock < time(12) or time(13, 30) <= clock < time(18))


@dataclass
class Limit:
    """One limit of a case by the book: what was given to it and what was taken out of it."""

    days: int
    start: datetime
    skipped: list[list[Any]] = field(default_factory=list)
    waiting: datetime | None = None
    last_due: datetime | None = None

    def is_skipped(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.skipped)

    def in_time(self, at: datetime) -> bool:
        return self.waiting is not None or at <= self.due()

    def due(self) -> datetime:
        """Close of business of the last counted day."""
        day, counted = self.start.date(), 0
        while counted < self.days:
            day += DAY
            counted += works(day) and not self.is_skipped(day)
        return datetime.combine(day, time(18), ZONE)


def nth_working_day_after(day: date, count: int) -> date:
    while count:
        day += DAY
        count -= works(day)
    return day


class Book:
    """Promise and statutory limit of one case, by the sentences on the four mechanisms."""

    def __init__(self, promise: int, statutory: int, rules: Policy) -> None:
        self.rules = rules
        self.full = promise
        self.limits = {"promise": Limit(promise, START), "statutory": Limit(statutory, START)}
        self.extended = 0
        self.open: dict[str, list[tuple[Limit, list[Any]]]] = {}
        self.is_waiting = False

    def suspended(self, at: datetime, name: str, announced: int) -> None:
        for each in self.limits.values():
            if each.in_time(at):
                on_due_day = each.waiting is None and at.date() == each.due().date()
                stretch = [
                    at.date() + (timedelta() if on_due_day else DAY),
                    nth_working_day_after(at.date(), announced),
                ]
                each.skipped.append(stretch)
                self.open.setdefault(name, []).append((each, stretch))

    def resumed(self, at: datetime, name: str) -> None:
        for _, stretch in self.open.pop(name, []):
            stretch[1] = min(stretch[1], at.date())

    def notified(self, at: datetime) -> None:
        if self.is_waiting:
            return
        self.is_waiting = True
        for name, each in self.limits.items():
            if at <= each.due() and not (name == "statutory" and self.rules.statutory_correction == "run"):
                each.last_due, each.waiting = each.due(), at

    def completed(self, at: datetime) -> None:
        if not self.is_waiting:
            return
        self.is_waiting = False
        for name, each in list(self.limits.items()):
            if each.waiting is None:
                continue
            since, each.waiting = each.waiting, None
            if (self.rules.correction if name == "promise" else self.rules.statutory_correction) == "reset":
                self.limits[name] = self.begun_anew(each, self.full if name == "promise" else self.given, at)
                continue
            assert each.last_due is not None
            on_due_day = since.date() == each.last_due.date()
            each.skipped.append([since.date() + (timedelta() if on_due_day else DAY), at.date()])

    def begun_anew(self, old: Limit, days: int, at: datetime) -> Limit:
        """The full limit from a completion on; a suspension that still stands suspends it too."""
        new = Limit(days, at)
        for entries in self.open.values():
            for _, stretch in [entry for entry in entries if entry[0] is old]:
                copy = list(stretch)
                new.skipped.append(copy)
                entries.append((new, copy))
        return new

    def extend(self, at: datetime, days: int) -> None:
        granted = min(days, self.rules.extension_days_max - self.extended)
        still = [each for each in self.limits.values() if each.in_time(at)]
        if granted > 0 and still:
            self.extended += granted
            for each in still:
                each.days += granted

    given = 0

    def happen(self, kind: str, at: datetime, name: str, days: int) -> dict[str, Any]:
        """Let something happen; what its event says of it."""
        if kind == "Suspended":
            self.suspended(at, name, days)
            return {"special_id": name, "announced_days": days, "ground": "鉴定"}
        if kind == "Resumed":
            self.resumed(at, name)
            return {"special_id": name}
        if kind == "Extended":
            self.extend(at, days)
            return {"days": days, "approver": "局长"}
        if kind == "CorrectionNotified":
            self.notified(at)
        else:
            self.completed(at)
        return {}


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, int, Policy, list[tuple[str, datetime, int]]]:
    promise = draw(st.integers(1, 15))
    rules = policy(
        correction=draw(st.sampled_from(["reset", "pause"])),
        statutory_correction=draw(st.sampled_from(["pause", "run", "reset"])),
    )
    kinds = st.sampled_from(["Suspended", "Resumed", "CorrectionNotified", "CorrectionCompleted", "Extended"])
    drawn = draw(st.lists(st.tuples(kinds, st.integers(1, 45 * 24 * 6), st.integers(1, 12)), max_size=7))
    story = [(kind, START + timedelta(minutes=10 * step), number) for kind, step, number in drawn]
    return promise, promise + draw(st.integers(1, 15)), rules, sorted(story, key=lambda part: part[1])


def distinct(story: list[tuple[str, datetime, int]]) -> Iterator[tuple[str, datetime, int]]:
    seen: set[datetime] = set()
    for part in story:
        if part[1] not in seen:
            seen.add(part[1])
            yield part


@given(cases())
@settings(max_examples=150, deadline=None)
def test_due_dates_agree_with_counting_on_fingers(
    case: tuple[int, int, Policy, list[tuple[str, datetime, int]]],
) -> None:
    promise, statutory, rules, story = case
    book = Book(promise, statutory, rules)
    book.given = statutory
    events = [event("Accepted", "2026-01-26 10:00")]
    for number, (kind, at, days) in enumerate(distinct(story)):
        name = str(days % 3)
        fields = book.happen(kind, at, name, days)
        fields |= {"occurred_at": at, "event_id": str(number)}
        events.append(event(kind, "2026-01-26 10:00", **fields))
    fold = judged(events, "2026-03-20 00:00", hall(promise, statutory, rules))
    for name, each in book.limits.items():
        clock = fold.clock(name)  # type: ignore[arg-type]
        assert clock is not None
        assert (clock.halted_ms() is not None) == (each.waiting is not None)
        if each.waiting is not None:
            continue
        assert from_ms(clock.due_ms).astimezone(ZONE) == each.due(), name


@given(st.integers(1, 900), st.integers(0, 7 * 24 * 60))
@settings(max_examples=25, deadline=None)
def test_office_minutes_agree_with_counting_minutes(amount: int, later: int) -> None:
    start = START + timedelta(minutes=later)
    registry = hall(limit(amount, "office_minutes"), None)
    clock = judged([event("Accepted", "2026-01-26 10:00", occurred_at=start)], "2026-03-01 00:00", registry).clocks[0]
    at, left = start, amount
    while left or not is_open(at):
        left -= is_open(at)
        at += MINUTE
    assert from_ms(clock.due_ms).astimezone(ZONE) == at
