"""A believable day of a hall, or many: what happens when, what people do about it, and what must come of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.demo.case_events import events_of
from deploy.demo.case_plan import CasePlan
from deploy.demo.counting import Truth, cards_of
from deploy.demo.office import MINUTE_MS, Office
from deploy.demo.planning import Planner
from streams.contracts.case_event import CaseEvent
from streams.contracts.finding import Level
from streams.registry.registry import CHIEF_REPRESENTATIVE, HallRegistry

BEFORE_OPENING_MS = 30 * MINUTE_MS
"""How long before the first opening the simulation begins."""

AFTER_CLOSING_MS = 45 * MINUTE_MS
"""How long after the last close it goes on: promises end at the close, and people answer."""

TAKEN_ON_SHARE: dict[Level, float] = {"warn": 0.2, "yellow": 0.6, "red": 0.9}
"""How many of the alerts of each level somebody takes on in time."""


@dataclass(frozen=True, kw_only=True)
class TakenOn:
    """Somebody acknowledges the alert about a case that was told at `level`; the runner knows the alert's id.

    `done_by_ms` is when the person says it will be done.
    """

    case_no: str
    level: Level
    person: str
    why: str
    done_by_ms: int


@dataclass(frozen=True, kw_only=True)
class ScriptEntry:
    """One thing that happens at an instant of business time."""

    at_ms: int
    event: CaseEvent | TakenOn


@dataclass(frozen=True, kw_only=True)
class HallDay:
    """The script, sorted by time, and the truth that holds at `ends_ms`.

    What lies before `begins_ms` is the weeks before: history to be sent in at once, by then old.
    """

    entries: tuple[ScriptEntry, ...]
    truth: Truth
    begins_ms: int
    ends_ms: int
    plans: tuple[CasePlan, ...]


def hall_day(hall: HallRegistry, seed: int, day: date, cases: int, days: int = 1) -> HallDay:
    """`cases` cases around the `days` calendar days from `day` on; the same arguments give the same script.

    Where none of these days is worked, the next working day is shown.

    Raises:
        ValueError: the hall has no push feed, or no items that can be simulated.
    """
    feed = next((feed.name for feed in hall.feeds if feed.way == "push"), None)
    if feed is None:
        raise ValueError(f"hall {hall.hall.code} has no push feed to send the events of a simulation through")
    office, random = Office(hall), Random(seed)
    shown = [one for one in (day + timedelta(days=n) for n in range(days)) if office.works(one)]
    shown = shown or [office.next_working(day)]
    begins_ms = office.opening(shown[0]) - BEFORE_OPENING_MS
    ends_ms = office.closing(shown[-1]) + AFTER_CLOSING_MS
    planner = Planner(hall, office, random, shown)
    plans = [plan for plan in map(planner.plan, range(1, cases + 1)) if plan.applied_ms <= ends_ms]
    truth = Truth({plan.case_no: cards for plan in plans if (cards := cards_of(plan, office, ends_ms))})
    entries = [
        ScriptEntry(at_ms=at_ms, event=event)
        for plan in plans
        for at_ms, event in events_of(plan, feed, office)
        if at_ms <= ends_ms
    ]
    for plan in plans:
        entries += _taken_on(plan, hall, truth, random, begins_ms=begins_ms, ends_ms=ends_ms)
    entries.sort(key=lambda entry: (entry.at_ms, entry.event.case_no))
    return HallDay(entries=tuple(entries), truth=truth, begins_ms=begins_ms, ends_ms=ends_ms, plans=tuple(plans))


def _taken_on(
    plan: CasePlan, hall: HallRegistry, truth: Truth, random: Random, *, begins_ms: int, ends_ms: int
) -> Iterator[ScriptEntry]:
    """What the chief representative does about the cards that come up while somebody watches."""
    people = hall.people_with_role(CHIEF_REPRESENTATIVE, plan.item.org)
    for card in truth.cards.get(plan.case_no, ()):
        if not people or card.at_ms < begins_ms or random.random() >= TAKEN_ON_SHARE[card.level]:
            continue
        at_ms = card.at_ms // 1000 * 1000 + random.randint(3 * 60, 30 * 60) * 1000
        if at_ms > ends_ms or (plan.stopped_ms is not None and plan.stopped_ms <= at_ms):
            continue
        taken = TakenOn(
            case_no=plan.case_no,
            level=card.level,
            person=people[0].code,
            why="正在核查材料,尽快办结",
            done_by_ms=at_ms + random.choice((4, 24, 48)) * 60 * MINUTE_MS,
        )
        yield ScriptEntry(at_ms=at_ms, event=taken)
