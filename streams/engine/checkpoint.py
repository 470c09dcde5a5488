"""Checkpoints: one cut of all shards, then state with its outbox, then outputs; each acknowledged before the next.

In this order nothing is lost and nothing is out that the state does not know: a crash after the state is written
leaves the outputs in the rows, and whoever takes the partition over sends the same bytes again. Between the two a
worker looks whether it still owns what it has written: outputs of void rows never leave.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import lru_cache

from streams.contracts.topics import partition_of
from streams.engine.held import Held
from streams.engine.log import Line, Log, Place
from streams.engine.memory import Cut
from streams.engine.ownership import FencedError
from streams.engine.positions import Positions
from streams.engine.row import Sent


@lru_cache(maxsize=1 << 17)
def _place_of_key(topic: str, key: bytes, partitions: int) -> Place:
    return Place(topic, partition_of(key, partitions))


class BrokenOffError(Exception):
    """A checkpoint has not come to its end: nothing more may be written by this worker."""


class Checkpoints:
    """Writes what shards have to say; one at a time.

    One that is broken off, by an error or by a cancellation, may have left rows whose outputs are not out. Another one
    behind it would say that they are, so it is the last of this worker: whoever takes over finds them in the rows.
    """

    def __init__(self, held: Callable[[], Iterable[Held]], log: Log, lock: AbstractAsyncContextManager[object]) -> None:
        """`held`: the shards that this worker holds now. `lock`: keeps one checkpoint from overtaking another."""
        self.count = 0
        self.running = False
        self._held = held
        self._log = log
        self._lock = lock
        self._broken: Exception | None = None

    async def run(self, at_cut: Callable[[], None] | None = None) -> bool:
        """Write everything that stands now; False where there was nothing. On return it is acknowledged.

        `at_cut` is called in the moment of the cut: what it sees is what is written.

        Raises:
            FencedError: another worker owns one of the partitions; from then on nothing is written at all.
            BrokenOffError: an earlier one has not come to its end.
        """
        async with self._lock:
            if self._broken is not None:
                raise self._broken
            if at_cut is not None:
                at_cut()
            cuts: list[tuple[Held, Cut]] = []
            for held in self._held():  # no await in here: this is the cut
                cut = held.shard.cut() if held.shard.active else None
                if cut is not None:
                    cuts.append((held, cut))
            if not cuts:
                return False
            self.running = True
            try:
                await self._write(cuts)
            except BaseException as error:
                self._broken = error if isinstance(error, FencedError) else BrokenOffError(f"broken off by {error!r}")
                raise
            finally:
                self.running = False
            self.count += 1
            return True

    async def commit(self, places: Iterable[Place], positions: Positions) -> bool:
        """Write everything that stands now, then commit how far reading had come at that moment; see `run`."""
        offsets: dict[Place, int] = {}

        def note() -> None:
            for place in places:
                reached = positions.committable(place)
                if reached is not None:
                    offsets[place] = reached

        wrote = await self.run(note)
        if offsets:
            await self._log.commit(offsets)
        return wrote

    async def finished(self) -> None:
        """Wait for the one that is under way, if there is one."""
        async with self._lock:
            return

    async def close(self) -> None:
        """The last checkpoint of a worker that ends in peace: its successor finds nothing to send again."""
        await self.run()
        for held in self._held():
            if held.shard.active:
                held.shard.settle()
        await self.run()

    async def take_over(self, held: Held) -> int:
        """Send again what a crash may have held back, then let the shard work; how many outputs that were."""
        unsent = held.shard.unsent()
        await self._send([(held.sender, unsent)])
        held.shard.activate()
        return len(unsent)

    async def _write(self, cuts: Sequence[tuple[Held, Cut]]) -> None:
        state = {held.changelog: [(key, raw, None, b"") for key, raw in cut.rows] for held, cut in cuts}
        written = await self._log.append(state)
        for held, _ in cuts:
            await held.check(written[held.changelog], self._log)
        await self._send([(held.sender, cut.outputs) for held, cut in cuts])
        for held, cut in cuts:
            held.shard.acknowledged(cut.checkpoint)

    async def _send(self, outputs: Iterable[tuple[bytes, Sequence[Sent]]]) -> None:
        batches: defaultdict[Place, list[Line]] = defaultdict(list)
        for sender, sent in outputs:
            for one in sent:
                place = _place_of_key(one.topic, one.key, self._log.partitions(one.topic))
                batches[place].append((one.key, one.value, one.known_ms, sender))
        if batches:
            await self._log.append(batches)
