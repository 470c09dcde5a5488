"""Job J on the engine: durable state, offsets committed; the end is when everything is acknowledged."""

import asyncio
import time

import uvloop

from streams.engine.on_faust.engine import Engine, EngineSettings
from tests.bench.contenders.stopwatch import Stopwatch, told
from tests.bench.counting import PARTITIONS, Counting


async def main() -> None:
    """Count."""
    job = told()
    watch = Stopwatch(job)
    settings = EngineSettings(
        partitions=PARTITIONS, session_seconds=6.0, rebalance_seconds=6.0, heartbeat_seconds=1.0, poll_max=20_000
    )
    role = f"bench-{time.time_ns()}"
    engine = Engine(
        role,
        job.broker,
        settings=settings,
        now=lambda: time.time_ns() // 1_000_000,
        ends=dict(job.ends),
        processes=[Counting()],
    )
    await engine.start()
    while not (watch.look(sum(engine.stats.processed.values())) and engine.idle()):
        await asyncio.sleep(0.005)
    watch.answer()
    await engine.stop()


if __name__ == "__main__":
    uvloop.run(main())
