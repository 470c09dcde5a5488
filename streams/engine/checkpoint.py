"""Checkpoints: one cut of all shards, then state with its outbox, then outputs; each acknowledged before the next.

In this order nothing is lost and nothing is out that the state does not know: a crash after the state is written
leaves the outputs in the rows, and whoever takes the partition over sends the same bytes again.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from streams.contracts.topics import partition_of
from streams.engine.log import Entry, Log, Place
from streams.engine.row import Sent
from streams.engine.shard import Shard

_place_of_key = lru_cache(maxsize=1 << 16)(partition_of)


class Held(NamedTuple):
    """A shard and the partition of the changelog that keeps its rows."""

    changelog: Place
    shard: Shard


class Checkpoints:
    """Writes what shards have to say; one at a time."""

    def __init__(self, held: Callable[[], Iterable[Held]], log: Log) -> None:
        """`held`: the shards that this worker holds now."""
        self.count = 0
        self._held = held
        self._log = log
        self._lock = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._lock.locked()

    async def run(self) -> bool:
        """Write everything that stands now; False where there was nothing. On return it is acknowledged."""
        async with self._lock:
            state: dict[Place, list[Entry]] = {}
            outputs: list[Sent] = []
            cuts: list[tuple[Shard, int]] = []
            for changelog, shard in self._held():  # no await in here: this is the cut
                cut = shard.cut() if shard.active else None
                if cut is not None:
                    state[changelog] = [Entry(key, raw) for key, raw in cut.rows]
                    outputs += cut.outputs
                    cuts.append((shard, cut.checkpoint))
            if not cuts:
                return False
            await self._log.append(state)
            await self._send(outputs)
            for shard, number in cuts:
                shard.acknowledged(number)
            self.count += 1
            return True

    async def take_over(self, shard: Shard) -> int:
        """Send again what a crash may have held back, then let the shard work; how many outputs that were."""
        unsent = shard.unsent()
        await self._send(unsent)
        shard.activate()
        return len(unsent)

    async def _send(self, outputs: Sequence[Sent]) -> None:
        if not outputs:
            return
        batches: dict[Place, list[Entry]] = {}
        for topic, key, value, known_ms in outputs:
            place = Place(topic, _place_of_key(key, self._log.partitions(topic)))
            batches.setdefault(place, []).append(Entry(key, value, known_ms))
        await self._log.append(batches)
