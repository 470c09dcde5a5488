from datetime import date
from pathlib import Path
from random import Random

import deploy
from deploy.demo.case_events import events_of
from deploy.demo.case_plan import CasePlan
from deploy.demo.office import Office
from deploy.demo.planning import Planner
from streams.contracts.case_event import Accepted, Applied, CaseEvent, Finished, ResultReady, StepEnded, StepStarted
from streams.contracts.codec import decode, encode
from streams.contracts.instants import to_ms
from streams.contracts.topics import CASE_EVENTS
from streams.registry.loading import load_hall

HALL = load_hall(Path(deploy.__file__).parent / "halls" / "pingliang")
OFFICE = Office(HALL)
PLANNER = Planner(HALL, OFFICE, Random(11), [date(2026, 11, 23)])
PLANS = [PLANNER.plan(number) for number in range(1, 301)]


def events(plan: CasePlan) -> list[CaseEvent]:
    return [event for _, event in events_of(plan, "approvals", OFFICE)]


def test_events_come_in_order_each_at_its_own_instant() -> None:
    for plan in PLANS:
        pairs = events_of(plan, "approvals", OFFICE)
        assert [at_ms for at_ms, _ in pairs] == sorted(to_ms(event.occurred_at) for _, event in pairs)


def test_event_ids_are_unique_and_the_same_every_time() -> None:
    ids = [event.event_id for plan in PLANS for event in events(plan)]
    assert len(set(ids)) == len(ids)
    assert ids == [event.event_id for plan in PLANS for event in events(plan)]


def test_every_event_survives_the_topic() -> None:
    for plan in PLANS[:60]:
        for event in events(plan):
            assert decode(CASE_EVENTS, encode(event)) == event


def test_a_case_begins_with_its_receipt_and_every_step_that_began_ends_before_the_decision() -> None:
    for plan in PLANS:
        made = events(plan)
        assert isinstance(made[0], Applied)
        assert sum(isinstance(event, Accepted) for event in made) == 1
        finished = [place for place, event in enumerate(made) if isinstance(event, Finished)]
        if finished:
            steps = [event for event in made if isinstance(event, StepStarted | StepEnded)]
            assert all(made.index(step) < finished[0] for step in steps)
            assert sum(isinstance(step, StepStarted) for step in steps) * 2 == len(steps)


def test_a_granted_document_is_told_to_be_ready() -> None:
    granted = [plan for plan in PLANS if plan.item.document and plan.result == "granted" and plan.stopped_ms]
    assert granted
    assert all(any(isinstance(event, ResultReady) for event in events(plan)) for plan in granted)
