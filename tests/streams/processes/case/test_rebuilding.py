from dataclasses import replace
from datetime import date

import msgspec
import pytest

from streams.contracts.case_event import CaseEvent
from streams.contracts.finding import Finding
from streams.contracts.instants import from_ms
from streams.contracts.topics import FINDINGS
from streams.engine.driver import Arrival, Horizon, Run, Switch
from streams.processes.case.case_state import CaseState
from streams.processes.case.explain import explain
from streams.processes.case.preview import preview
from streams.processes.case.process import CaseProcess
from streams.processes.case.rebuilding import Rebuilding
from streams.registry.registry import Registry
from tests.streams.processes.case.cases import CASE, CHINA, RULES, Past, event, hall, ms

HALL = hall()
MOVED = replace(
    HALL,
    calendars=(
        msgspec.structs.replace(
            CHINA, version="2", free={date(2018, 10, 24): "停电"}, working={date(2018, 10, 20): "补班"}
        ),
    ),
)
"""Brings the due of a case accepted on 2018-10-15 forward, from the 24th to the 23rd."""
REGISTRIES = {"": Registry(), "old": Registry("old", {"hall": HALL}), "new": Registry("new", {"hall": MOVED})}
PAST = [(0, "old"), (ms("2018-10-25 10:00"), "new"), (ms("2018-10-25 11:00"), "old")]
"""The new calendar is in force for an hour."""

Came = tuple[str, CaseEvent]
ACCEPTED = ("2018-10-15 10:01", event("Accepted", "2018-10-15 10:00"))
LATE = ("2018-10-25 09:00", event("Extended", "2018-10-24 09:00", days=2, approver="局长"))
STORIES: dict[str, list[Came]] = {
    "nothing but the acceptance": [ACCEPTED],
    "an extension that came after the yellow card": [ACCEPTED, LATE],
    "a finish that came in time": [ACCEPTED, ("2018-10-24 17:00", event("Finished", "2018-10-24 17:00"))],
    "a finish that came long after": [ACCEPTED, ("2018-11-12 17:00", event("Finished", "2018-10-24 17:00"))],
    "a withdrawal that is no proposal": [
        ACCEPTED,
        LATE,
        ("2018-10-25 12:00", event("WithdrawalConfirmed", "2018-10-25 12:00", finding_id="another")),
    ],
}


def arrived(story: list[Came]) -> list[CaseEvent]:
    return [msgspec.structs.replace(one, arrived_at=from_ms(ms(when))) for when, one in story]


def rebuilt(story: list[Came], now: str, until: int = 3) -> CaseState:
    return Rebuilding(REGISTRIES, RULES, Past(PAST[:until])).state(CASE, arrived(story), ms(now))


def lived(story: list[Came], now: str, until: int = 3) -> Run:
    """The same in the engine: every arrival and version in turn, the feed marked before each and at the end."""
    run = Run(CaseProcess(REGISTRIES, RULES, "old"), "old")
    steps = [(ms(when), one) for when, one in story] + [(at, version) for at, version in PAST[1:until]]
    for at_ms, step in sorted(steps, key=lambda step: step[0]):
        if at_ms > ms(now):
            break
        run.step(Horizon(at_ms, "feed", at_ms))
        run.step(Switch(at_ms, step) if isinstance(step, str) else Arrival(at_ms, CASE, step))
    run.step(Horizon(ms(now), "feed", ms(now)))
    return run


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("now", ["2018-10-20 12:00", "2018-10-25 09:30", "2018-10-25 10:30", "2018-11-20 12:00"])
def test_a_state_made_anew_is_the_one_that_the_process_holds(story: str, now: str) -> None:
    held, found = lived(STORIES[story], now).state(CASE), rebuilt(STORIES[story], now)
    assert msgspec.to_builtins(found) == msgspec.to_builtins(held)


@pytest.mark.parametrize("story", STORIES)
def test_a_preview_is_what_is_published_though_calendars_went_there_and_back(story: str) -> None:
    for until, now, version in ((1, "2018-10-25 10:00", "new"), (2, "2018-10-25 11:00", "old")):
        run = lived(STORIES[story], now, until)
        before = len(run.bodies(FINDINGS))
        run.step(Switch(ms(now), version))
        published = [shape(one) for one in run.bodies(FINDINGS)[before:]]
        found = preview(rebuilt(STORIES[story], now, until), REGISTRIES, RULES, version, ms(now))
        said = [shape(one) for one in found.findings] if found else []
        assert said == published


def shape(finding: Finding) -> tuple[object, ...]:
    return finding.finding_id, finding.change, finding.withdrawal, finding.level, finding.raised_at, finding.tell


def test_an_explanation_tells_of_cards_as_they_are_published() -> None:
    state = rebuilt([ACCEPTED, LATE], "2018-10-25 09:30", until=1)
    events = arrived([ACCEPTED, LATE])
    told = explain(CASE, events, REGISTRIES["old"], ms("2018-10-25 09:30"), rules=RULES, published=state)
    (card,) = [finding for finding in told.findings if finding.rule == "TIME-01"]
    assert card.message.endswith("（拟撤回，待监察人员确认）")
    assert card.stretches == ("预警：2018-10-22 08:30 → 2018-10-24 18:00", "黄牌：2018-10-24 18:00 → …")
    state = rebuilt([ACCEPTED], "2018-10-23 19:00", until=1)
    earlier = Past([(0, "old"), (ms("2018-10-23 20:00"), "new")])
    state = Rebuilding(REGISTRIES, RULES, earlier).state(CASE, arrived([ACCEPTED]), ms("2018-10-24 12:00"))
    told = explain(CASE, arrived([ACCEPTED]), REGISTRIES["new"], ms("2018-10-24 12:00"), rules=RULES, published=state)
    assert [finding.stretches[-1] for finding in told.findings] == ["黄牌：2018-10-23 20:00 → …"]
    told = explain(CASE, arrived([ACCEPTED]), REGISTRIES["new"], ms("2018-10-23 19:00"), rules=RULES, published=state)
    assert [finding.stretches[-1] for finding in told.findings] == ["预警：2018-10-22 08:30 → …"]


def test_of_a_feed_that_was_never_marked_nothing_is_known_behind_its_last_event() -> None:
    rebuilding = Rebuilding(REGISTRIES, RULES, Past(PAST[:1], silent=True))
    assert rebuilding.state(CASE, arrived([ACCEPTED]), ms("2018-11-20 12:00")).fold.findings == []


def test_what_the_process_refuses_is_left_out() -> None:
    rebuilding = Rebuilding(REGISTRIES, RULES, Past([(0, "")]))
    assert rebuilding.state(CASE, arrived([ACCEPTED]), ms("2018-11-20 12:00")).kept == 0
