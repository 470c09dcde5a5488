"""A million open cases of about ten events as rows, and the case process on two registry versions.

Some thousand cases are judged; the others are copies of their rows under other case numbers of the same length, for
judging ten million events would take a quarter of an hour.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec

import streams.rules
from streams.contracts.case_event import Finished, StepStarted
from streams.contracts.codec import encode
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.mark import MARK_KEY, HorizonMark
from streams.contracts.topics import partition_of
from streams.engine.on_faust.state import Row
from streams.engine.process import Output
from streams.engine.row import judged_by
from streams.engine.shard import Shard
from streams.engine.standing import STANDING_KEY
from streams.parts import find_parts
from streams.processes.case.case_state import CaseState
from streams.processes.case.process import CaseProcess
from streams.registry.registry import Registry
from streams.registry.snapshot import Item
from streams.rule import Rule
from tests.bench.hall_events import FEED, case_events, shipped_hall
from tests.bench.judging import Arrived
from tests.bench.waiting import PARTITIONS, REGISTRY, key_of

JUDGED = 2_000
CHANGED = "v2"
"""The version in which a tenth of the cases hangs on an item with another promise."""


def registries() -> dict[str, Registry]:
    """The shipped hall, and the same with a promise a day longer for every tenth item."""
    hall = shipped_hall()
    items = tuple(_longer(item) if number % 10 == 0 else item for number, item in enumerate(hall.items))
    halls = {REGISTRY: hall, CHANGED: replace(hall, items=items)}
    return {version: Registry(version, {each.hall.code: each}) for version, each in halls.items()}


def _longer(item: Item) -> Item:
    if item.promise is None:
        return item
    return msgspec.structs.replace(item, promise=msgspec.structs.replace(item.promise, amount=item.promise.amount + 1))


class WatchedCases(CaseProcess):
    """The case process; notes how late live events are judged, which no real one could."""

    now: Callable[[], int]
    delays_ms: list[int]

    def at(self, registry_version: str) -> "WatchedCases":
        """The same by another version."""
        return watched(self._registries, registry_version, self.now, self.delays_ms)

    def on_event(self, state: CaseState, event: Any, now_ms: int) -> Iterable[Output]:
        """Judge, then note."""
        outputs = super().on_event(state, event, now_ms)
        self.delays_ms.append(self.now() - self.occurred_ms(event))
        return outputs


def watched(known: Mapping[str, Registry], version: str, now: Callable[[], int], delays_ms: list[int]) -> WatchedCases:
    """The case process with every rule. `now`: the clock by which delays are told; `delays_ms` takes them."""
    made = WatchedCases(known, find_parts(streams.rules, "RULE", Rule), version)
    made.now, made.delays_ms = now, delays_ms
    return made


class Judged(NamedTuple):
    """Open cases as they stand at an instant: their rows, and how many of them the changed version touches."""

    at_ms: int
    rows: list[tuple[bytes, bytes]]
    touched: int


def judged(process: CaseProcess) -> Judged:
    """Judge so many cases up to the last event of all."""
    events = [event for event in case_events(JUDGED) if not isinstance(event, Finished)]
    at_ms = to_ms(events[-1].occurred_at)
    arrived = [Arrived(n, at_ms, event.case_no.encode(), encode(event)) for n, event in enumerate(events)]
    mark = encode(HorizonMark(feed=FEED, horizon_at=from_ms(at_ms)))
    shard = Shard(process, 0, partitions=1, incarnation="judged", registry=REGISTRY)
    shard.activate()
    for _ in shard.work([*arrived, Arrived(len(arrived), at_ms, MARK_KEY, mark)]):
        pass
    shard.cut()
    rows = [(key, raw) for key, raw in shard.written() if key != STANDING_KEY]
    changed = process.at(CHANGED)
    return Judged(at_ms, rows, sum(changed.touched(*judged_by(raw)) for _, raw in rows))


def copies(rows: Sequence[tuple[bytes, bytes]], count: int) -> Iterator[Row]:
    """Rows of so many cases as a snapshot has them, numbered as `key_of` does."""
    for number in range(count):
        key, raw = rows[number % len(rows)]
        new = key_of(number).encode()
        yield CaseProcess.name, partition_of(new, PARTITIONS), new, raw.replace(key, new)


def step_started(number: int, case_no: str, at_ms: int) -> StepStarted:
    """One live event of a case."""
    return StepStarted(
        event_id=f"live{number:012d}", feed=FEED, case_no=case_no, occurred_at=from_ms(at_ms), step="复核", run=number
    )
