"""A million waiting subjects on a running engine, with a clock that stands still until they are all there."""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec

from deploy.broker_topics import make_topics
from streams.contracts.codec import encode
from streams.contracts.mark import MARK_KEY, Mark
from streams.engine.on_faust.engine import Engine, EngineSettings
from streams.engine.on_faust.state import Row
from streams.engine.process import AnyProcess
from streams.intake.journal import Entry
from streams.intake.publisher import Publisher
from tests.bench.waiting import PARTITIONS, POKES, REGISTRY, TOLD, TOPICS

SUBJECTS = 1_000_000
BEGIN_MS = 1_900_000_000_000
"""What the clock shows while it stands still."""


class Clock:
    """Epoch milliseconds from BEGIN_MS on."""

    def __init__(self) -> None:
        """Standing still."""
        self._begun: float | None = None

    def begin(self) -> None:
        """Run."""
        self._begun = time.monotonic()

    def ahead_ms(self) -> int:
        """How far it is ahead of the wall's."""
        return self() - time.time_ns() // 1_000_000

    def __call__(self) -> int:
        """What it shows."""
        return BEGIN_MS if self._begun is None else BEGIN_MS + int((time.monotonic() - self._begun) * 1000)


class Running(msgspec.Struct):
    """The engine with its clock, and how to send marks."""

    engine: Engine
    clock: Clock
    publisher: Publisher
    ends: dict[tuple[str, int], int]

    def told(self) -> int:
        """How many outputs are acknowledged."""
        return sum(end for (topic, _), end in self.ends.items() if topic == TOLD.name)

    async def mark(self, mark: Mark) -> None:
        """Put a mark into every partition."""
        await self.publisher.send([Entry(self.clock(), POKES.name, [(MARK_KEY, encode(mark))])])


@asynccontextmanager
async def running_million(
    broker: str, clock: Clock, process: AnyProcess, rows: Iterable[Row], *, urgent: bool
) -> AsyncIterator[Running]:
    """The engine with these rows, working. `urgent`: its outputs hurry a checkpoint, as findings do."""
    make_topics(broker, TOPICS, PARTITIONS)
    ends: dict[tuple[str, int], int] = {}
    engine = Engine(
        f"bench-million-{time.time_ns()}",
        broker,
        settings=EngineSettings(partitions=PARTITIONS, urgent=frozenset({TOLD.name} if urgent else ())),
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
        yield Running(engine, clock, publisher, ends)
    finally:
        await engine.stop()
        await publisher.stop()
