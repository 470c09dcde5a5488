"""The transport by itself; polling, seeking and committing are tested through engines on a broker."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from types import SimpleNamespace
from typing import Any

from faust.types import TP

from streams.engine.log import Place
from streams.engine.on_faust.app import make_app
from streams.engine.on_faust.link import Link
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.transport import BatchConsumer
from streams.engine.positions import Positions

NOTES = TP("notes", 0)
OTHER = TP("changelog", 0)


class _Consumer(BatchConsumer):
    """Without a broker: what is handed over and what is committed is kept."""

    def __init__(self, app: Any, given: list[Any], committed: list[dict[TP, int]]) -> None:
        async def callback(message: Any) -> None:
            given.append(message)

        super().__init__(app.transport, callback, lambda *_: None, lambda *_: None)
        self._kept = committed

    def assignment(self) -> set[TP]:
        return {NOTES, OTHER}

    async def _commit_offsets(self, offsets: Any, start_new_transaction: bool = True) -> bool:
        self._committed_offset.update(offsets)
        self._kept.append(dict(offsets))
        return True


def _run(job: Callable[[_Consumer, Positions, list[Any], list[Any], list[Any]], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        asked: list[list[Place]] = []

        async def commit(places: Iterable[Place]) -> None:
            asked.append(list(places))

        settings = EngineSettings(partitions=1, batch_max=3)
        app = make_app("count", "127.0.0.1:1", settings)
        app.loop = asyncio.get_running_loop()
        positions = Positions({NOTES.topic: ["counter"]})
        app.link = Link(settings, {NOTES.topic}, positions, commit, lambda: None)
        given: list[Any] = []
        committed: list[Any] = []
        consumer = _Consumer(app, given, committed)
        consumer.flow_active = True
        try:
            await job(consumer, positions, given, asked, committed)
        finally:
            consumer._thread.thread_loop.close()

    asyncio.run(main())


def _records(*offsets: int) -> list[Any]:
    return [SimpleNamespace(offset=offset, timestamp=1_000 * offset) for offset in offsets]


def test_a_poll_becomes_numbered_batches() -> None:
    async def job(consumer: _Consumer, positions: Positions, given: list[Any], *_: Any) -> None:
        positions.sought({})
        numbers: dict[TP, tuple[int, int]] = {}
        generation = consumer.app.consumer_generation_id
        assert await consumer._deliver(NOTES, _records(1, 2, 3, 4, 5), 1, generation, numbers)
        assert await consumer._deliver(NOTES, _records(6), 1, generation, numbers)
        sizes = [(len(message.value), message.value.number, message.value.seek) for message in given]
        assert sizes == [(3, 0, 1), (2, 1, 1), (1, 2, 1)]
        assert [message.offset for message in given] == [3, 5, 6]

    _run(job)


def test_what_was_fetched_before_a_seek_is_not_handed_over() -> None:
    async def job(consumer: _Consumer, positions: Positions, given: list[Any], *_: Any) -> None:
        positions.sought({})
        positions.sought({})
        generation = consumer.app.consumer_generation_id
        assert not await consumer._deliver(NOTES, _records(1), 1, generation, {})
        assert await consumer._deliver(NOTES, _records(1), 2, generation - 1, {})
        assert given == []

    _run(job)


def test_heartbeats_begin_before_what_was_assigned_is_read_back() -> None:
    """The group would give the partitions to others: aiokafka itself begins when reading back is over."""

    async def job(consumer: _Consumer, *_: Any) -> None:
        order: list[str] = []
        thread: Any = consumer._thread
        coordinator = SimpleNamespace(_start_heartbeat_task=lambda: order.append("heartbeats"))
        thread._consumer = SimpleNamespace(_coordinator=coordinator)

        async def read_back(_: Any, assigned: set[TP], generation: int) -> None:
            order.append(f"{len(assigned)} assigned in {generation}")

        thread.consumer.threadsafe_partitions_assigned = read_back
        await thread.on_partitions_assigned({NOTES}, 1)
        await thread.on_partitions_assigned({NOTES, OTHER}, 2)
        assert order == ["heartbeats", "1 assigned in 1", "heartbeats", "2 assigned in 2"]

    _run(job)


def test_a_commit_is_asked_of_the_engine_for_the_topics_read_in_batches() -> None:
    async def job(consumer: _Consumer, _: Positions, __: list[Any], asked: list[Any], committed: list[Any]) -> None:
        assert await consumer._commit_tps(set(), True)
        assert asked == [[Place(*NOTES)]]
        await consumer.commit_places({Place(*NOTES): 5})
        await consumer.commit_places({Place(*NOTES): 5})
        await consumer.commit_places({Place(*NOTES): 8})
        assert committed == [{NOTES: 5}, {NOTES: 8}]

    _run(job)
