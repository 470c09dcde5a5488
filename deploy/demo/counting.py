"""Which cards a planned case must get, counted day by day from clocks.md and not from the engine.

Only what the planner plans is counted: working days, calendar days and opening time, one correction, one suspension,
one extension; mechanisms lie where they have effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from deploy.demo.case_plan import CasePlan
from deploy.demo.office import MINUTE_MS, Office
from streams.contracts.finding import LEVELS, Level
from streams.limits.limit import Limit

_DAY = timedelta(days=1)


class Card(NamedTuple):
    """A level of the case's time limits and since when it is true."""

    level: Level
    at_ms: int


class Dues(NamedTuple):
    """The instants that matter for a case without a stop: when it comes near, and the last instants in time."""

    warn_ms: int | None
    promise_ms: int | None
    statutory_ms: int | None


@dataclass(frozen=True)
class Truth:
    """The cards that the simulation must lead to, by case: on the clocks promise, statutory and instant."""

    cards: Mapping[str, tuple[Card, ...]]

    @property
    def highest(self) -> dict[str, Level]:
        """The highest level that each case with any card shows."""
        return {case_no: max((card.level for card in cards), key=LEVELS.index) for case_no, cards in self.cards.items()}

    @property
    def nearly_due(self) -> frozenset[str]:
        """Cases that were warned of and never overdue."""
        return frozenset(case_no for case_no, level in self.highest.items() if level == "warn")

    @property
    def overdue(self) -> frozenset[str]:
        """Cases over their promise or over the law's limit."""
        return frozenset(case_no for case_no, level in self.highest.items() if level in ("yellow", "red"))


def cards_of(plan: CasePlan, office: Office, until_ms: int) -> tuple[Card, ...]:
    """Every card that the case shows up to an instant, in order of time."""
    stopped_ms = until_ms + 1 if plan.stopped_ms is None else plan.stopped_ms
    found: list[Card] = []
    for stage, from_ms, to_ms in _stages(plan):
        ends_ms = min(until_ms, stopped_ms, to_ms)
        for card in _ladder(dues_of(stage, office), instant=plan.item.case_class == "instant"):
            if card.at_ms <= ends_ms and from_ms < ends_ms and card.level not in {other.level for other in found}:
                found.append(Card(card.level, max(card.at_ms, from_ms)))
    return tuple(sorted(found, key=lambda card: card.at_ms))


def dues_of(plan: CasePlan, office: Office) -> Dues:
    """The dues of the last epoch of a case with everything that is planned for it."""
    promise, statutory = plan.item.promise, plan.item.statutory
    if plan.item.case_class == "instant" and promise is None:
        return Dues(None, office.closing(office.day_of(plan.accepted_ms)), None)
    promise_ms = statutory_ms = warn_ms = None
    if statutory is not None:
        statutory_ms, warn_ms = _due(office, statutory, plan, plan.accepted_ms)
    if promise is not None:
        start_ms = plan.accepted_ms if plan.correction is None else plan.correction.to_ms
        promise_ms, near_ms = _due(office, promise, plan, start_ms)
        if statutory_ms is None or promise_ms < statutory_ms:
            warn_ms = near_ms
    return Dues(warn_ms, promise_ms, statutory_ms)


def _stages(plan: CasePlan) -> list[tuple[CasePlan, int, int]]:
    """The case as it was known in each stage of its life, with the stage's begin and end."""
    never = 1 << 62
    if plan.correction is not None:
        before = replace(plan, correction=None)
        return [(before, 0, plan.correction.from_ms), (plan, plan.correction.to_ms, never)]
    if plan.extension is not None:
        return [(replace(plan, extension=None), 0, plan.extension.at_ms), (plan, plan.extension.at_ms, never)]
    return [(plan, 0, never)]


def _ladder(dues: Dues, *, instant: bool) -> list[Card]:
    promise_ms, statutory_ms = dues.promise_ms, dues.statutory_ms
    cards: list[Card] = []
    if dues.warn_ms is not None and not instant:
        cards.append(Card("warn", dues.warn_ms))
    if promise_ms is not None and (statutory_ms is None or promise_ms < statutory_ms):
        cards.append(Card("yellow", promise_ms + 1))
    if statutory_ms is not None:
        cards.append(Card("red", statutory_ms + 1))
    return cards


def _due(office: Office, limit: Limit, plan: CasePlan, start_ms: int) -> tuple[int, int]:
    """The last instant in time, and when the limit comes near."""
    if limit.unit == "office_days":
        day_ms = office.regular_ms(office.next_working(office.day_of(start_ms)))
        whole_ms = limit.amount * day_ms
        if limit.amount >= 4:
            return office.used_up(start_ms, whole_ms), office.used_up(start_ms, whole_ms - 3 * day_ms) + 1
        return office.used_up(start_ms, whole_ms), office.used_up(start_ms, whole_ms * 4 // 5)
    if limit.unit == "office_minutes":
        whole_ms = limit.amount * MINUTE_MS
        return office.used_up(start_ms, whole_ms), office.used_up(start_ms, whole_ms * 4 // 5)
    amount = limit.amount + (plan.extension.days if plan.extension is not None else 0)
    before = min(2, (amount - 1) // 2)
    if limit.unit == "working_days":
        day = _counted(office, plan, start_ms, amount, working=True)
        near = _counted(office, plan, start_ms, amount - before, working=True)
        return office.closing(day), office.opening(near)
    if limit.unit != "calendar_days":
        raise ValueError(f"{plan.item.code}: limits in {limit.unit} are not simulated")
    day = office.next_working(_counted(office, plan, start_ms, amount, working=False))
    return office.end_of(day), office.opening(office.moved(day, -before))


def _counted(office: Office, plan: CasePlan, start_ms: int, amount: int, *, working: bool) -> date:
    """The day on which so many days after the start have been counted."""
    day = office.day_of(start_ms)
    skipped = _skipped(office, plan)
    while amount:
        day += _DAY
        if (not working or office.works(day)) and not any(after < day <= to for after, to in skipped):
            amount -= 1
    return day


def _skipped(office: Office, plan: CasePlan) -> list[tuple[date, date]]:
    """Stretches of days d with after < d ≤ to that no day limit counts."""
    found = []
    if plan.correction is not None:
        found.append((office.day_of(plan.correction.from_ms), office.day_of(plan.correction.to_ms)))
    if plan.suspension is not None:
        begin = office.day_of(plan.suspension.from_ms)
        found.append((begin, min(office.day_of(plan.suspension.to_ms), office.moved(begin, plan.suspension.days))))
    return found
