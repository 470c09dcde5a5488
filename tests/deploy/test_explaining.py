import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from dashboards.reader import Reader
from deploy.embedded.mark_history import MarkHistory
from deploy.explaining import Asked, Grounds, explain_case
from streams.contracts.case_event import CaseEvent
from streams.contracts.store import Store
from streams.processes.case.explain import Explanation
from streams.registry.registry import Registry
from tests.dashboards.stored import empty_store, forget_everything, put
from tests.streams.processes.case.cases import CASE, RULES, event, hall, ms

FIVE, THREE = hall(5, None), hall(3, None)
NOW_MS = ms("2026-03-20 12:00")


@pytest.fixture(scope="module")
def module_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with empty_store("chdb", tmp_path_factory.mktemp("chdb")) as store:
        yield store


@pytest.fixture
def store(module_store: Store) -> Store:
    forget_everything(module_store)
    return module_store


def arriving(kind: str, when: str, arrived: str = "") -> CaseEvent:
    return event(kind, when, arrived_at=arrived or when)


def grounds(*marks: tuple[str, str], five_from: str = "2026-03-01 09:00", three_from: str = "") -> Grounds:
    """`marks`: when a mark came and how far it said that the feed is."""
    history = MarkHistory()
    history.note_version(ms(five_from), "five")
    if three_from:
        history.note_version(ms(three_from), "three")
    for arrived, horizon in marks:
        history.note_horizon(ms(arrived), "feed", ms(horizon))
    registries = {
        "": Registry(),
        "five": Registry("five", {"hall": FIVE}),
        "three": Registry("three", {"hall": THREE}),
    }
    return Grounds(registries, RULES, history)


def explained(store: Store, by: Grounds, **asked: Any) -> Explanation | None:
    reader = Reader(store)
    try:
        return asyncio.run(explain_case(reader, by, Asked(CASE, **asked), NOW_MS))
    finally:
        reader.close()


def test_a_case_of_which_nothing_was_known_is_not_explained(store: Store) -> None:
    by = grounds()
    assert explained(store, by) is None
    put(store, [arriving("Accepted", "2026-03-02 10:00", "2026-03-05 10:00")])
    assert explained(store, by) is not None
    assert explained(store, by, known_ms=ms("2026-03-05 09:59")) is None


def test_a_case_of_a_hall_that_no_registry_held_then_is_not_explained(store: Store) -> None:
    put(store, [arriving("Accepted", "2026-03-02 10:00")])
    assert explained(store, grounds(five_from="2026-03-03 09:00"), known_ms=ms("2026-03-02 12:00")) is None


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        ({}, "2026-03-18 09:00"),  # the feed is known that far
        ({"at_ms": ms("2026-03-04 12:00")}, "2026-03-04 12:00"),
        ({"at_ms": ms("2026-03-19 12:00")}, "2026-03-18 09:00"),
        ({"known_ms": ms("2026-03-10 12:00")}, "2026-03-09 09:00"),  # then it was known that far
        ({"known_ms": ms("2026-03-10 12:00"), "at_ms": ms("2026-03-06 12:00")}, "2026-03-06 12:00"),
    ],
)
def test_nothing_is_judged_beyond_what_was_known_to_be_complete(
    store: Store, asked: dict[str, int], until: str
) -> None:
    put(store, [arriving("Accepted", "2026-03-02 10:00")])
    by = grounds(("2026-03-09 18:00", "2026-03-09 09:00"), ("2026-03-18 18:00", "2026-03-18 09:00"))
    found = explained(store, by, **asked)
    assert found is not None
    assert found.until == until


def test_before_its_first_event_there_is_no_case(store: Store) -> None:
    put(store, [arriving("Accepted", "2026-03-02 10:00")])
    by = grounds()
    assert explained(store, by, at_ms=ms("2026-03-02 09:59")) is None
    assert explained(store, by, at_ms=ms("2026-03-02 10:00")) is not None


def test_limits_are_those_in_force_when_the_acceptance_arrived(store: Store) -> None:
    put(store, [arriving("Accepted", "2026-03-02 10:00")])
    later = explained(store, grounds(three_from="2026-03-03 09:00"))
    before = explained(store, grounds(three_from="2026-03-02 09:30"))
    assert later is not None
    assert before is not None
    assert [found.clocks[0].due for found in (later, before)] == ["2026-03-09 18:00", "2026-03-05 18:00"]


def test_a_closed_case_is_explained_by_the_version_it_was_judged_by_last(store: Store) -> None:
    by = grounds(("2026-03-19 18:00", "2026-03-19 18:00"), three_from="2026-03-10 09:00")
    calendar = msgspec.structs.replace(FIVE.calendars[0], version="2", free={date(2026, 3, 4): "停电"})
    by = by._replace(
        registries={**by.registries, "three": Registry("three", {"hall": replace(FIVE, calendars=(calendar,))})}
    )
    put(store, [arriving("Accepted", "2026-03-02 10:00")])
    open_case = explained(store, by)
    put(store, [arriving("Finished", "2026-03-05 10:00")])
    closed = explained(store, by)
    assert [found.clocks[0].due for found in (open_case, closed) if found] == ["2026-03-10 18:00", "2026-03-09 18:00"]
