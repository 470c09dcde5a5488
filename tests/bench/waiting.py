"""A process of many subjects that wait: each is due once and hangs on an item; what benchmarks of a million keys run.

Its rows are made as bytes, in the form in which the engine writes them: a million events would take a minute.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Self

import msgspec

from streams.contracts.instants import Instant
from streams.contracts.topics import DEAD_LETTERS, Topic, partition_of
from streams.engine.due import FAR
from streams.engine.on_faust.state import Row
from streams.engine.ownership import NO_EPOCH
from streams.engine.process import Output
from streams.engine.row import Head, pack
from streams.engine.row import Row as DecodedRow
from streams.engine.slots import Slots
from streams.engine.states import FIRST_SHAPE

PARTITIONS = 4
ITEMS = 1_000
"""Subjects hang on these in turn."""
REGISTRY = "v1"
FEED = "approvals"


class Poke(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One live event; `at_ms` is when it was to be sent, also where the sender came too late."""

    at_ms: int
    what: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One output."""

    key: str
    what: str
    at_ms: int
    version: int = 0
    known_at: Instant | None = None


POKES = Topic("bench-pokes", Poke, "key", "short")
TOLD = Topic("bench-told", Told, "key", "short")
TOPICS = (POKES, TOLD, DEAD_LETTERS)


class Waiting(msgspec.Struct, array_like=True, gc=False):
    """One subject; `essences` stands for the 200 bytes of what is kept of its events."""

    key: str
    due_ms: int | None = None
    item: int = 0
    feed: str = ""
    essences: bytes = b""


class Waiters:
    """The process. It notes how late live events are worked on, which no real one could."""

    name = "waiters"
    input = POKES
    state_type = Waiting

    def __init__(
        self, now: Callable[[], int], *, touched_items: int = 0, registry: str = "", delays_ms: list[int] | None = None
    ) -> None:
        """`now`: the clock by which delays are told. A later `registry` touches the first `touched_items` items."""
        self.delays_ms: list[int] = [] if delays_ms is None else delays_ms
        self._now = now
        self._registry = registry
        self._touched_items = touched_items

    def at(self, registry_version: str) -> Self:
        """The same by another version."""
        return type(self)(
            self._now, touched_items=self._touched_items, registry=registry_version, delays_ms=self.delays_ms
        )

    def start(self, key: str) -> Waiting:
        """A subject that has never been seen."""
        return Waiting(key)

    def occurred_ms(self, event: Poke) -> int:
        """When it was to be sent."""
        return event.at_ms

    def feed(self, state: Waiting) -> str:
        """Whose horizon holds it back."""
        return state.feed

    def on_event(self, state: Waiting, event: Poke, now_ms: int) -> Iterable[Output]:
        """Note the delay."""
        self.delays_ms.append(self._now() - event.at_ms)
        return (self._told(state, "poked", event.at_ms),)

    def on_time(self, state: Waiting, now_ms: int) -> Iterable[Output]:
        """It is due."""
        state.due_ms = None
        return (self._told(state, "due", now_ms),)

    def on_registry(self, state: Waiting, now_ms: int) -> Iterable[Output]:
        """The due moves by a day."""
        if state.due_ms is None:
            return ()
        state.due_ms += 86_400_000
        return (self._told(state, "moved", state.due_ms),)

    def wake_at(self, state: Waiting) -> int | None:
        """When it is due."""
        return state.due_ms

    def slots(self, state: Waiting) -> Slots:
        """The item."""
        return Slots(item=state.item)

    def touched(self, before: str, slots: Slots) -> bool:
        """Whether the item is one of those that have changed."""
        return before != self._registry and slots.item < self._touched_items

    def _told(self, state: Waiting, what: str, at_ms: int) -> Output:
        return Output(TOLD, state.key, Told(key=state.key, what=what, at_ms=at_ms))


def key_of(number: int) -> str:
    """The key of a subject."""
    return f"pingliang/B{number:07d}"


def subjects(dues_ms: Iterable[int], feed: str = "") -> Iterator[Row]:
    """Rows as a snapshot has them, one for each due."""
    encode = msgspec.msgpack.Encoder().encode
    essences = bytes(range(200))
    for number, due_ms in enumerate(dues_ms):
        key, item = key_of(number), number % ITEMS
        state = encode(Waiting(key, due_ms, item, feed, essences))
        head = Head(wake_ms=due_ms or FAR, feed=feed, registry=REGISTRY, slots=Slots(item=item))
        raw = key.encode()
        yield (
            Waiters.name,
            partition_of(raw, PARTITIONS),
            raw,
            pack(DecodedRow(head, None, b""), state, FIRST_SHAPE, NO_EPOCH),
        )
