import random
from collections.abc import Iterable
from datetime import date
from typing import cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.case import Case
from streams.contracts.case_event import CaseEvent
from streams.contracts.clock import Clock
from streams.contracts.errors import UnreadableError
from streams.contracts.finding import Finding
from streams.contracts.instants import to_ms
from streams.contracts.topics import CASES, FINDINGS
from streams.engine.driver import Arrival, Horizon, Run, drive
from streams.engine.process import KeyedProcess, Output
from streams.processes.case.case_state import CaseState
from streams.processes.case.process import CaseProcess
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Feed
from tests.streams.processes.case.cases import CASE, CHINA, RULES, event, hall, limit, ms, text

ACCEPTED = event("Accepted", "2018-10-15 10:00")


class Desk:
    """The process on one case with a hand-driven clock; rows go through bytes after every call."""

    def __init__(self, registry: HallRegistry | None = None) -> None:
        self.registries = {"1": Registry("1", {"hall": registry or hall()})}
        self.process = CaseProcess(self.registries, RULES, "1")
        self.state = self.process.start(CASE)
        self.outputs: list[Output] = []

    def take(self, event: CaseEvent, now: str = "2030-01-01 00:00") -> list[str]:
        """An event arrives; wakes up to its time fire first, as the engine does it."""
        told = self.wait_ms(min(self.process.occurred_ms(event), ms(now)))
        return told + self._keep(self.process.on_event(self.state, event, ms(now)))

    def wait(self, until: str) -> list[str]:
        return self.wait_ms(ms(until))

    def wait_ms(self, until_ms: int) -> list[str]:
        said: list[str] = []
        while (wake := self.process.wake_at(self.state)) is not None and wake <= until_ms:
            said += self._keep(self.process.on_time(self.state, wake))
            following = self.process.wake_at(self.state)
            assert following is None or following > wake
        return said

    def publish(self, version: str, registry: HallRegistry, now: str | None = None) -> list[str]:
        self.registries[version] = Registry(version, {"hall": registry})
        self.process = self.process.at(version)
        now_ms = self.state.fold.at_ms if now is None else ms(now)
        return self._keep(self.process.on_registry(self.state, now_ms))

    def _keep(self, outputs: Iterable[Output]) -> list[str]:
        kept = list(outputs)
        self.outputs += kept
        self.state = msgspec.msgpack.decode(msgspec.msgpack.encode(self.state), type=CaseState)
        bodies = [cast(Finding, output.body) for output in kept if output.topic.name == "findings"]
        return [f"{body.change} {body.level}{'' if body.tell else ' (not told)'}" for body in bodies]

    def last(self, topic: str) -> msgspec.Struct:
        return [output.body for output in self.outputs if output.topic.name == topic][-1]


def test_the_process_is_a_keyed_process() -> None:
    process: KeyedProcess[CaseState, CaseEvent] = Desk().process
    assert process.input.name == "case-events"


def test_a_case_that_runs_over_both_limits_is_told_three_times_and_ends_once() -> None:
    desk = Desk()
    assert desk.take(ACCEPTED) == []
    assert desk.wait("2018-10-30 00:00") == ["opened warn", "raised yellow", "raised red"]
    assert desk.take(event("Finished", "2018-10-31 09:00")) == ["ended red (not told)"]
    case = cast(Case, desk.last("cases"))
    assert (case.state, case.on_time) == ("finished", False)


def test_a_case_in_time_is_told_nothing_and_counts_as_on_time() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    assert desk.take(event("Finished", "2018-10-19 09:00")) == []
    assert cast(Case, desk.last("cases")).on_time is True
    assert desk.wait("2030-01-01 00:00") == []
    assert desk.state.is_stub


def test_a_case_without_any_limit_is_marked_and_never_decided() -> None:
    desk = Desk(hall(None, None))
    desk.take(ACCEPTED)
    desk.take(event("Finished", "2018-12-19 09:00"))
    case = cast(Case, desk.last("cases"))
    assert case.no_limit
    assert case.on_time is None


def test_an_open_case_is_late_as_soon_as_its_promise_is_over() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    desk.wait("2018-10-24 18:00")
    assert cast(Case, desk.last("cases")).on_time is None
    desk.wait("2018-10-25 00:00")
    assert cast(Case, desk.last("cases")).on_time is False


def test_a_finish_in_time_that_arrives_late_withdraws_what_was_told() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    desk.wait("2018-10-22 00:00")
    assert desk.wait("2018-10-22 12:00") == ["opened warn"]
    assert desk.take(event("Finished", "2018-10-19 09:00"), "2018-10-22 12:00") == ["withdrawn warn"]
    assert cast(Case, desk.last("cases")).on_time is True


def test_a_finish_before_due_but_after_the_warning_takes_back_only_the_yellow() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    desk.wait("2018-10-25 00:00")
    assert desk.take(event("Finished", "2018-10-23 09:00"), "2018-10-25 09:00") == ["withdrawn warn"]
    finding = cast(Finding, desk.last("findings"))
    assert (finding.state, finding.level, finding.highest) == ("ended", "warn", "warn")
    assert finding.withdrawn_level == "yellow"


def test_an_event_that_comes_twice_publishes_nothing_the_second_time() -> None:
    desk = Desk()
    finish = event("Finished", "2018-10-31 09:00")
    for one in (ACCEPTED, finish):
        desk.take(one)
    published = len(desk.outputs)
    assert desk.take(ACCEPTED) == []
    assert desk.take(finish) == []
    assert len(desk.outputs) == published


def test_an_event_from_the_future_waits_for_its_time() -> None:
    desk = Desk()
    desk.take(event("Accepted", "2018-10-15 10:00"), now="2018-10-12 00:00")
    assert desk.state.fold.accepted_ms is None
    desk.wait("2018-10-15 10:00")
    assert desk.state.fold.accepted_ms == ms("2018-10-15 10:00")


def test_an_event_from_the_future_drags_no_other_case_along() -> None:
    early, other = (event("Accepted", "2018-10-15 10:00", case_no=f"hall/{n}", event_id=f"e{n}") for n in (1, 2))
    finish = event("Finished", "2018-10-15 09:00", decided_at="2018-10-16 12:00", case_no="hall/1")
    process = CaseProcess({"1": Registry("1", {"hall": hall(1, 2)})}, RULES, "1")
    steps = [Arrival(ms("2018-10-15 18:30"), each.case_no, each) for each in (early, other, finish)]
    run = drive(process, steps, registry="1")
    assert (run.state("hall/1").applied, run.state("hall/1").kept) == (1, 2)
    assert {run.state(f"hall/{n}").fold.at_ms for n in (1, 2)} == {ms("2018-10-15 10:00")}
    run.step(Horizon(ms("2018-10-16 20:00"), "feed", ms("2018-10-16 20:00")))
    assert [run.state(f"hall/{n}").fold.closed for n in (1, 2)] == ["finished", ""]
    beyond = event("Finished", "2018-10-16 09:00", decided_at="2019-10-16 12:00", case_no="hall/2")
    run.step(Arrival(ms("2018-10-16 20:00"), "hall/2", beyond))
    assert [(letter.field, letter.place) for letter in run.dead] == [("decided_at", "case-events/0/5")]


def test_a_due_that_moves_is_published_but_not_told() -> None:
    desk = Desk(hall(None, 10))
    desk.take(ACCEPTED)
    assert desk.wait("2018-10-25 12:00") == ["opened warn"]
    late_news = event("Suspended", "2018-10-25 13:00", announced_days=2, ground="鉴定")
    assert desk.take(late_news) == ["moved warn (not told)"]


def test_only_clocks_that_changed_are_published() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    clocks = [output.body for output in desk.outputs if isinstance(output.body, Clock)]
    assert [clock.clock for clock in clocks] == ["promise", "statutory"]
    desk.take(event("StepStarted", "2018-10-16 09:00", step="审核"))
    assert sum(isinstance(output.body, Clock) for output in desk.outputs) == 2


def test_every_output_has_the_places_of_the_case() -> None:
    desk = Desk()
    desk.take(event("Accepted", "2018-10-15 10:00", window="A01", staff="p1", site="s1"))
    desk.wait("2018-10-30 00:00")
    for output in desk.outputs:
        body = cast(Finding, output.body)
        places = (body.hall, body.org, body.item, body.window, body.staff, body.site, body.feed)
        assert places == ("hall", "org", "licence", "A01", "p1", "s1", "feed")


def test_a_new_calendar_withdraws_an_open_overdue_whose_due_lies_ahead_again() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    desk.wait("2018-10-25 00:00")
    days = {date(2018, 10, day): "停电" for day in (16, 17, 18, 19, 22)}
    closed = msgspec.structs.replace(CHINA, version="2", free=days)
    assert desk.publish("2", hall(calendar=closed)) == ["withdrawn yellow"]
    assert desk.wait("2018-10-30 00:00") == ["reopened warn"]


def test_a_due_made_earlier_by_a_new_calendar_raises_no_earlier_than_its_publication() -> None:
    closed = msgspec.structs.replace(CHINA, version="1", free={date(2018, 10, 16): "停电", date(2018, 10, 17): "停电"})
    desk = Desk(hall(calendar=closed))
    desk.take(ACCEPTED)
    assert desk.wait("2018-10-25 12:00") == ["opened warn"]
    desk.publish("2", hall(calendar=msgspec.structs.replace(CHINA, version="2")), now="2018-10-25 12:00")
    desk.wait("2018-10-29 00:00")
    finding = cast(Finding, desk.last("findings"))
    stretches = [(stretch.level, text(to_ms(stretch.raised_at))) for stretch in finding.stretches]
    assert stretches == [("warn", "10-24 08:30"), ("yellow", "10-25 12:00")]
    assert text(to_ms(finding.due_at or finding.raised_at)) == "10-24 18:00"


def test_an_overdue_that_is_still_one_under_a_new_calendar_is_moved_and_not_told() -> None:
    desk = Desk(hall(7, None))
    desk.take(ACCEPTED)
    desk.wait("2018-10-29 12:00")
    closed = msgspec.structs.replace(CHINA, version="2", free={date(2018, 10, 16): "停电"})
    assert desk.publish("2", hall(7, None, calendar=closed), now="2018-10-29 12:00") == ["moved yellow (not told)"]


def test_cards_on_unconfirmed_days_are_shown_but_not_told_until_the_days_are_published() -> None:
    unsure = msgspec.structs.replace(CHINA, version="1", unknown_from=date(2018, 10, 20))
    desk = Desk(hall(7, None, calendar=unsure))
    desk.take(ACCEPTED)
    assert desk.wait("2018-10-25 12:00") == ["opened warn", "raised yellow (not told)"]
    assert "【暂定】" in cast(Finding, desk.last("findings")).message_zh
    published = msgspec.structs.replace(CHINA, version="2")
    assert desk.publish("2", hall(7, None, calendar=published), now="2018-10-26 09:00") == ["raised yellow"]
    assert text(to_ms(cast(Finding, desk.last("findings")).raised_at)) == "10-24 18:00"


def test_a_closed_case_that_stood_on_unconfirmed_days_is_judged_again() -> None:
    unsure = msgspec.structs.replace(CHINA, version="1", unknown_from=date(2018, 10, 20))
    desk = Desk(hall(7, None, calendar=unsure))
    desk.take(ACCEPTED)
    desk.take(event("Finished", "2018-10-25 09:00"))
    assert cast(Case, desk.last("cases")).on_time is False
    published = msgspec.structs.replace(CHINA, version="2", free={date(2018, 10, 22): "调休"})
    assert desk.publish("2", hall(7, None, calendar=published)) == ["withdrawn warn"]
    assert cast(Case, desk.last("cases")).on_time is True


def test_an_epoch_that_waited_past_its_due_is_not_late() -> None:
    desk = Desk(hall(5, 20))
    for kind, when in (
        ("Accepted", "2026-03-02 10:00"),
        ("CorrectionNotified", "2026-03-09 10:00"),
        ("CorrectionCompleted", "2026-03-25 10:00"),
        ("Finished", "2026-03-26 10:00"),
    ):
        desk.take(event(kind, when))
    assert cast(Case, desk.last("cases")).on_time is True
    assert all(cast(Clock, output.body).overdue == 0 for output in desk.outputs if output.topic.name == "clocks")


def test_a_case_that_waits_for_ever_is_never_late() -> None:
    desk = Desk(hall(5, 20))
    desk.take(event("Accepted", "2026-03-02 10:00"))
    desk.take(event("CorrectionNotified", "2026-03-09 10:00"))
    assert desk.wait("2026-12-01 00:00") == ["opened warn"]  # the reminder to close it
    assert cast(Case, desk.last("cases")).on_time is None


def test_a_notice_after_due_heals_nothing() -> None:
    desk = Desk(hall(5, None))
    for kind, when in (
        ("Accepted", "2026-03-02 10:00"),
        ("CorrectionNotified", "2026-03-10 10:00"),
        ("CorrectionCompleted", "2026-03-12 10:00"),
        ("Finished", "2026-03-13 10:00"),
    ):
        desk.take(event(kind, when))
    assert cast(Case, desk.last("cases")).on_time is False
    assert desk.state.fold.epoch == 1


def test_a_closed_case_stays_as_it_was_judged_when_the_registry_changes() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    desk.take(event("Finished", "2018-10-31 09:00"))
    closed = msgspec.structs.replace(CHINA, version="2", free={date(2018, 10, 16): "停电"})
    assert desk.publish("2", hall(calendar=closed)) == []
    before = cast(Clock, desk.last("clocks")).due_at
    desk.take(event("StepEnded", "2018-10-16 09:00", step="审核"))
    assert cast(Case, desk.last("cases")).due_at is not None
    assert cast(Clock, desk.last("clocks")).due_at == before


def test_the_limits_at_acceptance_hold_for_the_life_of_a_case() -> None:
    desk = Desk()
    desk.take(ACCEPTED)
    desk.publish("2", hall(1, 2))
    assert desk.wait("2018-10-22 08:30") == ["opened warn"]
    desk.take(event("StepStarted", "2018-10-16 09:00", step="审核"))
    assert cast(Case, desk.last("cases")).due_at == cast(Clock, desk.outputs[1].body).due_at


def test_a_case_of_an_unknown_hall_is_refused_with_the_field() -> None:
    desk = Desk()
    stranger = event("Accepted", "2018-10-15 10:00", case_no="nowhere/1")
    with pytest.raises(UnreadableError, match="case_no"):
        desk.process.on_event(desk.process.start("nowhere/1"), stranger, ms("2018-10-15 10:00"))


STORY = [
    ACCEPTED,
    event("Suspended", "2018-10-17 10:00", announced_days=3, ground="检测"),
    event("Resumed", "2018-10-18 10:00"),
    event("CorrectionNotified", "2018-10-22 09:00"),
    event("CorrectionCompleted", "2018-10-23 09:00"),
    event("Extended", "2018-10-24 09:00", days=2, approver="局长"),
    event("Finished", "2018-11-20 10:00"),
]


def latest(outputs: list[Output]) -> dict[str, bytes]:
    """The last version of every fact that still counts; how it was told on the way may differ."""
    kept: dict[str, bytes] = {}
    for output in outputs:
        body = output.body
        if isinstance(body, Finding):
            if body.state == "withdrawn":
                kept.pop(output.key, None)
                continue
            body = msgspec.structs.replace(body, change="opened", withdrawn_level="", tell=False)
        if isinstance(body, Clock) and body.started_at == body.stopped_at and body.state == "void":
            kept.pop(output.key, None)
            continue
        kept[output.key] = msgspec.json.encode(body)
    return kept


HISTORY = (Feed(name="feed", way="file"),)
"""Nobody was told in the middle of a file, so nothing has to be confirmed."""


@given(
    st.integers(0, 10_000),
    st.sampled_from([hall(feeds=HISTORY), hall(limit(6, "office_days"), limit(8, "office_days"), feeds=HISTORY)]),
)
@settings(max_examples=60, deadline=None)
def test_whatever_order_events_arrive_in_the_facts_end_up_the_same(seed: int, registry: HallRegistry) -> None:
    straight, mixed = Desk(registry), Desk(registry)
    for one in STORY:
        straight.take(one)
    dice = random.Random(seed)
    for one in dice.sample(STORY * 2, len(STORY) * 2):
        mixed.take(one)
    for desk in (straight, mixed):
        desk.wait("2019-03-01 00:00")
    assert latest(mixed.outputs) == latest(straight.outputs)


def test_a_case_whose_first_event_ends_it_is_judged_by_the_version_in_force() -> None:
    registries = {"": Registry(), "1": Registry("1", {"hall": hall()})}
    process = CaseProcess(registries, RULES, "1")
    state = process.start(CASE)
    (output,) = process.on_event(state, event("Finished", "2018-10-24 17:00"), ms("2018-10-24 17:00"))
    assert cast(Case, output.body).registry_version == "1"


def test_an_event_without_a_time_of_day_stands_at_the_beginning_of_its_date_before_any_card_of_that_day() -> None:
    finished = event("Finished", "2018-10-24 23:59", date_only=True)
    run = Run(CaseProcess({"1": Registry("1", {"hall": hall(7, None)})}, RULES, "1"), "1")
    run.step(Arrival(ms("2018-10-26 10:00"), CASE, event("Accepted", "2018-10-15 10:00")))
    run.step(Arrival(ms("2018-10-26 10:00"), CASE, finished))
    assert {finding.highest for finding in run.bodies(FINDINGS)} == {"warn"}
    cases: list[Case] = run.bodies(CASES)
    assert cases[-1].on_time is True
