"""The full job on one core, brokers left out: decode, judge with all rules, state rows, facts stamped and encoded.

And what one open case of ten events weighs in memory: its row as bytes, its place in the due index, its key.
"""

import time
import tracemalloc
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import streams.rules
from streams.contracts.case_event import Finished
from streams.contracts.codec import encode
from streams.engine.shard import Shard
from streams.parts import find_parts
from streams.processes.case.process import CaseProcess
from streams.registry.registry import Registry
from streams.rule import Rule
from tests.bench.hall_events import case_events, shipped_hall
from tests.bench.results import Figure, report

CASES = 5_000
REPEATS = 3
BATCH = 2_000
NOW_MS = 1_795_000_000_000
VERSION = "bench"


class Arrived(NamedTuple):
    """One record as a log would hand it over."""

    offset: int
    timestamp: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]] = ()


def process() -> CaseProcess:
    """The case process with every rule and the shipped hall."""
    hall = shipped_hall()
    return CaseProcess(
        {VERSION: Registry(VERSION, {hall.hall.code: hall})}, find_parts(streams.rules, "RULE", Rule), VERSION
    )


def shard(hot_max: int = 100_000) -> Shard:
    """An empty shard that holds every key."""
    made = Shard(process(), 0, partitions=1, incarnation="bench", registry=VERSION, hot_max=hot_max)
    made.activate()
    return made


def records(*, finished: bool = True) -> list[Arrived]:
    """Seeded events as records; without `finished` every case stays open and has about ten events."""
    kept = (event for event in case_events(CASES) if finished or not isinstance(event, Finished))
    return [Arrived(number, NOW_MS, event.case_no.encode(), encode(event)) for number, event in enumerate(kept)]


def work(on: Shard, arrived: Sequence[Arrived]) -> int:
    """Work through records with a cut after each batch; returns how many bytes would be written."""
    size = 0
    for batch in _batches(arrived):
        for _ in on.work(batch):
            pass
        cut = on.cut()
        if cut is not None:
            size += sum(len(raw) for _, raw in cut.rows) + sum(len(sent.value) for sent in cut.outputs)
            on.acknowledged(cut.checkpoint)
    return size


def _batches(arrived: Sequence[Arrived]) -> Iterator[Sequence[Arrived]]:
    for start in range(0, len(arrived), BATCH):
        yield arrived[start : start + BATCH]


def speed() -> Figure:
    """Events per second of processor time."""
    arrived = records()
    best = 0.0
    for _ in range(REPEATS):
        on = shard()
        begun = time.process_time()
        work(on, arrived)
        best = max(best, len(arrived) / (time.process_time() - begun))
        if on.counts.dead:
            raise RuntimeError(f"{on.counts.dead} records were set aside")
    return Figure("full job, judging with state and facts", best, "events/s/core", 20_000, 50_000)


def weight() -> Figure:
    """Bytes an open case holds once its row is cold."""
    arrived = records(finished=False)
    on = shard(hot_max=0)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    work(on, arrived)
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return Figure(
        "memory per open case, row and index", (after - before) / len(on), "bytes", 2_500, 1_000, at_most=True
    )


def main() -> None:
    """Measure."""
    report([speed(), weight()])


if __name__ == "__main__":
    main()
