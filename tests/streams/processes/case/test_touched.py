import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.case_event import CaseEvent
from streams.contracts.topics import CLOCKS
from streams.engine.driver import Arrival, Horizon, Run, Switch, drive
from streams.engine.slots import NO_SLOTS
from streams.processes.case.process import CaseProcess
from streams.processes.case.touched import SETTLED, Touch, number, slots_of
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Item, Org, RuleSetting
from tests.streams.processes.case.cases import CHINA, RULES, event, hall, judged, limit, ms

DUE = date(2018, 10, 29)
"""The last due of a case accepted on 2018-10-15: its statutory one."""


def _two_items(**changes: Any) -> HallRegistry:
    """The usual hall with a second item and org."""
    usual = hall(**changes)
    return replace(
        usual,
        items=(*usual.items, Item(code="other", name_zh="别", org="bureau", promise=limit(3), statutory=limit(5))),
        orgs=(*usual.orgs, Org(code="bureau", name_zh="局")),
    )


def _accepted(number: int, **fields: Any) -> CaseEvent:
    return event("Accepted", "2018-10-15 10:00", case_no=f"hall/{number}", event_id=f"e{number}", **fields)


class Hall:
    """Some cases behind the engine's shard, and one registry version after the other."""

    def __init__(self, registry: HallRegistry) -> None:
        self.registries = {"1": Registry("1", {"hall": registry})}
        self.now = ms("2018-10-16 12:00")
        self.run: Run = drive(CaseProcess(self.registries, RULES, "1"), [], registry="1")

    def take(self, *events: CaseEvent) -> None:
        for each in events:
            self.run.step(Arrival(self.now, each.case_no, each))

    def publish(self, registry: HallRegistry) -> int:
        """How many cases the new version re-planned."""
        version = str(len(self.registries) + 1)
        self.registries[version] = Registry(version, {"hall": registry})
        before = self.run.counts.replanned
        self.run.step(Switch(self.now, version))
        return self.run.counts.replanned - before


def _opened(registry: HallRegistry) -> Hall:
    """One open case of each item, and a closed one."""
    made = Hall(registry)
    made.take(_accepted(1), _accepted(2, item="other", org="bureau"), _accepted(3))
    made.take(event("Finished", "2018-10-16 09:00", case_no="hall/3", event_id="f3"))
    return made


def _free(day: date) -> HallRegistry:
    return _two_items(calendar=msgspec.structs.replace(CHINA, version="2", free={day: "停电"}))


def test_a_new_free_day_beyond_all_dues_touches_nobody() -> None:
    assert _opened(_two_items()).publish(_free(DUE + timedelta(days=3))) == 0


def test_a_new_free_day_before_the_dues_touches_the_open_cases() -> None:
    hall = _opened(_two_items())
    moved = len(hall.run.bodies(CLOCKS))
    assert hall.publish(_free(date(2018, 10, 17))) == 2
    assert len(hall.run.bodies(CLOCKS)) == moved + 4


def test_a_new_free_day_touches_only_the_cases_that_look_at_it() -> None:
    assert _opened(_two_items()).publish(_free(DUE - timedelta(days=3))) == 1


def test_an_items_limit_touches_its_cases_only_where_they_are_open() -> None:
    changed = _two_items()
    items = (msgspec.structs.replace(changed.items[0], promise=limit(1)), *changed.items[1:])
    assert _opened(_two_items()).publish(replace(changed, items=items)) == 1


def test_other_rules_touch_every_open_case() -> None:
    changed = replace(_two_items(), rules=(RuleSetting(rule="TIME-01", enabled=False),))
    assert _opened(_two_items()).publish(changed) == 2


def test_versions_that_differ_in_nothing_that_judges_touch_nobody_and_cases_go_on() -> None:
    hall = _opened(_two_items())
    assert hall.publish(replace(_two_items(), people=())) == 0
    hall.now = ms("2018-11-05 12:00")
    hall.run.step(Horizon(hall.now, "feed", hall.now))
    assert hall.run.state("hall/1").is_late()


def test_a_change_that_is_taken_back_before_a_case_was_looked_at_counts_from_where_it_stands() -> None:
    hall = _opened(_two_items())
    assert hall.publish(_free(DUE + timedelta(days=3))) == 0
    assert hall.publish(_free(DUE - timedelta(days=3))) == 1


def test_a_closed_case_is_settled_unless_it_stood_on_unconfirmed_days() -> None:
    events = [event("Accepted", "2018-10-15 10:00"), event("Finished", "2018-10-16 10:00")]
    assert slots_of(judged(events, "2018-10-17 00:00")) == SETTLED != NO_SLOTS
    unsure = hall(calendar=msgspec.structs.replace(CHINA, unknown_from=date(2018, 10, 16)))
    assert slots_of(judged(events, "2018-10-17 00:00", unsure)).item == number("hall", "licence")


def test_a_case_that_was_corrected_looks_at_every_day() -> None:
    events = [
        event("Accepted", "2018-10-15 10:00"),
        event("CorrectionNotified", "2018-10-16 10:00"),
        event("CorrectionCompleted", "2018-10-17 10:00"),
    ]
    assert slots_of(judged(events, "2018-10-18 00:00")).last_day == 2**32 - 1


def test_a_case_that_was_corrected_is_not_touched_where_no_day_differs() -> None:
    hall = Hall(_two_items())
    corrected = {"case_no": "hall/1", "event_id": "c"}
    hall.take(_accepted(1), event("CorrectionNotified", "2018-10-16 10:00", **corrected))
    hall.take(event("CorrectionCompleted", "2018-10-16 11:00", **{**corrected, "event_id": "d"}))
    changed = _two_items()
    items = (changed.items[0], msgspec.structs.replace(changed.items[1], promise=limit(1)))
    assert hall.run.state("hall/1").fold.epoch == 2
    assert hall.publish(replace(changed, items=items)) == 0
    assert hall.publish(_free(date(2018, 12, 3))) == 1


@pytest.mark.parametrize("there", [{}, {"hall": hall()}])
def test_a_hall_that_only_one_version_knows_is_touched(there: dict[str, HallRegistry]) -> None:
    both = Registry("1", there), Registry("2", {} if there else {"hall": hall()})
    assert Touch(*both).concerns(slots_of(judged([event("Accepted", "2018-10-15 10:00")], "2018-10-16 00:00")))


DAYS = st.dates(date(2018, 10, 10), date(2018, 11, 12))


@given(st.dictionaries(DAYS, st.booleans(), max_size=3), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_what_is_not_touched_is_judged_the_same_by_both_versions(days: dict[date, bool], seed: int) -> None:
    """The shard that re-plans only what is touched ends with the facts of one that re-plans everything."""
    dice = random.Random(seed)
    story = [
        event("Accepted", "2018-10-15 10:00"),
        event("Suspended", "2018-10-17 10:00", announced_days=dice.randint(1, 9), ground="检测"),
        event("CorrectionNotified", "2018-10-19 09:00"),
        event("CorrectionCompleted", "2018-10-23 09:00"),
        event("Extended", "2018-10-24 09:00", days=2, approver="局长"),
        event("StepStarted", "2018-10-16 09:00", step="审核"),
    ]
    kept = sorted(dice.sample(story, dice.randint(1, 6)), key=lambda each: each.occurred_at)
    free = {day: "停电" for day, is_free in days.items() if is_free}
    worked = {day: "调休" for day, is_free in days.items() if not is_free}
    made = Hall(hall(steps={"审核": limit(4)}))
    made.now = ms("2018-10-24 12:00")
    made.take(*kept)
    calendar = msgspec.structs.replace(CHINA, version="2", free=free, working=worked)
    changed = hall(steps={"审核": limit(4)}, calendar=calendar)
    touched = made.publish(changed)
    state = made.run.state("hall/1")
    before = (
        [(clock.name, clock.due_ms, clock.cards, clock.provisional) for clock in state.fold.clocks],
        state.fold.next_ms,
    )
    list(CaseProcess(made.registries, RULES, "2").on_registry(state, made.now))
    after = (
        [(clock.name, clock.due_ms, clock.cards, clock.provisional) for clock in state.fold.clocks],
        state.fold.next_ms,
    )
    assert touched or before == after
