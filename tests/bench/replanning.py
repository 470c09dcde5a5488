"""A registry version that touches 100,000 of 1,000,000 open cases, while events go on coming in.

The clock runs from the sending of the version's mark until every touched case is planned anew and its output
acknowledged. Meanwhile a sender of its own process brings live events; how late each is worked on is what a person at
a window notices.
"""

import asyncio
from collections.abc import Callable
from statistics import quantiles
from time import monotonic

import uvloop

from streams.contracts.mark import RegistryMark
from tests.bench.brokers import embedded
from tests.bench.million import BEGIN_MS, SUBJECTS, Clock, running_million
from tests.bench.paced import Pace, pacing
from tests.bench.results import Figure, machine, report
from tests.bench.waiting import ITEMS, POKES, Waiters, subjects

TOUCHED = 100_000
RATE = 2_000
"""Live events a second; a province has a tenth of that at its busiest hour."""
BEFORE_SECONDS = 4
SECONDS = 60
DAY_MS = 86_400_000
_PATIENCE_SECONDS = 240.0


def main() -> None:
    """Measure once: it takes a minute as it is."""
    print(f"  {machine()}")
    with embedded() as broker:
        took, before, meanwhile = uvloop.run(_replanned(broker))
    print(f"  live events at {RATE}/s: P99 {before:.0f} ms before, {meanwhile:.0f} ms meanwhile")
    report(
        [
            Figure("100,000 of 1,000,000 cases re-planned by a registry version", took, "s", 60, 20, at_most=True),
            Figure("P99 of live events while cases are re-planned", meanwhile, "ms", 500, 200, at_most=True),
        ]
    )


async def _replanned(broker: str) -> tuple[float, float, float]:
    """Seconds until all are planned anew; P99 of live events in milliseconds before and meanwhile."""
    clock = Clock()
    process = Waiters(clock, touched_items=ITEMS * TOUCHED // SUBJECTS)
    rows = subjects(range(BEGIN_MS + DAY_MS, BEGIN_MS + DAY_MS + SUBJECTS))
    async with running_million(broker, clock, process, rows, urgent=False) as running:
        clock.begin()
        pace = Pace(
            broker=broker, topic=POKES.name, rate=RATE, seconds=SECONDS, keys=SUBJECTS, offset_ms=clock.ahead_ms()
        )
        with pacing(pace):
            await _until(lambda: len(process.delays_ms) > RATE * BEFORE_SECONDS)
            first, begun = len(process.delays_ms), monotonic()
            await running.mark(RegistryMark(version="v2"))
            await _until(lambda: running.engine.stats.replanned >= TOUCHED)
            owed = TOUCHED + len(process.delays_ms)
            await _until(lambda: running.told() >= owed)
            took, last = monotonic() - begun, len(process.delays_ms)
        return took, _p99(process.delays_ms[RATE:first]), _p99(process.delays_ms[first:last])


def _p99(delays_ms: list[int]) -> float:
    return quantiles(delays_ms, n=100)[98]


async def _until(reached: Callable[[], bool]) -> None:
    give_up = monotonic() + _PATIENCE_SECONDS
    while not reached():
        if monotonic() > give_up:
            raise RuntimeError("it did not come to an end")
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    main()
