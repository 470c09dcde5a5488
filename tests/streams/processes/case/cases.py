"""Cases as short stories: a hall made to measure, events by their kind and local time, what was found as text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import streams.rules
from streams.contracts import case_event
from streams.contracts.case_event import CaseClass, CaseEvent, LimitUnit
from streams.contracts.finding import LEVELS
from streams.contracts.instants import from_ms, to_ms
from streams.limits.limit import Limit
from streams.parts import find_parts
from streams.processes.case.fold import CaseFold
from streams.processes.case.judge import judge
from streams.processes.case.knowledge import Knowledge
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import CalendarData, Feed, Hall, HoursData, Item, Org, Policy
from streams.rule import Rule

ZONE = ZoneInfo("Asia/Shanghai")
RULES = find_parts(streams.rules, "RULE", Rule)
CASE = "hall/1"
HOURS = HoursData(code="hours", weekdays=dict.fromkeys(range(1, 6), ("08:30-12:00", "13:30-18:00")))
CHINA = CalendarData(code="china", zone="Asia/Shanghai", version="1", base="china")


def limit(amount: int, unit: LimitUnit = "working_days") -> Limit:
    return Limit(amount=amount, unit=unit)


def hall(
    promise: Limit | int | None = 7,
    statutory: Limit | int | None = 10,
    policy: Policy | None = None,
    case_class: CaseClass = "promised",
    calendar: CalendarData = CHINA,
    private: bool = False,
    feeds: tuple[Feed, ...] = (Feed(name="feed"),),
    **item: Any,
) -> HallRegistry:
    """One org with one item `licence`; a bare number is working days."""
    limits = [limit(amount) if isinstance(amount, int) else amount for amount in (promise, statutory)]
    return HallRegistry(
        hall=Hall(code="hall", name_zh="大厅", calendar=calendar.code, hours="hours", policy="policy"),
        orgs=(Org(code="org", name_zh="审批局", private_network=private),),
        items=(
            Item(
                code="licence",
                name_zh="许可",
                name_en="licence",
                org="org",
                case_class=case_class,
                promise=limits[0],
                statutory=limits[1],
                **item,
            ),
        ),
        policies=(policy or Policy(code="policy"),),
        calendars=(calendar,),
        hours=(HOURS,),
        feeds=feeds,
    )


def policy(**changes: Any) -> Policy:
    return Policy(code="policy", **changes)


def ms(text: str) -> int:
    """Local time of the hall, e.g. `2018-10-15 10:00`."""
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def text(instant_ms: int) -> str:
    """The other way round; fractions of a second are cut, so due + 1 ms reads like the due instant."""
    return from_ms(instant_ms).astimezone(ZONE).strftime("%m-%d %H:%M")


def exact(instant_ms: int) -> str:
    """Local time to the millisecond, as `event` takes it."""
    return from_ms(instant_ms).astimezone(ZONE).replace(tzinfo=None).isoformat()


def event(kind: str, when: str, **fields: Any) -> CaseEvent:
    """An event by the name of its contract; the id is made of kind and time unless given."""
    envelope = {
        "event_id": f"{kind}@{when}",
        "feed": "feed",
        "case_no": CASE,
        "occurred_at": from_ms(ms(when)),
        "org": "org",
        "item": "licence",
    }
    for name, value in fields.items():
        is_instant = name.endswith("_at") and isinstance(value, str)
        envelope[name] = from_ms(ms(value)) if is_instant else value
    made: CaseEvent = getattr(case_event, kind)(**envelope)
    return made


@cache
def shared_hall() -> HallRegistry:
    return hall()


@dataclass
class Past:
    """What was known when: registry versions with the local times at which they came; one live feed, never silent."""

    versions: list[tuple[int, str]]
    silent: bool = False

    def version_at(self, instant_ms: int) -> str:
        return [version for came_ms, version in self.versions if came_ms <= instant_ms][-1]

    def horizons_at(self, instant_ms: int) -> dict[str, int]:
        return {} if self.silent else {"feed": instant_ms}


def judged(events: Iterable[CaseEvent], until: str, registry: HallRegistry | None = None) -> CaseFold:
    """The judgement of a case's events up to a local time."""
    return judge(CASE, events, Knowledge(registry or shared_hall(), RULES), ms(until)).state


def found(fold: CaseFold) -> list[tuple[str, str]]:
    """Every stretch of every card as (level, since), in order of time; findings without a clock are no cards."""
    cards = [finding for finding in fold.findings if finding.clock]
    spans = sorted((span.raised_ms, span.level) for finding in cards for span in finding.spans)
    return [(LEVELS[level], text(raised_ms)) for raised_ms, level in spans]


def dues(fold: CaseFold) -> dict[str, str]:
    """The due instant of the newest run of each clock."""
    return {clock.name: text(clock.due_ms) for clock in fold.clocks}


def remarks(fold: CaseFold) -> list[str]:
    return [remark.code for remark in fold.remarks]
