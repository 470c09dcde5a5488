"""Readers: who takes whole batches of topics without keeping state, such as a sink."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from streams.engine.log import Place, Record
from streams.engine.ownership import Fences
from streams.engine.positions import Batch, Positions

Write = Callable[[str, int, Sequence[Record], Callable[[], None]], Awaitable[None]]
"""Function of (topic, partition, records, done); may return early and holds reading back while it does not.

`done()` says that these records, and all before them, are safe. Records may come again after a crash.
"""


@dataclass(frozen=True)
class Reader:
    """One reader of topics; the name is its own within its engine."""

    name: str
    topics: Sequence[str]
    write: Write


class Reading:
    """One reader at work: batches in their turn, without what a replaced owner has sent late."""

    def __init__(self, reader: Reader, positions: Positions) -> None:
        """Nothing is read yet."""
        self._reader = reader
        self._positions = positions
        self._fences: dict[Place, Fences] = {}

    async def take(self, place: Place, batch: Batch) -> bool:
        """Hand a batch to the reader; False where it comes out of turn."""
        if not self._positions.admit(self._reader.name, place, batch.seek, batch.number):
            return False
        fences = self._fences.setdefault(place, Fences())
        good = [record for record in batch if not record.headers or fences.admits(record)]
        done = partial(self._positions.done, self._reader.name, place, batch.seek, batch[-1].offset + 1)
        await self._reader.write(place.topic, place.partition, good, done)
        return True
