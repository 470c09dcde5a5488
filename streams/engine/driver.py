"""Runs a process on a list with a hand-driven clock: the same shard as in production, without a broker.

Usage:

    run = drive(process, [
        Arrival(at_ms=1_000, key="hall/1", event=Accepted(...)),   # a record accepted at 1,000 ms
        Horizon(at_ms=9_000, feed="windows", until_ms=8_000),      # the feed is complete up to 8,000 ms
        Tick(at_ms=9_500),                                         # the engine's tick: subjects without a feed
        Switch(at_ms=9_600, version="v2"),                         # a registry mark
    ])
    run.bodies(FINDINGS)       # contracts, stamped with version and known_at, in the order they were sent
    run.state("hall/1")
    run.dead                   # records set aside

Wakes fire as in production: of a subject with a feed at Horizon steps, of one without at Tick steps, and of an
arrival's own key before it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from streams.contracts.codec import decode, encode
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark, RegistryMark
from streams.contracts.topics import DEAD_LETTERS, Topic
from streams.engine.counts import Counts
from streams.engine.process import AnyProcess
from streams.engine.row import Sent
from streams.engine.shard import Shard


class Arrival(NamedTuple):
    """An event accepted at `at_ms`; give `raw` instead of `event` for bytes that may be broken."""

    at_ms: int
    key: str
    event: msgspec.Struct | None = None
    raw: bytes | None = None


class Horizon(NamedTuple):
    """A horizon mark accepted at `at_ms`: `feed` is complete up to `until_ms`."""

    at_ms: int
    feed: str
    until_ms: int


class Tick(NamedTuple):
    """The engine looks at the clock; fires the wakes of subjects without a feed."""

    at_ms: int


class Switch(NamedTuple):
    """A registry mark accepted at `at_ms`."""

    at_ms: int
    version: str


class Restart(NamedTuple):
    """The worker ends and another one takes over what was written."""


Step = Arrival | Horizon | Tick | Switch | Restart
"""One step of a script."""


class _Record(NamedTuple):
    offset: int
    timestamp: int
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


class Run:
    """What a script did; more steps may be added with `step`."""

    def __init__(self, process: AnyProcess, registry: str = "") -> None:
        """Start with no keys; `registry` is the version to judge by."""
        self.sent: list[Sent] = []
        self._process = process
        self._registry = registry
        self._offset = 0
        self._shard = self._new_shard()
        self._shard.activate()

    def step(self, step: Step) -> None:
        """Do one step, with everything that follows from it."""
        if isinstance(step, Restart):
            self._restart()
            return
        if isinstance(step, Tick):
            for _ in self._shard.tick(step.at_ms):
                pass
        else:
            for _ in self._shard.work([self._record(step)]):
                pass
        for _ in self._shard.replan():
            pass
        self._take()

    def bodies(self, topic: Topic) -> list[Any]:
        """Everything sent to a topic, decoded, in order."""
        return [decode(topic, one.value) for one in self.sent if one.topic == topic.name]

    def state(self, key: str) -> Any:
        """The state of a key; None where it has none."""
        return self._shard.state(key)

    @property
    def counts(self) -> Counts:
        """What was done since the last restart."""
        return self._shard.counts

    @property
    def dead(self) -> list[DeadLetter]:
        """What was set aside."""
        return self.bodies(DEAD_LETTERS)

    def _record(self, step: Arrival | Horizon | Switch) -> _Record:
        self._offset += 1
        if isinstance(step, Arrival):
            value = step.raw if step.event is None else encode(step.event)
            return _Record(self._offset, step.at_ms, step.key.encode(), value)
        if isinstance(step, Horizon):
            mark: msgspec.Struct = HorizonMark(feed=step.feed, horizon_at=from_ms(step.until_ms))
        else:
            mark = RegistryMark(version=step.version)
        return _Record(self._offset, step.at_ms, MARK_KEY, encode(mark))

    def _take(self) -> None:
        cut = self._shard.cut()
        if cut is not None:
            self.sent += cut.outputs
            self._shard.acknowledged(cut.checkpoint)

    def _restart(self) -> None:
        written = list(self._shard.written())
        self._shard = self._new_shard()
        for key, raw in written:
            self._shard.load(key, raw)
        self._shard.activate()

    def _new_shard(self) -> Shard:
        return Shard(self._process, 0, partitions=1, registry=self._registry)


def drive(process: AnyProcess, script: Iterable[Step], registry: str = "") -> Run:
    """Run a script from an empty state; see the module's text."""
    run = Run(process, registry)
    for step in script:
        run.step(step)
    return run
