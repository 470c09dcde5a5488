"""The writer over a store that can be taken away; the real chDB where rows matter."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

import sinks.destinations
from sinks.batching import BatchSettings
from sinks.delivery import StoreWriter
from sinks.destination import Destination
from streams.contracts.errors import UnavailableError
from streams.contracts.store import Answer, Store
from streams.parts import find_parts
from tests.sinks.facts import COMMAND, FACTS, FINDING, Kept, accepted, kept

DESTINATIONS = find_parts(sinks.destinations, "DESTINATION", Destination)
QUICK = BatchSettings(wait_ms=5, rows_max=10, waiting_rows_max=20, back_off_first_ms=1, back_off_last_ms=4)


class Shelf:
    """A store that keeps rows in lists, can be taken away, and refuses events of the case that it is told to."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.inserts: list[tuple[str, int]] = []
        self.up = threading.Event()
        self.up.set()
        self.refused_case = ""
        self.thread_names: set[str] = set()

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        self.thread_names.add(threading.current_thread().name)
        if not self.up.is_set():
            raise UnavailableError("away")
        if self.refused_case and self.refused_case in columns.get("case_no", ()):
            raise ValueError("the store will not have this case")
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        self.tables.setdefault(table, []).extend(rows)
        self.inserts.append((table, len(rows)))

    def migrate(self) -> list[str]:
        return []

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        raise ValueError(sql)

    def close(self) -> None:
        self.up.clear()

    def cases(self, table: str = "case_events") -> list[str]:
        return [row["case_no"] for row in self.tables.get(table, [])]


@asynccontextmanager
async def writer_over(store: Store, settings: BatchSettings = QUICK) -> AsyncIterator[StoreWriter]:
    writer = StoreWriter(store, DESTINATIONS, settings)
    writer.start()
    try:
        yield writer
    finally:
        await writer.close()


def events(*numbers: int) -> list[Kept]:
    return [kept(accepted(number), offset=number) for number in numbers]


def nothing() -> None:
    pass


def test_done_is_said_when_the_rows_are_in_both_tables_and_not_before() -> None:
    async def run() -> None:
        shelf = Shelf()
        seen: list[tuple[int, int]] = []
        async with writer_over(shelf) as writer:
            await writer.write(
                "case-events",
                0,
                events(1, 2),
                lambda: seen.append((len(shelf.cases()), len(shelf.cases("case_events_history")))),
            )
            assert not writer.idle()
            assert seen == []
            await writer.flush()
            assert writer.idle()
        assert seen == [(2, 2)]

    asyncio.run(run())


def test_rows_that_wait_together_are_written_together() -> None:
    async def run() -> None:
        shelf = Shelf()
        async with writer_over(shelf) as writer:
            for number in range(5):
                await writer.write("case-events", number, events(number), nothing)
            await writer.flush()
        assert shelf.inserts == [("case_events_history", 5), ("case_events", 5)]

    asyncio.run(run())


def test_without_a_flush_rows_are_written_after_a_moment() -> None:
    async def run() -> None:
        shelf = Shelf()
        async with writer_over(shelf) as writer:
            done = asyncio.Event()
            await writer.write("case-events", 0, events(1), done.set)
            await asyncio.wait_for(done.wait(), 60)
        assert shelf.cases() == ["pl/1"]

    asyncio.run(run())


def test_one_write_takes_no_more_than_its_share() -> None:
    async def run() -> None:
        shelf = Shelf()
        async with writer_over(shelf) as writer:
            for start in (0, 4, 8, 12):
                await writer.write("case-events", 0, events(*range(start, start + 4)), nothing)
            await writer.flush()
        assert [rows for table, rows in shelf.inserts if table == "case_events"] == [12, 4]
        assert shelf.cases() == [f"pl/{number}" for number in range(16)]

    asyncio.run(run())


def test_a_store_that_is_away_loses_nothing_and_done_waits() -> None:
    async def run() -> None:
        shelf = Shelf()
        shelf.up.clear()
        done: list[int] = []
        async with writer_over(shelf) as writer:
            await writer.write("case-events", 0, events(1), lambda: done.append(1))
            await writer.write("cases", 0, [kept(FACTS["cases"])], lambda: done.append(2))
            while writer.stats.failures < 3:
                await asyncio.sleep(0.001)
            assert done == []
            assert not writer.stats.store_up
            assert writer.behind_ms() > 0
            shelf.up.set()
            await writer.flush()
            assert writer.stats.store_up
            assert writer.behind_ms() == 0
        assert done == [1, 2]
        assert shelf.cases() == ["pl/1"]
        assert shelf.cases("cases") == ["pl/1"]

    asyncio.run(run())


def test_readers_wait_when_too_much_waits_and_go_on_when_there_is_room() -> None:
    async def run() -> None:
        shelf = Shelf()
        shelf.up.clear()
        async with writer_over(shelf) as writer:
            await writer.write("case-events", 0, events(*range(10)), nothing)
            while not writer.stats.failures:
                await asyncio.sleep(0.001)
            for start in (10, 20):
                await writer.write("case-events", 0, events(*range(start, start + 10)), nothing)
            pressed = asyncio.create_task(writer.write("case-events", 0, events(*range(30, 40)), nothing))
            await asyncio.sleep(0.02)
            assert not pressed.done()
            assert writer.waiting_rows == 30
            shelf.up.set()
            await asyncio.wait_for(pressed, 60)
            await writer.flush()
        assert shelf.cases() == [f"pl/{number}" for number in range(40)]

    asyncio.run(run())


def test_what_cannot_be_read_lands_in_dead_letters_and_the_rest_goes_on() -> None:
    async def run() -> None:
        shelf = Shelf()
        async with writer_over(shelf) as writer:
            await writer.write("case-events", 2, [Kept(b"nonsense", offset=41), *events(1)], nothing)
            await writer.flush()
            assert writer.stats.dead == 1
        assert shelf.cases() == ["pl/1"]
        assert [row["place"] for row in shelf.tables["dead_letters"]] == ["case-events/2/41"]

    asyncio.run(run())


def test_a_row_that_the_store_refuses_becomes_a_letter_and_takes_no_other_with_it() -> None:
    async def run() -> None:
        shelf = Shelf()
        shelf.refused_case = "pl/3"
        async with writer_over(shelf) as writer:
            await writer.write("case-events", 0, events(*range(8)), nothing)
            await writer.write("findings", 0, [kept(FINDING), kept(COMMAND)], nothing)
            await writer.flush()
            assert writer.stats.dead == 1
        assert shelf.cases() == [f"pl/{number}" for number in range(8) if number != 3]
        assert [row["reason"] for row in shelf.tables["dead_letters"]] == ["the store will not have this case"]
        assert len(shelf.tables["findings"]) == 1

    asyncio.run(run())


def test_the_store_is_asked_from_one_thread_that_is_not_the_loops() -> None:
    async def run() -> set[str]:
        shelf = Shelf()
        async with writer_over(shelf) as writer:
            for number in range(3):
                await writer.write("case-events", 0, events(number), nothing)
                await writer.flush()
        return shelf.thread_names

    (name,) = asyncio.run(run())
    assert name != threading.main_thread().name


def test_a_bug_in_the_writer_is_raised_where_readers_hand_over() -> None:
    class Broken(Shelf):
        def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
            raise KeyError("a bug")

    async def run() -> None:
        async with writer_over(Broken()) as writer:
            await writer.write("case-events", 0, events(1), nothing)
            with pytest.raises(KeyError, match="a bug"):
                await writer.flush()
            with pytest.raises(KeyError, match="a bug"):
                await writer.write("case-events", 0, events(2), nothing)
            assert not writer.idle()

    asyncio.run(run())


def test_closing_with_the_store_away_ends_and_says_nothing_was_done() -> None:
    async def run() -> list[int]:
        shelf = Shelf()
        shelf.up.clear()
        done: list[int] = []
        async with writer_over(shelf) as writer:
            await writer.write("case-events", 0, events(1), lambda: done.append(1))
            await asyncio.sleep(0.02)
        return done

    assert asyncio.run(run()) == []


def test_facts_of_every_kind_reach_the_real_store(store: Store) -> None:
    async def run() -> None:
        async with writer_over(store) as writer:
            for _ in range(2):
                for name, fact in FACTS.items():
                    await writer.write(DESTINATIONS[name].topics[0].name, 0, [kept(fact)], nothing)
                await writer.flush()

    asyncio.run(run())
    for name in FACTS:
        for table in DESTINATIONS[name].tables:
            assert store.query(f"SELECT count() FROM {table} FINAL").rows == [(1,)], table
