import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.case import Case
from streams.contracts.case_event import CaseEvent
from streams.contracts.instants import from_ms
from streams.contracts.late_event import LateEvent, Rehydrated
from streams.contracts.topics import CASES, CLOCKS, FINDINGS, LATE_EVENTS
from streams.engine.driver import Arrival, Horizon, Restart, Run, drive
from streams.processes.case.process import CaseProcess
from streams.processes.case.settings import CaseSettings
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Feed
from tests.streams.processes.case.cases import CASE, CHINA, RULES, event, hall, limit, ms

FILE = (Feed(name="feed", way="file"),)
LATER = "2020-06-01 12:00"


class Counter:
    """The process on a list, with a store that keeps every event and brings cases back as the effect does."""

    def __init__(self, registry: HallRegistry | None = None, days: int = 400) -> None:
        registries = {"1": Registry("1", {"hall": registry or hall(feeds=FILE)})}
        settings = CaseSettings(retain_closed_days=days)
        self.run: Run = drive(CaseProcess(registries, RULES, "1", settings), [], registry="1")
        self.stored: list[CaseEvent] = []
        self.fetched = 0

    def take(self, at: str, *events: CaseEvent) -> None:
        for each in events:
            arrived = msgspec.structs.replace(each, arrived_at=from_ms(ms(at)))
            self.stored.append(arrived)
            self.run.step(Arrival(ms(at), CASE, arrived))

    def until(self, when: str) -> None:
        self.run.step(Horizon(ms(when), "feed", ms(when)))

    def bring_back(self, at: str) -> None:
        """One after the other, as if the effect saw each alone."""
        late: list[LateEvent] = self.run.bodies(LATE_EVENTS)
        for one in late[self.fetched :]:
            known = self.stored[: self.stored.index(one.event)]
            case = Rehydrated(case_no=CASE, known=tuple(known), late=(one.event,))
            self.run.step(Arrival(ms(at), CASE, case))
        self.fetched = len(late)

    @property
    def state(self) -> Any:
        return self.run.state(CASE)


def _closed(days: int = 400) -> Counter:
    made = Counter(days=days)
    made.take("2018-10-31 12:00", event("Accepted", "2018-10-15 10:00"), event("Finished", "2018-10-31 09:00"))
    return made


def test_a_closed_case_is_kept_whole_for_a_time_and_then_is_some_tens_of_bytes() -> None:
    made = _closed()
    made.until("2019-12-05 08:59")
    assert not made.state.is_stub
    whole = len(msgspec.msgpack.encode(made.state))
    made.until("2019-12-05 09:00")
    assert made.state.is_stub
    assert len(msgspec.msgpack.encode(made.state)) < 100 < whole / 5
    made.until("2030-01-01 00:00")
    assert (made.state.fold.closed, made.state.kept) == ("finished", 0)
    assert made.run.counts.fired == 1 + 3


@pytest.mark.parametrize("story", [["Accepted"], ["Accepted", "Suspended"], ["Applied"]])
def test_an_open_case_never_becomes_a_stub(story: list[str]) -> None:
    made = Counter()
    made.take("2018-11-01 12:00", *(event(kind, f"2018-10-1{n} 10:00") for n, kind in enumerate(story)))
    made.until("2030-01-01 00:00")
    assert not made.state.is_stub


def test_a_case_that_stood_on_unconfirmed_days_waits_for_them() -> None:
    unsure = msgspec.structs.replace(CHINA, unknown_from=ms_date("2018-10-20"))
    made = Counter(hall(calendar=unsure, feeds=FILE))
    made.take("2018-10-31 12:00", event("Accepted", "2018-10-15 10:00"), event("Finished", "2018-10-31 09:00"))
    made.until("2030-01-01 00:00")
    assert not made.state.is_stub


def ms_date(text: str) -> Any:
    return from_ms(ms(f"{text} 12:00")).date()


def test_a_late_event_of_a_stub_goes_out_and_changes_nothing_by_itself() -> None:
    made = _closed()
    made.until(LATER)
    facts = len(made.run.bodies(CASES))
    made.take(LATER, event("Delivered", "2018-11-02 10:00"))
    (late,) = made.run.bodies(LATE_EVENTS)
    assert (late.case_no, late.events, late.event.event_id) == (CASE, 2, "Delivered@2018-11-02 10:00")
    assert len(made.run.bodies(CASES)) == facts
    assert made.state.is_stub


def test_a_case_that_is_brought_back_is_judged_again_keeps_its_end_and_becomes_a_stub_again() -> None:
    made = _closed()
    assert made.run.bodies(CASES)[-1].on_time is False
    made.until(LATER)
    made.take(LATER, event("Suspended", "2018-10-17 10:00", announced_days=20, ground="鉴定"))
    made.bring_back(LATER)
    last: Case = made.run.bodies(CASES)[-1]
    assert (last.state, last.finished_at, last.events) == ("finished", from_ms(ms("2018-10-31 09:00")), 3)
    assert last.on_time is True
    assert [finding.change for finding in made.run.bodies(FINDINGS)][-1] == "withdrawn"
    made.until("2020-06-01 12:01")
    assert made.state.is_stub
    assert made.state.fold.events == 3


def test_a_case_is_brought_back_only_once_for_an_event_that_comes_twice_or_after_a_crash() -> None:
    made = _closed()
    made.until(LATER)
    late = event("Delivered", "2018-11-02 10:00")
    made.take(LATER, late, late)
    made.run.step(Restart())
    made.bring_back(LATER)
    facts = [len(made.run.bodies(topic)) for topic in (CASES, CLOCKS, FINDINGS)]
    made.fetched = 0
    made.bring_back(LATER)
    made.until("2020-06-01 12:01")
    made.fetched = 0
    made.bring_back(LATER)
    assert [len(made.run.bodies(topic)) for topic in (CASES, CLOCKS, FINDINGS)] == facts


def test_a_stub_that_knows_more_than_was_fetched_sends_its_event_out_once_more() -> None:
    made = _closed()
    made.until(LATER)
    made.take(LATER, event("Delivered", "2018-11-02 10:00"), event("Suspended", "2018-10-17 10:00", announced_days=2))
    first, second = made.run.bodies(LATE_EVENTS)
    for late, when in ((first, "2020-06-01 12:01"), (second, "2020-06-01 12:02")):
        case = Rehydrated(case_no=CASE, known=tuple(made.stored[:2]), late=(late.event,))
        made.run.step(Arrival(ms(when), CASE, case))
        made.until(when)
    assert (made.state.is_stub, made.state.fold.events) == (True, 3)
    again = made.run.bodies(LATE_EVENTS)[-1]
    assert (again.event, again.events) == (second.event, 3)
    made.fetched = 2
    made.bring_back("2020-06-01 12:03")
    assert made.state.fold.events == 4


def test_a_confirmation_for_a_stub_is_of_nothing() -> None:
    made = _closed()
    made.until(LATER)
    made.take(LATER, event("WithdrawalConfirmed", "2020-06-01 11:00", finding_id="f"))
    assert made.run.bodies(LATE_EVENTS) == []


def test_versions_of_a_case_go_on_growing_over_its_time_as_a_stub() -> None:
    made = _closed()
    made.until(LATER)
    made.take(LATER, event("Delivered", "2018-11-02 10:00"))
    made.bring_back("2018-10-31 12:00")
    versions = [fact.version for fact in made.run.bodies(CASES)]
    assert versions == sorted(set(versions))


STORY = [
    event("Applied", "2018-10-12 10:00"),
    event("Accepted", "2018-10-15 10:00"),
    event("StepStarted", "2018-10-15 11:00", step="审核"),
    event("Suspended", "2018-10-17 10:00", announced_days=3, ground="检测"),
    event("StepEnded", "2018-10-17 11:00", step="审核"),
    event("Resumed", "2018-10-18 10:00"),
    event("CorrectionNotified", "2018-10-22 09:00"),
    event("CorrectionCompleted", "2018-10-23 09:00"),
    event("Extended", "2018-10-24 09:00", days=2, approver="局长"),
    event("Finished", "2018-11-20 10:00"),
    event("Delivered", "2018-11-21 10:00"),
]


def _facts(run: Run) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for body in run.bodies(FINDINGS):
        plain = msgspec.structs.replace(body, change="opened", withdrawn_level="", tell=False, version=0, known_at=None)
        found[body.finding_id] = msgspec.json.encode(plain)
        if body.state == "withdrawn":
            del found[body.finding_id]
    for body in run.bodies(CLOCKS):
        found[body.clock_id] = msgspec.json.encode(msgspec.structs.replace(body, version=0, known_at=None))
        if body.state == "void" and body.stopped_at == body.started_at:
            del found[body.clock_id]
    last = msgspec.structs.replace(run.bodies(CASES)[-1], version=0, known_at=None)
    return {**found, CASE: msgspec.json.encode(last)}


@given(st.integers(0, 10_000), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_a_case_brought_back_ends_with_the_facts_of_one_that_was_kept_whole(seed: int, late: int) -> None:
    dice = random.Random(seed)
    finish = STORY[-2]
    others = dice.sample([each for each in STORY if each is not finish], 10)
    registry = hall(7, 10, steps={"审核": limit(1)}, feeds=FILE)
    whole, stub = Counter(registry, days=9_000), Counter(registry)
    for made in (whole, stub):
        made.take("2019-01-01 12:00", finish, *others[late:])
        made.until(LATER)
        for each in others[:late]:
            made.take(LATER, each)
            if dice.random() < 0.5:
                made.bring_back(LATER)
        made.bring_back(LATER)
        made.until("2020-06-02 12:00")
    assert stub.state.is_stub
    assert _facts(stub.run) == _facts(whole.run)
