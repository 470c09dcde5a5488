"""The full job on one core, brokers left out: decode, judge, state rows, facts stamped and encoded.

Once with the two rules of the handling limits, once with every rule that is shipped. And what one open case of ten
events weighs in memory: its row as bytes, its place in the due index, its key.
"""

import time
import tracemalloc
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import streams.rules
from streams.contracts.case_event import Finished
from streams.contracts.codec import encode
from streams.engine.on_faust import garbage
from streams.engine.on_faust.state import STRIDE
from streams.engine.shard import Shard
from streams.parts import find_parts
from streams.processes.case.process import CaseProcess
from streams.registry.registry import Registry
from streams.rule import Rule
from tests.bench.hall_events import case_events, shipped_hall
from tests.bench.results import Figure, report

CASES = 5_000
REPEATS = 5
BATCH = 2_000
PIECE = 100
NOW_MS = 1_795_000_000_000
VERSION = "bench"
HANDLING = frozenset({"TIME-01", "TIME-02"})
"""The rules of promise and statutory limit."""

EVERY = frozenset[str]()
"""Stands for every rule that is shipped."""


class Arrived(NamedTuple):
    """One record as a log would hand it over."""

    offset: int
    timestamp: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]] = ()


@cache
def process(wanted: frozenset[str] = EVERY) -> CaseProcess:
    """The case process with these rules and the shipped hall; one for all repeats, its calendars are built once."""
    hall = shipped_hall()
    found = find_parts(streams.rules, "RULE", Rule)
    rules = {name: rule for name, rule in found.items() if not wanted or rule.id in wanted}
    return CaseProcess({VERSION: Registry(VERSION, {hall.hall.code: hall})}, rules, VERSION)


def shard(wanted: frozenset[str] = EVERY, hot_max: int = 100_000) -> Shard:
    """An empty shard that holds every key, set up as a worker does it."""
    made = Shard(
        process(wanted), 0, partitions=1, incarnation="bench", registry=VERSION, hot_max=hot_max, stride=STRIDE
    )
    made.activate()
    return made


def records(*, finished: bool = True) -> list[Arrived]:
    """Seeded events as records; without `finished` every case stays open and has about ten events."""
    kept = (event for event in case_events(CASES) if finished or not isinstance(event, Finished))
    return [Arrived(number, NOW_MS, event.case_no.encode(), encode(event)) for number, event in enumerate(kept)]


def work(on: Shard, arrived: Sequence[Arrived]) -> Iterator[float]:
    """Work through records with a cut after each batch; tells the seconds of processor time that each piece took."""
    for start in range(0, len(arrived), PIECE):
        end = start + PIECE
        begun = time.process_time()
        for _ in on.work(arrived[start:end]):
            pass
        yield time.process_time() - begun
        if end % BATCH == 0 or end >= len(arrived):
            begun = time.process_time()
            cut = on.cut()
            yield time.process_time() - begun
            if cut is not None:
                on.acknowledged(cut.checkpoint)
    if on.counts.dead:
        raise RuntimeError(f"{on.counts.dead} records were set aside")


def speed(arrived: Sequence[Arrived], wanted: frozenset[str] = EVERY) -> float:
    """Events per second of processor time: of each piece the repeat counts that other work disturbed least.

    Python's garbage collector is set as a worker sets it.
    """
    garbage.begin()
    garbage.settle()
    repeats = [list(work(shard(wanted), arrived)) for _ in range(REPEATS)]
    garbage.release()
    least: list[float] = [min(times) for times in zip(*repeats, strict=True)]
    return len(arrived) / sum(least)


def weight() -> float:
    """Bytes an open case holds once its row is cold; what is kept once for all cases is not counted."""
    arrived = records(finished=False)
    for _ in work(shard(hot_max=0), arrived):
        pass
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    on = shard(hot_max=0)
    for _ in work(on, arrived):
        pass
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(on)


def main() -> None:
    """Measure."""
    arrived = records()
    two, every = speed(arrived, HANDLING), speed(arrived)
    report(
        [
            Figure("full job, judging by the two handling rules", two, "events/s/core", 20_000, 50_000),
            Figure("full job, judging by every rule", every, "events/s/core"),
            Figure("memory per open case, row and index", weight(), "bytes", 2_500, 1_000, at_most=True),
        ]
    )


if __name__ == "__main__":
    main()
