"""A log in memory: partitions of records, with a place to stop before and after everything; for simulated runs."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from types import coroutine
from typing import NamedTuple

from streams.engine.log import Hand, Line, Place, Written
from streams.engine.ownership import SENDER


class Kept(NamedTuple):
    """One record of a partition."""

    offset: int
    timestamp: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


class BrokenError(Exception):
    """The worker died at this write."""


@coroutine
def pause() -> Iterator[None]:
    """Let whoever drives the simulation go on with somebody else, or never come back here."""
    yield


class MemoryLog:
    """Partitions in memory. `appends_left`: writes that succeed before one is refused; None: all do.

    `chunk`: so many entries of a partition are written at once; between chunks a crash may come. `stop` is awaited
    before each chunk and after the last: the record may be written while nobody hears of it any more.
    """

    def __init__(
        self,
        partitions: int = 1,
        appends_left: int | None = None,
        *,
        chunk: int = 1 << 30,
        stop: Callable[[], Awaitable[None]] = pause,
    ) -> None:
        """Start empty."""
        self.records: dict[Place, list[Kept]] = defaultdict(list)
        self.committed: dict[Place, int] = {}
        self.appends_left = appends_left
        self._partitions = partitions
        self._chunk = chunk
        self._stop = stop

    def partitions(self, topic: str) -> int:
        """How many partitions every topic has."""
        del topic
        return self._partitions

    async def append(self, batches: Mapping[Place, Sequence[Line]]) -> Mapping[Place, Sequence[Written]]:
        """Write entries in order.

        Raises:
            BrokenError: no appends are left.
        """
        await self._stop()
        if self.appends_left is not None:
            if self.appends_left == 0:
                raise BrokenError
            self.appends_left -= 1
        written: dict[Place, list[Written]] = {}
        for place, entries in batches.items():
            for start in range(0, len(entries), self._chunk):
                some = entries[start : start + self._chunk]
                written.setdefault(place, []).append(self.put(place, some))
                await self._stop()
        return written

    def put(self, place: Place, entries: Sequence[Line]) -> Written:
        """Write at once."""
        kept = self.records[place]
        first = len(kept)
        for key, value, timestamp, sender in entries:
            kept.append(Kept(len(kept), timestamp or 0, key, value, ((SENDER, sender),) if sender else ()))
        return Written(first, len(entries))

    async def read(self, stretches: Mapping[Place, tuple[int, int]], hand: Hand) -> None:
        """Hand over what stands there now."""
        for place, (start, end) in stretches.items():
            await self._stop()
            hand(place, self.records[place][start:end])

    async def commit(self, offsets: Mapping[Place, int]) -> None:
        """Remember; from anybody, as a broker does that never asks who owns what."""
        await self._stop()
        self.committed.update(offsets)
