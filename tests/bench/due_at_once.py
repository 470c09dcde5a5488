"""A thousand of a million subjects due at the same instant: how long until their outputs are acknowledged.

Once where the clock wakes them, and once where the horizon of a live feed does, whose marks come four times a second.
The clock runs from the instant at which they are due; the outputs go to a topic that hurries a checkpoint.
"""

import asyncio
import random
from collections.abc import Iterator
from statistics import median

import uvloop

from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark
from tests.bench.brokers import embedded
from tests.bench.million import BEGIN_MS, SUBJECTS, Clock, Running, running_million
from tests.bench.results import Figure, machine, report, spread
from tests.bench.waiting import FEED, TOLD, Waiters, subjects

DUE = 1_000
ROUNDS = 7
FIRST_MS = 2_000
EVERY_MS = 1_537
"""Between two rounds; no multiple of any period, so that each meets the ticks and marks elsewhere."""
FAR_MS = 86_400_000
MARK_SECONDS = 0.25
_LATE_SECONDS = 30.0


def main() -> None:
    """Both ways of being woken."""
    print(f"  {machine()}")
    figures = []
    for feed, words in (("", "woken by the clock"), (FEED, "woken by a feed's marks")):
        with embedded() as broker:
            took = uvloop.run(_rounds(broker, feed))
        print(f"  {words}: ms {spread(took)}")
        name = f"1,000 of 1,000,000 due at once until acknowledged, {words}"
        figures.append(Figure(name, median(took), "ms", 1_000, 300, at_most=True))
    report(figures)


def _dues() -> Iterator[int]:
    chosen = random.Random(5).sample(range(SUBJECTS), DUE * ROUNDS)
    rounds = {number: at % ROUNDS for at, number in enumerate(chosen)}
    for number in range(SUBJECTS):
        in_round = rounds.get(number)
        yield BEGIN_MS + (FAR_MS + number if in_round is None else _at(in_round))


def _at(in_round: int) -> int:
    return FIRST_MS + in_round * EVERY_MS


async def _rounds(broker: str, feed: str) -> list[float]:
    """Milliseconds of each round."""
    took: list[float] = []
    clock = Clock()
    async with running_million(broker, clock, Waiters(), subjects(_dues(), feed), [TOLD], TOLD) as running:
        clock.begin()
        marks = asyncio.create_task(_send_marks(running, feed)) if feed else None
        for in_round in range(ROUNDS):
            due_ms = BEGIN_MS + _at(in_round)
            while running.told(TOLD) < DUE * (in_round + 1):
                if clock() > due_ms + _LATE_SECONDS * 1000:
                    raise RuntimeError(f"{running.told(TOLD)} of {DUE * (in_round + 1)} were told")
                await asyncio.sleep(0.001)
            took.append(clock() - due_ms)
        if marks:
            marks.cancel()
    return took


async def _send_marks(running: Running, feed: str) -> None:
    while True:
        await running.mark(HorizonMark(feed=feed, horizon_at=from_ms(running.clock())))
        await asyncio.sleep(MARK_SECONDS)


if __name__ == "__main__":
    main()
