"""The tables of an engine without a broker: what they make, keep and let go."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from faust.types import TP

from streams.contracts.codec import encode
from streams.engine.checkpoint import Checkpoints
from streams.engine.log import Place
from streams.engine.on_faust.app import make_app
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.state import Tables
from streams.engine.simulated.log import Kept, MemoryLog
from tests.streams.engine.toy import NOTES, Counter, Note

CHANGELOG = "hallwatch-count-counter-changelog"


def _run(job: Callable[[Tables, list[Place]], Coroutine[Any, Any, None]], incarnation: str = "") -> None:
    async def main() -> None:
        dropped: list[Place] = []
        tables = Tables(
            make_app("count", "127.0.0.1:1", EngineSettings(partitions=1)),
            [Counter()],
            settings=EngineSettings(partitions=1),
            registry_version="",
            incarnation=incarnation,
            on_dead=lambda _: None,
            on_drop=dropped.append,
        )
        log = MemoryLog()
        holding = tables.open(log)
        holding.checkpoints = Checkpoints(holding.all, log, asyncio.Lock())
        await job(tables, dropped)

    asyncio.run(main())


def test_taken_over_partitions_are_not_read_back_by_faust_and_are_forgotten_when_lost() -> None:
    async def job(tables: Tables, dropped: list[Place]) -> None:
        table, tp = tables.table("counter"), TP(CHANGELOG, 0)
        await tables.on_rebalance({tp, TP(NOTES.name, 0)}, 1)
        assert table.store.persisted_offset(tp) == 0
        assert not table.shard(0).active
        await tables.activate(table, [0])
        assert table.shard(0).active
        tables.wrote(Place(CHANGELOG, 0), 7)
        tables.wrote(Place("somewhere else", 0), 9)
        assert table.store.persisted_offset(tp) == 7
        await tables.on_rebalance(set(), 2)
        assert dropped == [Place(NOTES.name, 0)]
        assert table.store.persisted_offset(tp) is None
        assert tables.shards() == []

    _run(job)


def test_rows_go_into_a_snapshot_and_come_back_in_another_life() -> None:
    rows: list[tuple[str, int, bytes, bytes]] = []

    async def first(tables: Tables, _: list[Place]) -> None:
        await tables.on_rebalance({TP(CHANGELOG, 0)}, 1)
        await tables.activate(tables.table("counter"), [0])
        for _step in tables.table("counter").shard(0).work([Kept(1, 1, b"a", encode(Note(occurred_ms=1)))]):
            pass
        await tables.holding.checkpoints.run()
        rows.extend(tables.rows())

    async def second(tables: Tables, _: list[Place]) -> None:
        tables.load_rows(rows)
        await tables.on_rebalance({TP(CHANGELOG, 0)}, 1)
        await tables.activate(tables.table("counter"), [0])
        assert tables.table("counter").shard(0).state("a").count == 1
        assert tables.holding.restored == 0

    _run(first, incarnation="one")
    _run(second, incarnation="two")
    assert {key for _, _, key, _ in rows} == {b"a", b"\x00standing"}
