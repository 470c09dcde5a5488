import random
from datetime import date, timedelta
from time import process_time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.case import Case
from streams.contracts.case_event import CaseEvent
from streams.contracts.finding import Finding
from streams.contracts.topics import CASES, FINDINGS
from streams.engine.driver import Arrival, Horizon, Run, Switch, drive
from streams.processes.case.process import CaseProcess
from streams.processes.case.settings import CaseSettings
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Feed
from tests.streams.processes.case.cases import CASE, CHINA, RULES, event, exact, hall, limit, ms

DAY = 86_400_000
FILE = (Feed(name="feed", way="file"),)


def _run(registry: HallRegistry, events_max: int, changed: HallRegistry | None = None) -> Run:
    registries = {"1": Registry("1", {"hall": registry}), "2": Registry("2", {"hall": changed or registry})}
    return drive(CaseProcess(registries, RULES, "1", CaseSettings(events_max=events_max)), [], registry="1")


def _take(run: Run, *events: CaseEvent, at: str = "2026-11-23 12:00") -> None:
    for each in events:
        run.step(Arrival(ms(at), each.case_no, each))


def _long_story(count: int) -> list[CaseEvent]:
    """A case of `count` events: a step is done again and again, in between papers come in."""
    start = ms("2026-01-05 09:00")
    story = [event("Accepted", exact(start))]
    while len(story) < count:
        number = len(story)
        when = exact(start + number * 600_000)
        if number % 4 == 1:
            story.append(event("StepStarted", when, step="审核", run=number // 4 + 1))
        elif number % 4 == 3:
            story.append(event("StepEnded", when, step="审核", run=number // 4 + 1))
        elif number % 40 == 0:
            story.append(event("CorrectionCompleted", when))  # without a notice: remarked on
        else:
            story.append(event("MaterialRecorded", when, material=f"paper {number}"))
    return story


def _cost(run: Run, events: list[CaseEvent]) -> float:
    before = process_time()
    _take(run, *events)
    return process_time() - before


def test_a_case_of_five_thousand_events_stays_small_and_each_event_costs_the_same() -> None:
    """The last thousand events cost no more than twice what the second thousand does in a case beside it, in turn."""
    story = _long_story(5_000)
    young, old = (_run(hall(500, 900, steps={"审核": limit(3)}), 512) for _ in range(2))
    _take(young, *story[:1_000])
    _take(old, *story[:4_000])
    costs = [
        (_cost(young, story[n : n + 200]), _cost(old, story[n + 3_000 : n + 3_200])) for n in range(1_000, 2_000, 200)
    ]
    of_young, of_old = map(min, zip(*costs, strict=True))
    assert of_old < 2 * of_young
    small, large = (len(msgspec.msgpack.encode(run.state(CASE))) for run in (young, old))
    assert large < 2 * small < 300_000
    state = old.state(CASE)
    assert state.fold.events == 5_000
    assert state.kept <= 512
    assert old.bodies(CASES)[-1].events == 5_000


def test_what_lies_before_the_base_is_counted_and_not_judged() -> None:
    run = _run(hall(500, 900), 8)
    story = _long_story(20)
    _take(run, *story)
    facts = len(run.bodies(FINDINGS))
    assert run.state(CASE).late_events == 0
    _take(run, story[3], event("Finished", "2026-01-05 09:05"))
    last: Case = run.bodies(CASES)[-1]
    assert (last.late_events, last.events, last.state) == (2, 20, "accepted")
    assert len(run.bodies(FINDINGS)) == facts
    _take(run, event("Finished", exact(ms("2026-01-05 09:00") + 19 * 600_000 + 1)))
    assert run.bodies(CASES)[-1].state == "finished"


def _latest(run: Run) -> dict[str, bytes]:
    found = {
        body.finding_id: msgspec.structs.replace(body, change="opened", withdrawn_level="", tell=False, version=0)
        for body in run.bodies(FINDINGS)
    }
    kept = {key: body for key, body in found.items() if body.state != "withdrawn"}
    return {key: msgspec.json.encode(msgspec.structs.replace(body, known_at=None)) for key, body in kept.items()}


STORY = [
    event("Applied", "2018-10-12 10:00"),
    event("Accepted", "2018-10-15 10:00"),
    event("StepStarted", "2018-10-15 11:00", step="审核"),
    event("Suspended", "2018-10-17 10:00", announced_days=3, ground="检测"),
    event("StepEnded", "2018-10-17 11:00", step="审核"),
    event("Resumed", "2018-10-18 10:00"),
    event("StepStarted", "2018-10-19 10:00", step="审核", run=2),
    event("CorrectionNotified", "2018-10-22 09:00"),
    event("CorrectionCompleted", "2018-10-23 09:00"),
    event("StepEnded", "2018-10-23 11:00", step="审核", run=2),
    event("Extended", "2018-10-24 09:00", days=2, approver="局长"),
    event("Complained", "2018-11-19 10:00"),
    event("ResultReady", "2018-11-20 09:00"),
    event("Finished", "2018-11-20 10:00"),
]


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(2, 8), st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_a_case_with_a_base_ends_with_the_facts_of_one_without(
    seed: int, count: int, events_max: int, days: int
) -> None:
    """Events arrive nearly in order: nothing comes that lies before the base."""
    dice = random.Random(seed)
    story = sorted(dice.sample(STORY, count + 2), key=lambda each: each.occurred_at)
    for at in range(dice.randint(0, 1), len(story) - 1, 2):
        story[at : at + 2] = reversed(story[at : at + 2])
    whole, settled = (
        _run(hall(days, days + 3, steps={"审核": limit(1)}, feeds=FILE), most) for most in (500, events_max)
    )
    for run in (whole, settled):
        _take(run, *story, *dice.sample(story[-1:], 1), at="2026-11-23 12:00")
        run.step(Horizon(ms("2026-11-23 12:00"), "feed", ms("2019-03-01 00:00")))
    if settled.state(CASE).late_events == 0:
        assert _latest(settled) == _latest(whole)


@pytest.mark.parametrize("shift", [-3, 1, 4])
def test_a_new_calendar_moves_the_open_clocks_of_a_base(shift: int) -> None:
    """Days become free, or worked, between the acceptance and the dues: settled or not, the dues are the same."""
    first = date(2026, 1, 12)
    worked = {first - timedelta(days=day): "调休" for day in (1, 2)} if shift < 0 else {}
    free = {first + timedelta(days=day): "停电" for day in range(shift)}
    changed = hall(7, 12, calendar=msgspec.structs.replace(CHINA, version="2", free=free, working=worked))
    runs = [_run(hall(7, 12), most, changed) for most in (500, 8)]
    for run in runs:
        _take(run, *_long_story(60))
        run.step(Horizon(ms("2026-01-15 12:00"), "feed", ms("2026-01-15 12:00")))
        run.step(Switch(ms("2026-01-15 12:00"), "2"))
    whole, settled = (run.state(CASE) for run in runs)
    assert settled.base is not None
    assert [(clock.name, clock.due_ms) for clock in settled.fold.clocks] == [
        (clock.name, clock.due_ms) for clock in whole.fold.clocks
    ]


def test_an_overdue_that_a_new_calendar_takes_back_is_withdrawn_also_from_a_base() -> None:
    free = {date(2026, 1, day): "停电" for day in (7, 8, 9, 12, 13, 14, 15, 16)}
    changed = hall(2, None, calendar=msgspec.structs.replace(CHINA, version="2", free=free))
    run = _run(hall(2, None), 8, changed)
    start = ms("2026-01-05 09:00")
    papers = [event("MaterialRecorded", exact(start + 8 * DAY + n), material="m") for n in range(12)]
    _take(run, event("Accepted", exact(start)), *papers)
    run.step(Horizon(ms("2026-01-14 12:00"), "feed", ms("2026-01-14 12:00")))
    assert run.state(CASE).base is not None
    assert run.state(CASE).is_late()
    run.step(Switch(ms("2026-01-14 12:00"), "2"))
    last: Finding = run.bodies(FINDINGS)[-1]
    assert (last.change, last.state) == ("withdrawn", "withdrawn")
    assert run.bodies(CASES)[-1].on_time is None


def test_a_feed_that_repeats_itself_is_remarked_on_only_so_often() -> None:
    run = _run(hall(), 512)
    _take(run, event("Accepted", "2018-10-15 10:00"))
    _take(run, *(event("CorrectionCompleted", "2018-10-15 11:00", event_id=f"c{n:02}") for n in range(40)))
    assert len(run.state(CASE).fold.remarks) == 10
