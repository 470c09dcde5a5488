"""A process of subjects that wait, each for one instant; what benchmarks of a million keys run.

Its rows are made as bytes, in the form in which the engine writes them: a million events would take a minute.
"""

from collections.abc import Iterable, Iterator
from typing import Self

import msgspec

from streams.contracts.instants import Instant
from streams.contracts.topics import Topic, partition_of
from streams.engine.on_faust.state import Row
from streams.engine.ownership import NO_EPOCH
from streams.engine.process import Output
from streams.engine.row import Head, pack
from streams.engine.row import Row as DecodedRow
from streams.engine.states import FIRST_SHAPE

PARTITIONS = 4
REGISTRY = "v1"
FEED = "approvals"


class Poke(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One event: the subject is due then."""

    due_ms: int


class Told(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One output."""

    key: str
    due_ms: int
    version: int = 0
    known_at: Instant | None = None


POKES = Topic("bench-pokes", Poke, "key", "short")
TOLD = Topic("bench-told", Told, "key", "short")


class Waiting(msgspec.Struct, array_like=True, gc=False):
    """One subject; `essences` stands for the 200 bytes of what is kept of its events."""

    key: str
    due_ms: int | None = None
    feed: str = ""
    essences: bytes = b""


class Waiters:
    """The process."""

    name = "waiters"
    input = POKES
    state_type = Waiting

    def at(self, registry_version: str) -> Self:
        """Judges by no registry."""
        return self

    def start(self, key: str) -> Waiting:
        """A subject that has never been seen."""
        return Waiting(key)

    def occurred_ms(self, event: Poke) -> int:
        """When it is due."""
        return event.due_ms

    def feed(self, state: Waiting) -> str:
        """Whose horizon holds it back."""
        return state.feed

    def on_event(self, state: Waiting, event: Poke, now_ms: int) -> Iterable[Output]:
        """Wait."""
        state.due_ms = event.due_ms
        return ()

    def on_time(self, state: Waiting, now_ms: int) -> Iterable[Output]:
        """It is due."""
        state.due_ms = None
        return (Output(TOLD, state.key, Told(key=state.key, due_ms=now_ms)),)

    def on_registry(self, state: Waiting, now_ms: int) -> Iterable[Output]:
        """Nothing to plan."""
        return ()

    def wake_at(self, state: Waiting) -> int | None:
        """When it is due."""
        return state.due_ms


def key_of(number: int) -> str:
    """The key of a subject."""
    return f"pingliang/B{number:07d}"


def subjects(dues_ms: Iterable[int], feed: str = "") -> Iterator[Row]:
    """Rows as a snapshot has them, one for each due."""
    encode = msgspec.msgpack.Encoder().encode
    essences = bytes(range(200))
    for number, due_ms in enumerate(dues_ms):
        key = key_of(number)
        state = encode(Waiting(key, due_ms, feed, essences))
        head = Head(wake_ms=due_ms, feed=feed, registry=REGISTRY)
        raw = key.encode()
        yield (
            Waiters.name,
            partition_of(raw, PARTITIONS),
            raw,
            pack(DecodedRow(head, None, state), FIRST_SHAPE, NO_EPOCH),
        )
