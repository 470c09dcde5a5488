"""The engine against the slow oracle: random calendars, limits, policies and mechanisms."""

import random
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import pytest

from streams.contracts.case_event import CaseEvent, LimitUnit
from streams.contracts.finding import LEVELS
from streams.contracts.instants import from_ms
from streams.processes.case.case_clocks import is_late
from streams.processes.case.facts import clock_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.judge import judge
from streams.processes.case.knowledge import Knowledge
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import CalendarData, Hall, HoursData, Item, Org, Policy
from tests.streams.processes.case.cases import CASE, RULES, event, limit
from tests.streams.processes.case.slow_book import Book, Happening, Terms
from tests.streams.processes.case.slow_oracle import MINUTE, Counting, World, day_of, wall

FIRST, LAST = date(2025, 12, 1).toordinal(), date(2028, 12, 31).toordinal()
DAYS = range(FIRST, LAST + 1)
WORLDS = 8
ZONES = ("Asia/Shanghai", "Europe/Amsterdam", "America/New_York", "Asia/Shanghai")
WEEKS = (
    ((510, 720), (810, 1080)),
    ((540, 1020),),
    ((510, 690), (780, 1050)),
)


def text(stretch: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in stretch)


@cache
def worlds(number: int) -> tuple[World, HallRegistry]:
    """A made-up calendar as plain data, and the same in the registry."""
    dice = random.Random(number)
    week = WEEKS[number % len(WEEKS)]
    saturday = ((540, 690),) if number % 2 else ()
    weekdays = dict.fromkeys(range(1, 6), week) | ({6: saturday} if saturday else {})
    weekends = {day for day in DAYS if day % 7 in (6, 0)}
    free = {day for first in dice.sample(DAYS, 40) for day in range(first, first + dice.randint(1, 5))} & set(DAYS)
    made_up = set(dice.sample(sorted(weekends - free), 40))
    special: dict[int, tuple[tuple[int, int], ...]] = {}
    for day in dice.sample(DAYS, 60):
        special[day] = dice.choice(((), (week[0],), (*week, (1140, 1200)), ((600, 660),)))
    opened, regular = {}, {}
    for day in DAYS:
        usual = week if day in made_up else weekdays.get(day % 7 or 7, ())
        standard = usual or week
        closed = day in free and day not in made_up
        opened[day] = list(special.get(day, () if closed else usual))
        own = special.get(day) or standard
        regular[day] = (max(standard[0][0], own[0][0]), min(standard[-1][1], own[-1][1]))
    zone = ZONES[number % len(ZONES)]
    world = World(
        ZoneInfo(zone), frozenset((weekends - made_up) | free - made_up), opened, regular, sum(b - a for a, b in week)
    )
    dated = {date.fromordinal(day): "" for day in free}
    worked = {date.fromordinal(day): "" for day in made_up}
    registry = HallRegistry(
        hall=Hall(code="hall", name_zh="大厅", zone=zone, calendar="c", hours="h", policy="policy"),
        orgs=(Org(code="org", name_zh="审批局"),),
        policies=(Policy(code="policy"),),
        calendars=(CalendarData(code="c", zone=zone, version="1", base="weekend", free=dated, working=worked),),
        hours=(
            HoursData(
                code="h",
                weekdays={day: tuple(map(text, stretches)) for day, stretches in weekdays.items()},
                working_day=tuple(map(text, week)),
                days={date.fromordinal(day): tuple(map(text, own)) for day, own in special.items()},
            ),
        ),
    )
    return world, registry


class Story(NamedTuple):
    """A random case."""

    world: World
    registry: HallRegistry
    terms: Terms
    start: int
    told: int | None
    happenings: list[Happening]
    until: int


def amount(dice: random.Random, unit: str) -> int:
    tops = {"calendar_months": 3, "office_minutes": 60, "calendar_days": 40}
    return dice.randint(1, tops.get(unit, 25)) * (50 if unit == "office_minutes" else 1)


def terms(dice: random.Random) -> Terms:
    units = ["working_days", "working_days", "calendar_days", "office_days", "office_minutes", "calendar_months"]
    ladder = dice.choice(["two_limit", "two_limit", "near_due", "ratio90", "urge_deadline"])
    if ladder == "ratio90":
        units = ["working_days", "office_days"]
    promise, statutory = (dice.choice(units) for _ in range(2))
    given = dice.choice(["both", "both", "both", "promise", "statutory"])
    return Terms(
        None if given == "statutory" else (amount(dice, promise), promise),
        None if given == "promise" else (amount(dice, statutory), statutory),
        ladder,
        dice.random() < 0.2,
        dice.choice(["reset", "pause"]),
        dice.choice(["pause", "reset", "run"]),
        dice.choice([20, 5]),
        dice.choice([10, 15]),
        dice.random() < 0.2,
    )


def happening(dice: random.Random, at: int) -> Happening:
    kinds = ["suspended", "suspended", "resumed", "extended_by", "extended_by", "notified", "completed", "completed"]
    kind = dice.choice([*kinds, "urged_until"])
    name = dice.choice("ab")
    if kind == "suspended":
        ground = dice.choice(["", "鉴定", "听证", "装修"])
        return Happening(at, kind, dice.choice([None, 1, 3, 8, 15]), name, ground)
    if kind == "resumed":
        return Happening(at, kind, name=dice.choice(["", name]))
    if kind == "extended_by":
        applied = dice.choice([None, None, at - 86_400_000, at + 86_400_000])
        return Happening(
            at, kind, dice.choice([0, 1, 3, 6, 11]), other=applied, approver=dice.choice(["局长"] * 4 + [""])
        )
    if kind == "urged_until":
        return Happening(at, kind, other=at + dice.randint(1, 400) * 3_600_000)
    return Happening(at, kind)


def story(seed: int) -> Story:
    """Everything of a case from one number; stamps are whole minutes and never equal."""
    dice = random.Random(seed)
    world, registry = worlds(dice.randrange(WORLDS))
    day = dice.randint(FIRST + 31, FIRST + 400)
    start = wall(world.zone, day, dice.choice([dice.randint(0, 1439), 600, 1000]))
    chosen = terms(dice)
    told = None
    if dice.random() < 0.15 and all(each is None or "office" not in each[1] for each in chosen[:2]):
        told = wall(world.zone, world.working_after(day, dice.randint(1, 12)), dice.choice([0, 720]))
    reach = dice.choice([10, 30, 70])
    stamps = set()
    for _ in range(dice.choice([0, 1, 2, 3, 4, 6, 8])):
        minute = dice.choice([dice.randint(0, 1439), dice.randint(520, 1080)])
        stamps.add(wall(world.zone, day + dice.randint(0, reach), minute))
    stamps = {at for at in stamps if at > start}
    if stamps and dice.random() < 0.4:
        for _ in range(dice.randint(1, 2)):
            stamps.add(dice.choice(sorted(stamps)) + MINUTE * dice.randint(1, 600))
    happenings = [happening(dice, at) for at in sorted(stamps)]
    until = wall(world.zone, day + dice.choice([5, 20, 60, 150]), dice.randint(0, 1439))
    if dice.random() < 0.5:
        at = wall(world.zone, day + dice.randint(1, 60), dice.randint(500, 1100))
        happenings = [each for each in happenings if each.at < at] + [Happening(at, "finished")]
    return Story(world, registry, chosen, start, told, [each for each in happenings if each.at <= until], until)


NAMES = {
    "suspended": "Suspended",
    "resumed": "Resumed",
    "extended_by": "Extended",
    "notified": "CorrectionNotified",
    "completed": "CorrectionCompleted",
    "urged_until": "Urged",
    "finished": "Finished",
}


def fields_of(each: Happening) -> dict[str, Any]:
    other = None if each.other is None else from_ms(each.other)
    told: dict[str, dict[str, Any]] = {
        "suspended": {"announced_days": each.days, "special_id": each.name, "ground": each.ground},
        "resumed": {"special_id": each.name},
        "extended_by": {"days": each.days, "approver": each.approver, "applied_at": other},
        "urged_until": {"until_at": other},
    }
    return told.get(each.kind, {})


def events_of(case: Story) -> list[CaseEvent]:
    told = None if case.told is None else from_ms(case.told)
    events = [event("Accepted", "2026-01-01 00:00", occurred_at=from_ms(case.start), told_due_at=told)]
    for number, each in enumerate(case.happenings):
        told_of = fields_of(each) | {"occurred_at": from_ms(each.at), "event_id": str(number)}
        events.append(event(NAMES[each.kind], "2026-01-01 00:00", **told_of))
    return events


def knowledge_of(case: Story) -> Knowledge:
    """The world's calendar with the case's own item and policy, as bound at acceptance."""
    chosen = case.terms
    rules = Policy(
        code="policy",
        ladder=chosen.ladder,  # type: ignore[arg-type]
        end_of_day="midnight" if chosen.midnight else "close",
        correction=chosen.correction,  # type: ignore[arg-type]
        statutory_correction=chosen.statutory_correction,  # type: ignore[arg-type]
        suspension_days_max=chosen.suspension_max,
        extension_days_max=chosen.extension_max,
        profile="guangdong" if chosen.no_extension_after_suspension else "",
    )
    limits = [each and limit(each[0], cast(LimitUnit, each[1])) for each in (chosen.promise, chosen.statutory)]
    item = Item(code="licence", name_zh="许可", org="org", promise=limits[0], statutory=limits[1])
    bound = HallRegistry(hall=case.registry.hall, orgs=case.registry.orgs, items=(item,), policies=(rules,))
    return Knowledge(case.registry, RULES, bound)


def counted_on_fingers(case: Story) -> tuple[object, ...]:
    book = Book(case.world, case.terms, case.start, case.told)
    for each in case.happenings:
        book.happen(each)
    book.walk(case.until)
    clocks = {}
    for clock in book.clocks:
        at = case.until if clock.stop is None else clock.stop
        counting = Counting(case.world, clock)
        until = at if clock.judged_at is None else clock.judged_at
        wait = clock.waits_since()
        until = until if wait is None else min(until, wait)
        used = -1 if clock.unit == "calendar_months" else counting.used(at)
        over = -1 if clock.unit == "calendar_months" else counting.overdue(until)
        open_due = None if wait is not None or clock.replaced else clock.due
        clocks[clock.name, clock.epoch] = (open_due, wait is None, used, over)
    spans = [(span.epoch, span.level, span.since, span.until) for span in book.spans]
    return clocks, spans, book.late(case.until)


def judged(case: Story) -> tuple[object, ...]:
    knowledge = knowledge_of(case)
    fold: CaseFold = judge(CASE, events_of(case), knowledge, case.until).state
    clocks = {}
    for clock in fold.clocks:
        if clock.name in ("promise", "statutory"):
            fact = clock_fact(fold, clock, knowledge, "feed")
            months = clock.unit == "calendar_months"
            told = (-1, -1) if months else (fact.used, fact.overdue)
            waits = clock.halted_ms() is not None
            open_due = None if waits or clock.ended == "void" else clock.due_ms
            clocks[clock.name, clock.epoch] = (open_due, not waits, *told)
    spans = [
        (finding.epoch, LEVELS[span.level], span.raised_ms, span.ended_ms)
        for finding in fold.findings
        if finding.rule in ("TIME-01", "TIME-02")
        for span in finding.spans
    ]
    return clocks, sorted(spans, key=lambda span: span[2]), is_late(fold)


def tell(case: Story) -> str:
    """A case in words, for whoever must find out who is right."""
    zone = case.world.zone

    def shown(at: int | None) -> str:
        return "-" if at is None else f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(zone):%a %m-%d %H:%M}"

    lines = [
        f"{zone} {case.terms}",
        f"accepted {shown(case.start)}, told {shown(case.told)}, until {shown(case.until)}",
    ]
    for each in case.happenings:
        lines.append(f"{shown(each.at)} {each.kind} {each.days} {each.name} {each.ground} {shown(each.other)}")
    free = [date.fromordinal(day) for day in range(day_of(zone, case.start), day_of(zone, case.until) + 40)]
    lines.append("free " + " ".join(f"{day:%m%d}" for day in free if day.toordinal() in case.world.free))
    return "\n".join(lines)


def assert_agreed(seeds: range) -> None:
    apart = [seed for seed in seeds if judged(story(seed)) != counted_on_fingers(story(seed))]
    if apart:
        case = story(apart[0])
        assert judged(case) == counted_on_fingers(case), f"{len(apart)} apart: {apart[:9]}; {tell(case)}"


def test_five_hundred_random_cases_agree_with_counting_day_by_day() -> None:
    assert_agreed(range(500))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_random_cases_agree_with_counting_day_by_day() -> None:
    assert_agreed(range(1000, 101_000))
