"""Batches that were on their way when a worker stopped, paused or joined anew; handed over by hand, no broker."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

from streams.contracts.codec import encode
from streams.engine.on_faust.engine import Engine, EngineSettings
from streams.engine.on_faust.reader import Reader, Reading
from streams.engine.positions import Batch
from streams.engine.shard import Shard
from streams.engine.work import Worked
from tests.streams.engine.toy import NOTES, TOLD, Counter, Note


def test_what_was_handed_over_before_a_rebalance_a_pause_or_the_end_is_not_worked_on() -> None:
    """Each of them would be admitted in its turn: afterwards the next one is."""

    async def main() -> None:
        seen: list[int] = []

        async def write(topic: str, partition: int, records: Sequence[Any], done: Callable[[], None]) -> None:
            seen.append(records[0].offset)

        reader = Reader("store", [TOLD.name], write)
        options: Any = {"settings": EngineSettings(), "now": lambda: 0, "ends": {}}
        engine: Any = Engine("count", "127.0.0.1:1", processes=[Counter()], readers=[reader], **options)
        positions, shard = engine._positions, Shard(Counter(), 0, partitions=1)
        shard.activate()
        positions.sought({})
        engine._app.consumer = consumer = SimpleNamespace(flow_active=True)
        engine._tables = SimpleNamespace(table=lambda _: SimpleNamespace(shard=lambda _: shard))
        worked = Worked("counter", positions, engine._turns.sliced, partial(asyncio.sleep, 0))
        read = partial(engine._read, Reading(reader, positions))

        async def hand_over(number: int, generation: int) -> None:
            value = encode(Note(occurred_ms=1))
            record: Any = SimpleNamespace(offset=number, timestamp=1, key=b"a", value=value, headers=())
            for topic, work in ((NOTES, partial(engine._work, "counter", worked)), (TOLD, read)):
                message = SimpleNamespace(topic=topic.name, partition=0, generation_id=generation)
                await work(message, Batch([record], positions.seek, number))

        now = engine._app.consumer_generation_id
        await hand_over(0, now)
        assert (shard.state("a").count, seen, engine._refused) == (1, [0], 0)
        await hand_over(1, now - 1)
        consumer.flow_active = False
        await hand_over(1, now)
        consumer.flow_active, engine._stopping = True, True
        await hand_over(1, now)
        assert (shard.state("a").count, seen, engine._refused) == (1, [0], 6)
        engine._stopping = False
        await hand_over(1, now)
        assert (shard.state("a").count, seen, engine._refused) == (2, [0, 1], 6)

    asyncio.run(main())
