import asyncio
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from streams.engine.log import Place
from streams.engine.on_faust.reader import Reader, Reading
from streams.engine.ownership import SENDER, sender_of
from streams.engine.positions import Batch, Positions

TOLD_AT = Place("told", 0)


def _record(offset: int, epoch: int) -> Any:
    return SimpleNamespace(offset=offset, headers=((SENDER, sender_of("counter", 3, epoch)),))


def test_batches_come_in_their_turn_without_what_a_replaced_owner_sent_late() -> None:
    seen: list[int] = []

    async def write(topic: str, partition: int, records: Sequence[Any], done: Callable[[], None]) -> None:
        assert Place(topic, partition) == TOLD_AT
        seen.extend(record.offset for record in records)
        done()

    async def read() -> None:
        positions = Positions({"told": ["sink"]})
        positions.sought({TOLD_AT: 0})
        reading = Reading(Reader("sink", ["told"], write), positions)
        assert await reading.take(TOLD_AT, Batch([_record(0, 5), _record(1, 9), _record(2, 5)], 1, 0))
        assert positions.committable(TOLD_AT) == 3
        assert not await reading.take(TOLD_AT, Batch([_record(5, 9)], 1, 2))
        assert await reading.take(TOLD_AT, Batch([_record(3, 5), _record(4, 9)], 1, 1))

    asyncio.run(read())
    assert seen == [0, 1, 4]
