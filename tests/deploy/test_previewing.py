import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import msgspec
import pytest

from dashboards.reader import Reader
from deploy import previewing
from deploy.embedded.mark_history import MarkHistory
from deploy.explaining import Grounds
from deploy.previewing import preview_hall
from streams.contracts.case import Case, CaseState
from streams.contracts.instants import from_ms
from streams.contracts.store import Store
from streams.registry.registry import HallRegistry, Registry
from tests.dashboards.stored import empty_store, put
from tests.streams.processes.case.cases import RULES, event, hall, ms

HALL = hall(5, None)
NOW_MS = ms("2026-03-04 12:00")
CLOSED = replace(HALL, calendars=(msgspec.structs.replace(HALL.calendars[0], free={date(2026, 3, 5): "停电"}),))
"""Moves what is due after Thursday the 5th."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Seven open cases, one finished, one of another hall, one of a feed that was never marked; due on the 9th."""
    with empty_store("chdb", tmp_path_factory.mktemp("chdb")) as opened:
        for number in range(10):
            state: CaseState = "finished" if number == 7 else "accepted"
            case_no = f"{'other' if number == 8 else 'hall'}/{number}"
            feed = "unmarked" if number == 9 else "feed"
            made = event(
                "Accepted",
                "2026-03-02 10:00",
                case_no=case_no,
                feed=feed,
                event_id=str(number),
                arrived_at="2026-03-02 10:00",
            )
            fact = Case(
                case_no=case_no, state=state, hall=case_no.partition("/")[0], feed=feed, registry_version="v1",
                version=1, known_at=from_ms(NOW_MS),
            )  # fmt: skip
            put(opened, [made, fact])
        yield opened


def previewed(store: Store, changed: HallRegistry) -> tuple[list[str], list[tuple[int, int]]]:
    """The cases that would change, and what was told of the progress."""
    history = MarkHistory()
    history.note_version(ms("2026-03-01 09:00"), "v1")
    history.note_horizon(NOW_MS, "feed", NOW_MS)
    grounds = Grounds({"": Registry(), "v1": Registry("v1", {"hall": HALL})}, RULES, history)
    told: list[tuple[int, int]] = []
    reader = Reader(store)
    try:
        found = asyncio.run(
            preview_hall(reader, grounds, changed, NOW_MS, lambda done, total: told.append((done, total)))
        )
    finally:
        reader.close()
    return [case.case_no for case in found], told


def test_every_open_case_of_the_hall_is_judged_in_parts_and_no_other(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "_CASES_AT_ONCE", 3)
    cases, told = previewed(store, CLOSED)
    assert cases == ["hall/0", "hall/1", "hall/2", "hall/3", "hall/4", "hall/5", "hall/6", "hall/9"]
    assert told == [(3, 8), (6, 8), (8, 8)]


def test_the_same_hall_changes_nothing(store: Store) -> None:
    assert previewed(store, HALL)[0] == []
