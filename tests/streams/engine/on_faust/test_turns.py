import asyncio
from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from streams.contracts.codec import encode
from streams.contracts.mark import MARK_KEY, RegistryMark
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.turns import Turns
from streams.engine.shard import Shard
from tests.streams.engine.toy import Counter, Note

SETTINGS = EngineSettings(tick_seconds=0.001, slice_seconds=0.004)
KEYS = 400


class Written(NamedTuple):
    offset: int
    timestamp: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def _shard() -> Shard:
    """Every key has a wake without a feed at 1,001 ms; then a registry version concerns them all."""
    shard = Shard(Counter("v1"), 0, partitions=1, registry="v1")
    shard.activate()
    notes = [Written(n, 1, b"k%d" % n, encode(Note(occurred_ms=1, feed=""))) for n in range(KEYS)]
    for _ in shard.work([*notes, Written(KEYS, 9, MARK_KEY, encode(RegistryMark(version="v2")))]):
        pass
    return shard


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)


def _turns(shard: Shard, *, flowing: Callable[[], bool] = lambda: True, walked: list[Shard] | None = None) -> Turns:
    """Each look at the clock finds a tenth of a slice gone, on any machine."""
    told = walked if walked is not None else []
    looks = count()
    return Turns(
        SETTINGS,
        lambda: 5_000,
        lambda: [shard],
        flowing,
        told.append,
        lambda: next(looks) * SETTINGS.slice_seconds / 10,
    )


def test_replanning_leaves_time_to_others_and_tells_after_each_slice() -> None:
    async def main() -> None:
        shard, walked = _shard(), list[Shard]()
        task = asyncio.create_task(_turns(shard, walked=walked).replan())
        begun = asyncio.get_running_loop().time()
        await _until(lambda: shard.counts.replanned == KEYS)
        rested = (len(walked) - 1) * SETTINGS.slice_seconds / 16
        assert len(walked) > KEYS / 10
        assert asyncio.get_running_loop().time() - begun >= rested * 0.9
        task.cancel()

    asyncio.run(main())


def test_wakes_fire_while_a_registry_version_is_being_worked_off() -> None:
    async def main() -> None:
        shard = _shard()
        turns = _turns(shard)
        tasks = [asyncio.create_task(turns.replan()), asyncio.create_task(turns.tick())]
        await _until(lambda: shard.counts.fired > 0)
        await _until(lambda: shard.counts.fired == KEYS and shard.counts.replanned == KEYS)
        for task in tasks:
            task.cancel()

    asyncio.run(main())


def test_held_wakes_wait() -> None:
    async def main() -> None:
        shard = _shard()
        turns = _turns(shard)
        turns.held = True
        task = asyncio.create_task(turns.tick())
        await asyncio.sleep(0.02)
        assert shard.counts.fired == 0
        turns.held = False
        await _until(lambda: shard.counts.fired == KEYS)
        task.cancel()

    asyncio.run(main())


def test_a_shard_is_left_half_way_when_the_flow_stops() -> None:
    async def main() -> None:
        shard = _shard()
        task = asyncio.create_task(_turns(shard, flowing=lambda: shard.counts.replanned == 0).replan())
        await _until(lambda: shard.counts.replanned > 0)
        await asyncio.sleep(0.02)
        assert 0 < shard.counts.replanned < KEYS
        assert not shard.settled
        task.cancel()

    asyncio.run(main())
