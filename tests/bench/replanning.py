"""A registry version that touches a tenth of a million open cases, while events go on coming in.

The clock runs from the sending of the version's mark until every touched case is judged again and what changed by it is
acknowledged. Meanwhile a sender of its own process brings live events; how late each is judged is what a person at a
window notices.
"""

import asyncio
from collections.abc import Callable
from statistics import quantiles
from time import monotonic
from typing import NamedTuple

import uvloop

from streams.contracts.mark import RegistryMark
from streams.contracts.topics import CASE_EVENTS, CASES, CLOCKS, FINDINGS
from tests.bench.brokers import embedded
from tests.bench.million import SUBJECTS, Clock, running_million
from tests.bench.open_cases import CHANGED, copies, judged, registries, watched
from tests.bench.paced import Pace, pacing
from tests.bench.results import Figure, machine, report
from tests.bench.waiting import REGISTRY

RATE = 1_000
"""Live events a second; a province has a tenth of that in its busiest hour."""
BEFORE_SECONDS = 5
SECONDS = 400
_PATIENCE_SECONDS = 180.0


class Found(NamedTuple):
    """How many cases were planned anew, in how long; P99 of live events in milliseconds, before and meanwhile."""

    replanned: int
    seconds: float
    before_ms: float
    meanwhile_ms: float


def main() -> None:
    """Measure once: it takes a minute as it is."""
    print(f"  {machine()}")
    with embedded() as broker:
        found = uvloop.run(_replanned(broker))
    print(f"  {found.replanned:,} planned anew; live events at {RATE:,}/s: P99 {found.before_ms:.0f} ms before")
    took = found.seconds * 100_000 / found.replanned
    report(
        [
            Figure("100,000 of 1,000,000 open cases re-planned", took, "s", 60, 20, at_most=True),
            Figure("P99 of live events while cases are re-planned", found.meanwhile_ms, "ms", 500, 200, at_most=True),
        ]
    )


async def _replanned(broker: str) -> Found:
    known, delays_ms = registries(), list[int]()
    cases = judged(watched(known, REGISTRY, lambda: 0, []))
    clock = Clock(cases.at_ms)
    touched = cases.touched * SUBJECTS // len(cases.rows)
    process, rows = watched(known, REGISTRY, clock, delays_ms), copies(cases.rows, SUBJECTS)
    async with running_million(broker, clock, process, rows, [CASES, CLOCKS, FINDINGS], FINDINGS) as running:
        clock.begin()
        pace = Pace(
            broker=broker, topic=CASE_EVENTS.name, rate=RATE, seconds=SECONDS, keys=SUBJECTS, offset_ms=clock.ahead_ms()
        )
        with pacing(pace):
            await _until(lambda: len(delays_ms) > RATE * BEFORE_SECONDS)
            first, begun = len(delays_ms), monotonic()
            await running.mark(RegistryMark(version=CHANGED))
            whole = await _until(lambda: running.engine.stats.replanned >= touched)
            cut = running.engine.stats.checkpoints
            await _until(lambda: running.engine.stats.checkpoints >= cut + 2)  # the one under way may be older
            took, last, done = monotonic() - begun, len(delays_ms), running.engine.stats.replanned
            if not whole:
                print(f"  left off after {done:,} of {touched:,}")
        if running.engine.stats.dead:
            raise RuntimeError(f"{running.engine.stats.dead} records were set aside")
    return Found(done, took, _p99(delays_ms[RATE:first]), _p99(delays_ms[first:last]))


def _p99(delays_ms: list[int]) -> float:
    return quantiles(delays_ms, n=100)[98]


async def _until(reached: Callable[[], bool]) -> bool:
    """Wait for something to become true; whether it has within patience."""
    give_up = monotonic() + _PATIENCE_SECONDS
    while not reached():
        if monotonic() > give_up:
            return False
        await asyncio.sleep(0.01)
    return True


if __name__ == "__main__":
    main()
