"""Turns: wakes and re-planning are walked a slice of time at once, so that batches and the broker get theirs."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter

from streams.engine.on_faust.settings import EngineSettings
from streams.engine.shard import Shard


class Turns:
    """Walks the shards of one engine. `held`: wakes without a feed wait."""

    def __init__(
        self,
        settings: EngineSettings,
        now: Callable[[], int],
        shards: Callable[[], Iterable[Shard]],
        flowing: Callable[[], bool],
        walked: Callable[[Shard], None],
    ) -> None:
        """`flowing`: whether partitions are assigned and restored. `walked`: told a shard after each slice of it."""
        self.held = False
        self._settings = settings
        self._now = now
        self._shards = shards
        self._flowing = flowing
        self._walked = walked

    def sliced(self, steps: Iterator[None]) -> Iterator[None]:
        """Walk steps; come up for air after each slice of time."""
        until = perf_counter() + self._settings.slice_seconds
        for _ in steps:
            if perf_counter() > until:
                yield
                until = perf_counter() + self._settings.slice_seconds

    async def tick(self) -> None:
        """Fire wakes without a feed by the clock, for ever."""
        while True:
            await asyncio.sleep(self._settings.tick_seconds)
            for shard in () if self.held else self._shards():
                await self._walk(shard, shard.tick(self._now()), 0.0)

    async def replan(self) -> None:
        """Re-plan what a registry version touches, for ever; half of the time at most, for live events go first."""
        while True:
            await asyncio.sleep(self._settings.tick_seconds)
            for shard in self._shards():
                await self._walk(shard, shard.replan(), self._settings.slice_seconds)

    async def _walk(self, shard: Shard, steps: Iterator[None], rest_seconds: float) -> None:
        if not (shard.active and self._flowing()):
            return
        for _ in self.sliced(steps):
            self._walked(shard)
            await asyncio.sleep(rest_seconds)
            if not self._flowing():
                return
        self._walked(shard)
