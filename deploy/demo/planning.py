"""Plans the cases of a simulated hall: who applies for what, when, and how it goes; with a known share of lateness.

Most cases are anchored on a shown day: what their fate turns on (a decision, a due date) happens on that day, and
their acceptance lies as far back as that takes. So limits fall due while somebody watches.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Literal

from deploy.demo.case_plan import CasePlan, Extension, Suspension, Wait
from deploy.demo.counting import Dues, dues_of
from deploy.demo.office import MINUTE_MS, Office
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Item

Fate = Literal["fresh", "in_time", "close", "late", "very_late", "withdrawn"]
"""New today; decided well in time; decided after the warning; over the promise; over the law's limit; taken back."""

FATES: dict[Fate, int] = {"fresh": 30, "in_time": 38, "close": 14, "late": 11, "very_late": 5, "withdrawn": 2}
"""How many of a hundred cases with a limit in days meet each fate."""

SHIFTS: dict[Fate, tuple[int, ...]] = {
    "fresh": (0,),
    "in_time": (0,),
    "close": (0, 0, 1, 2),
    "late": (0, 0, 0, -1, 1),
    "very_late": (0, 0, 0, -2),
    "withdrawn": (0,),
}
"""By how many working days the turn of a fate misses the anchor: some are late already, some are only warned."""

INSTANT_SHARE = 0.3
"""Share of cases that are decided on the spot (即办件)."""

INSTANT_LATE_SHARE = 0.08
"""Share of those that are not."""

MECHANISMS: dict[Literal["none", "correction", "suspension", "extension"], int] = {
    "none": 72,
    "correction": 13,
    "suspension": 9,
    "extension": 6,
}
"""How many of a hundred cases with a roomy limit meet each mechanism (clocks.md 4)."""

SUPPLEMENT_SHARE = 0.08
"""Share of cases that must bring something before they are accepted."""

_GROUNDS = ("听证", "检验", "检测", "鉴定", "专家评审")
_SEARCH_DAYS = 200


class Planner:
    """Plans cases one by one from one seed; the same seed gives the same cases."""

    def __init__(self, hall: HallRegistry, office: Office, random: Random, shown: Sequence[date]) -> None:
        """`shown` are the working days that are watched, in order."""
        plain = [org.code for org in hall.orgs if not org.calendar and not org.hours and not org.private_network]
        items = [item for item in hall.items if item.org in plain and _can_be_planned(item)]
        self._instant = [item for item in items if item.case_class == "instant"]
        self._timed = [item for item in items if item.case_class != "instant"]
        if not self._timed:
            raise ValueError(f"hall {hall.hall.code} has no items that can be simulated")
        # A few items make most of the work; which ones, the seed decides.
        self._weights = [random.choice((1, 1, 2, 3, 6)) for _ in self._timed]
        # Limits in opening time end at any hour, so that something happens between the opening and the close.
        self._weights = [
            3 * weight if item.promise is not None and item.promise.unit in _TIME_UNITS else weight
            for weight, item in zip(self._weights, self._timed, strict=True)
        ]
        self._hall, self._office, self._random, self._shown = hall, office, random, shown

    def plan(self, number: int) -> CasePlan:
        """The case with this running number."""
        anchor = self._random.choice(self._shown)
        if self._instant and self._random.random() < INSTANT_SHARE:
            plan = self._on_the_spot(anchor)
        else:
            plan = self._timed_case(anchor)
        day = self._office.day_of(plan.applied_ms)
        return replace(plan, case_no=f"{self._hall.hall.code}/{day:%Y%m%d}-{number:05}")

    def _on_the_spot(self, day: date) -> CasePlan:
        item = self._random.choice(self._instant)
        accepted_ms = self._office.some_time(day, self._random, early=True)
        plan = self._started(item, accepted_ms - self._random.randint(2, 10) * MINUTE_MS, accepted_ms)
        if self._random.random() >= INSTANT_LATE_SHARE:
            return replace(plan, stopped_ms=accepted_ms + self._random.randint(5, 25) * MINUTE_MS)
        if item.promise is not None:
            due_ms = dues_of(plan, self._office).promise_ms
            assert due_ms is not None
            late_ms = self._random.randint(5, 40) * MINUTE_MS
            return replace(plan, stopped_ms=self._office.used_up(due_ms, late_ms))
        return replace(plan, stopped_ms=self._office.some_time(self._office.moved(day, 1), self._random))

    def _timed_case(self, anchor: date) -> CasePlan:
        item = self._random.choices(self._timed, self._weights)[0]
        fate = self._random.choices(list(FATES), list(FATES.values()))[0]
        mechanism = self._mechanism(item, fate)
        time_of_day = self._random.random()
        if fate == "fresh":
            plan = self._met(self._accepted_on(item, anchor, time_of_day), mechanism, self._random.getrandbits(32))
            return self._stopped(plan, "in_time")
        seed = self._random.getrandbits(32)
        anchor = self._office.moved(anchor, self._random.choice(SHIFTS[fate]))
        day = anchor
        plan = self._met(self._accepted_on(item, day, time_of_day), mechanism, seed)
        for _ in range(_SEARCH_DAYS):
            if self._target(plan, fate) <= anchor:
                break
            day = self._office.moved(day, -1)
            plan = self._met(self._accepted_on(item, day, time_of_day), mechanism, seed)
        return self._stopped(plan, fate)

    def _mechanism(self, item: Item, fate: Fate) -> str:
        """A roomy limit in working days may meet one; an extension comes only where it gets close."""
        promise, statutory = item.promise, item.statutory
        roomy = (
            promise is not None
            and statutory is not None
            and promise.unit == statutory.unit == "working_days"
            and promise.amount >= 5
            and statutory.amount >= promise.amount + 5
        )
        mechanism = self._random.choices(list(MECHANISMS), list(MECHANISMS.values()))[0]
        if not roomy or (mechanism == "extension" and fate not in ("close", "late", "very_late")):
            return "none"
        return mechanism

    def _accepted_on(self, item: Item, day: date, time_of_day: float) -> CasePlan:
        """A case accepted on a day, received just before or, with a supplement, a day or two before."""
        moments = Random(time_of_day)
        accepted_ms = self._office.some_time(day, moments)
        if moments.random() >= SUPPLEMENT_SHARE:
            return self._started(item, accepted_ms - moments.randint(1, 4) * MINUTE_MS, accepted_ms)
        asked = self._office.moved(day, -moments.randint(1, 2))
        asked_ms = self._office.some_time(asked, moments)
        supplement = Wait(from_ms=asked_ms, to_ms=accepted_ms - MINUTE_MS)
        return replace(self._started(item, asked_ms - 3 * MINUTE_MS, accepted_ms), supplement=supplement)

    def _started(self, item: Item, applied_ms: int, accepted_ms: int) -> CasePlan:
        org = self._hall.org(item.org)
        site = self._hall.site(org.site if org is not None else "")
        place = accepted_ms // 1000
        window = f"{site.code}-{place % max(1, site.windows) + 1:02}" if site is not None else ""
        return CasePlan(
            case_no="",
            item=item,
            site=site.code if site is not None else "",
            window=window,
            staff=f"{item.org}-w{place % 4 + 1}",
            applied_ms=applied_ms,
            accepted_ms=accepted_ms,
        )

    def _met(self, plan: CasePlan, mechanism: str, seed: int) -> CasePlan:
        """The case with its mechanism, early enough to have effect before the first card."""
        office, moments = self._office, Random(seed)
        begin = office.moved(office.day_of(plan.accepted_ms), 1)
        if mechanism == "correction":
            ends = office.moved(begin, moments.randint(1, 4))
            wait = Wait(from_ms=office.some_time(begin, moments), to_ms=office.some_time(ends, moments))
            return replace(plan, correction=wait)
        if mechanism == "suspension":
            days = moments.randint(3, 8)
            ends = office.moved(begin, moments.randint(2, days + 2))
            suspension = Suspension(
                from_ms=office.some_time(begin, moments),
                to_ms=office.some_time(ends, moments),
                days=days,
                ground=moments.choice(_GROUNDS),
            )
            return replace(plan, suspension=suspension)
        if mechanism == "extension":
            due_ms = dues_of(plan, office).promise_ms
            assert due_ms is not None
            day = office.moved(office.day_of(due_ms), -1)
            return replace(plan, extension=Extension(at_ms=office.some_time(day, moments), days=5))
        return plan

    def _target(self, plan: CasePlan, fate: Fate) -> date:
        """The day on which the fate of the case turns."""
        office, dues = self._office, dues_of(plan, self._office)
        if fate in ("in_time", "withdrawn"):
            assert dues.warn_ms is not None
            return office.moved(office.day_of(dues.warn_ms), -1)
        last_ms = dues.statutory_ms if fate == "very_late" and dues.statutory_ms is not None else dues.promise_ms
        assert last_ms is not None
        return office.day_of(last_ms)

    def _stopped(self, plan: CasePlan, fate: Fate) -> CasePlan:
        """The case with its end; some late ones have none yet."""
        dues, random = dues_of(plan, self._office), self._random
        assert dues.warn_ms is not None
        assert dues.promise_ms is not None
        if fate == "late" and random.random() < 0.45:
            return plan
        if fate == "very_late" and random.random() < 0.5:
            return plan
        stopped_ms = self._stop_ms(plan, fate, dues)
        if fate == "withdrawn":
            return replace(plan, stopped_ms=stopped_ms, result="withdrawn")
        result = random.choices(("granted", "refused"), (94, 6))[0] if plan.item.item_type == "01" else "done"
        return replace(plan, stopped_ms=stopped_ms, result=result)

    def _stop_ms(self, plan: CasePlan, fate: Fate, dues: Dues) -> int:
        warn_ms, promise_ms, random = dues.warn_ms or 0, dues.promise_ms or 0, self._random
        settled_ms = plan.settled_ms()
        if fate == "close":
            return self._between(max(warn_ms, settled_ms), promise_ms)
        if fate in ("in_time", "withdrawn"):
            # Near the end of what is still quiet: offices decide late rather than early.
            quiet_ms = max(warn_ms, settled_ms + 20 * MINUTE_MS)
            first_ms = settled_ms + int((quiet_ms - settled_ms) * random.choice((0.0, 0.3, 0.6)))
            return self._between(first_ms, quiet_ms)
        over_ms = dues.statutory_ms if fate == "very_late" and dues.statutory_ms is not None else promise_ms
        day = self._office.next_working(self._office.day_of(over_ms))
        return self._office.some_time(self._office.moved(day, random.randint(1, 3)), random)

    def _between(self, from_ms: int, to_ms: int) -> int:
        """An instant at which the hall is open, well inside two instants; near the first where there is no room."""
        office = self._office
        opened = _opened_between(office, from_ms, to_ms)
        return office.used_up(from_ms, int(opened * self._random.uniform(0.1, 0.9)))


def _can_be_planned(item: Item) -> bool:
    if item.case_class == "instant":
        return item.statutory is None and (item.promise is None or item.promise.unit == "office_minutes")
    limits = [limit for limit in (item.promise, item.statutory) if limit is not None]
    return item.promise is not None and all(limit.unit in _UNITS for limit in limits)


_TIME_UNITS = frozenset({"office_days", "office_minutes"})
_UNITS = _TIME_UNITS | {"working_days", "calendar_days"}


def _opened_between(office: Office, from_ms: int, to_ms: int) -> int:
    """Opening time between two instants."""
    day, opened = office.day_of(from_ms), 0
    while day <= office.day_of(to_ms):
        for opens, closes in office.stretches(day):
            opened += max(0, min(closes, to_ms) - max(opens, from_ms))
        day = date.fromordinal(day.toordinal() + 1)
    return opened
