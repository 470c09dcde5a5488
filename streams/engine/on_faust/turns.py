"""Turns: wakes and re-planning are walked a slice of time at once, so that batches and the broker get theirs."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter

from streams.engine.on_faust.settings import EngineSettings
from streams.engine.shard import Shard

_SHORTER = 4
"""Re-planning takes slices so many times shorter than other work, and rests for one such part of them: a live event
needs several turns of the loop from the socket to its case, and each of them waits for a slice."""


class Turns:
    """Walks the shards of one engine. `held`: wakes without a feed wait."""

    def __init__(
        self,
        settings: EngineSettings,
        now: Callable[[], int],
        shards: Callable[[], Iterable[Shard]],
        flowing: Callable[[], bool],
        walked: Callable[[Shard], None],
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """`flowing`: whether partitions are assigned and restored. `walked`: told a shard after each slice of it.
        `clock`: what slices are measured with, in seconds.
        """
        self.held = False
        self._settings = settings
        self._now = now
        self._shards = shards
        self._flowing = flowing
        self._walked = walked
        self._clock = clock

    def sliced(self, steps: Iterator[None], seconds: float = 0.0) -> Iterator[None]:
        """Walk steps; come up for air after each slice of time, the usual one if nothing is said."""
        seconds = seconds or self._settings.slice_seconds
        until = self._clock() + seconds
        for _ in steps:
            if self._clock() > until:
                yield
                until = self._clock() + seconds

    async def tick(self) -> None:
        """Fire wakes without a feed by the clock, for ever."""
        while True:
            await asyncio.sleep(self._settings.tick_seconds)
            for shard in () if self.held else self._shards():
                await self._walk(shard, self.sliced(shard.tick(self._now())), 0.0)

    async def replan(self) -> None:
        """Re-plan what a registry version touches, for ever; four fifths of the time, for live events go first."""
        slice_seconds = self._settings.slice_seconds / _SHORTER
        while True:
            await asyncio.sleep(self._settings.tick_seconds)
            for shard in self._shards():
                await self._walk(shard, self.sliced(shard.replan(), slice_seconds), slice_seconds / _SHORTER)

    async def _walk(self, shard: Shard, slices: Iterator[None], rest_seconds: float) -> None:
        if not (shard.active and self._flowing()):
            return
        for _ in slices:
            self._walked(shard)
            await asyncio.sleep(rest_seconds)
            if not self._flowing():
                return
        self._walked(shard)
