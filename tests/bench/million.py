"""A million waiting subjects on a running engine, with a clock that stands still until they are all there."""

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import msgspec

from deploy.broker_topics import make_topics
from streams.contracts.codec import encode
from streams.contracts.mark import MARK_KEY, Mark
from streams.contracts.topics import DEAD_LETTERS, Topic
from streams.engine.on_faust.engine import Engine, EngineSettings
from streams.engine.on_faust.state import Row
from streams.engine.process import AnyProcess
from streams.intake.journal import Entry
from streams.intake.publisher import Publisher
from tests.bench.waiting import PARTITIONS, REGISTRY

SUBJECTS = 1_000_000
BEGIN_MS = 1_900_000_000_000
"""What the clock shows while it stands still, if nothing else is said."""

HOT_MAX = 20_000
"""Decoded rows kept in each of the four shards: a million cases and these take three gigabytes."""


class Clock:
    """Epoch milliseconds from an instant on."""

    def __init__(self, begin_ms: int = BEGIN_MS) -> None:
        """Standing still."""
        self._begin_ms = begin_ms
        self._begun: float | None = None

    def begin(self) -> None:
        """Run."""
        self._begun = time.monotonic()

    def ahead_ms(self) -> int:
        """How far it is ahead of the wall's."""
        return self() - time.time_ns() // 1_000_000

    def __call__(self) -> int:
        """What it shows."""
        return self._begin_ms + (0 if self._begun is None else int((time.monotonic() - self._begun) * 1000))


class Running(msgspec.Struct):
    """The engine with its clock; marks are put into the topic `input`, `ends` tells what is acknowledged."""

    engine: Engine
    clock: Clock
    publisher: Publisher
    input: str
    ends: dict[tuple[str, int], int]

    def told(self, topic: Topic) -> int:
        """How many outputs are acknowledged in a topic."""
        return sum(end for (name, _), end in self.ends.items() if name == topic.name)

    async def mark(self, mark: Mark) -> None:
        """Put a mark into every partition."""
        await self.publisher.send([Entry(self.clock(), self.input, [(MARK_KEY, encode(mark))])])


@asynccontextmanager
async def running_million(
    broker: str, clock: Clock, process: AnyProcess, rows: Iterable[Row], outputs: Sequence[Topic], urgent: Topic
) -> AsyncIterator[Running]:
    """The engine with these rows, working. `outputs`: topics it writes to; those to `urgent` hurry a checkpoint."""
    make_topics(broker, (process.input, *outputs, DEAD_LETTERS), PARTITIONS)
    ends: dict[tuple[str, int], int] = {}
    engine = Engine(
        f"bench-million-{time.time_ns()}",
        broker,
        settings=EngineSettings(partitions=PARTITIONS, urgent=frozenset({urgent.name}), hot_max=HOT_MAX),
        now=clock,
        ends=ends,
        processes=[process],
        registry_version=REGISTRY,
        incarnation="bench",
    )
    engine.load_rows(rows)
    publisher = Publisher(broker, PARTITIONS, ends)
    await publisher.start()
    await engine.start()
    try:
        yield Running(engine, clock, publisher, process.input.name, ends)
    finally:
        await engine.stop()
        await publisher.stop()
