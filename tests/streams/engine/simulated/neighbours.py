"""A process with all that a process may have: keys that tell each other, facts of which only the last matters,
registry versions that touch some keys only, and keys that become stubs and are brought back by an effect.
"""

from collections.abc import Iterator
from random import Random
from typing import Self

import msgspec

from streams.contracts.codec import decode, encode
from streams.contracts.instants import Instant
from streams.contracts.topics import Topic, partition_of
from streams.engine.log import Entry, Place
from streams.engine.ownership import Fences
from streams.engine.process import Output
from streams.engine.simulated.log import MemoryLog
from streams.engine.slots import Slots

KEYS = 8
ITEMS = 3
QUIET_MS = 600
STUB_MS = 4_000
"""How long after quiet a key becomes a stub."""


class Knock(msgspec.Struct, frozen=True, kw_only=True, tag="knock"):
    """One event; `bad` raises when it is worked on. Every knock has a number of its own."""

    occurred_ms: int
    number: int
    item: int
    bad: bool = False


class Heard(msgspec.Struct, frozen=True, kw_only=True, tag="heard"):
    """How often somebody has knocked next door: the whole summary, with the count as its revision."""

    occurred_ms: int
    told_id: str
    sender: str
    count: int
    version: int = 0
    known_at: Instant | None = None


class Back(msgspec.Struct, frozen=True, kw_only=True, tag="back"):
    """A knock that came for a stub, brought back by the effect; perhaps more than once."""

    occurred_ms: int
    knock: Knock


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One output that others read."""

    told_id: str
    count: int
    heard: int = 0
    version: int = 0
    known_at: Instant | None = None


class Away(msgspec.Struct, frozen=True, kw_only=True):
    """A knock on its way to the effect."""

    told_id: str
    key: str
    knock: Knock
    version: int = 0
    known_at: Instant | None = None


KNOCKS = Topic("knocks", Knock | Heard | Back, "key", "short")
SAID = Topic("said", Said, "key", "short")
LATEST = Topic("latest", Said, "key", "short")
"""Of these only the last one of a key matters."""
AWAYS = Topic("aways", Away, "key", "short")


class House(msgspec.Struct):
    """State of one key."""

    key: str
    count: int = 0
    item: int = 0
    judged: int = 0
    quiets: int = 0
    is_quiet: bool = False
    is_stub: bool = False
    wake_ms: int | None = None
    heard: dict[str, int] = {}
    hearings: int = 0
    came: list[int] = []


def revisions(version: str) -> list[int]:
    """A registry version is named by the revisions of all items."""
    return [int(part) for part in version.split(".")] if version else [0] * ITEMS


class Neighbours:
    """The process: each key counts knocks, tells the next key, falls quiet and becomes a stub."""

    name = "neighbours"
    input = KNOCKS
    state_type = House

    def __init__(self, registry: str = "") -> None:
        """Judges by this registry version."""
        self._revisions = revisions(registry)

    def at(self, registry_version: str) -> Self:
        """The same by another version."""
        return type(self)(registry_version)

    def start(self, key: str) -> House:
        """Nobody has knocked."""
        return House(key)

    def occurred_ms(self, event: Knock | Heard | Back) -> int:
        """Business time."""
        return event.occurred_ms

    def feed(self, state: House) -> str:
        """All hang on one feed."""
        return "knocks"

    def slots(self, state: House) -> Slots:
        """The item of the last knock."""
        return Slots(item=state.item)

    def touched(self, before: str, slots: Slots) -> bool:
        """Whether the revision of that item has changed."""
        return revisions(before)[slots.item] != self._revisions[slots.item]

    def on_event(self, state: House, event: Knock | Heard | Back, now_ms: int) -> Iterator[Output]:
        """Count, tell the key next door, and say how things stand."""
        if isinstance(event, Heard):
            yield from self._hear(state, event)
        elif isinstance(event, Back):
            if event.knock.number not in state.came:
                state.came = [*state.came, event.knock.number]
                state.is_stub = False
                yield from self._knocked(state, event.knock, event.occurred_ms)
        elif state.is_stub:
            away = Away(told_id=f"{state.key}:a{event.number}", key=state.key, knock=event)
            yield Output(AWAYS, state.key, away)
        else:
            yield from self._knocked(state, event, event.occurred_ms)

    def _knocked(self, state: House, knock: Knock, occurred_ms: int) -> Iterator[Output]:
        state.count += 1
        state.is_quiet = False
        state.item = knock.item
        yield self._said(state, f"n{state.count}")
        if knock.bad:
            raise RuntimeError("a bad knock")
        state.judged = self._revisions[state.item]
        state.wake_ms = occurred_ms + QUIET_MS
        yield self._latest(state, f"n{state.count}")
        told_id = f"{state.key}:t{state.count}"
        heard = Heard(occurred_ms=occurred_ms, told_id=told_id, sender=state.key, count=state.count)
        yield Output(KNOCKS, next_door(state.key), heard)

    def _hear(self, state: House, heard: Heard) -> Iterator[Output]:
        state.hearings += 1
        if heard.count > state.heard.get(heard.sender, 0):
            state.heard = {**state.heard, heard.sender: heard.count}
            yield self._said(state, f"h{heard.sender}-{heard.count}")

    def on_time(self, state: House, now_ms: int) -> Iterator[Output]:
        """It is quiet, or has been for so long that a stub is left."""
        state.quiets += 1
        if state.is_quiet:
            state.is_stub, state.wake_ms = True, None
        else:
            state.is_quiet, state.wake_ms = True, now_ms + STUB_MS
            yield self._latest(state, f"q{state.quiets}")
        yield self._said(state, f"q{state.quiets}")

    def on_registry(self, state: House, now_ms: int) -> Iterator[Output]:
        """Judge by the new revision of the item."""
        state.judged = self._revisions[state.item]
        yield self._said(state, f"r{state.item}.{state.judged}")
        yield self._latest(state, f"r{state.item}.{state.judged}")

    def wake_at(self, state: House) -> int | None:
        """When it has been quiet for long enough."""
        return state.wake_ms

    def _said(self, state: House, what: str) -> Output:
        return Output(SAID, state.key, Said(told_id=f"{state.key}:{what}", count=state.count))

    def _latest(self, state: House, what: str) -> Output:
        said = Said(told_id=f"{state.key}:{what}", count=state.count, heard=sum(state.heard.values()))
        return Output(LATEST, state.key, said)


def next_door(key: str) -> str:
    """The key that hears of this one; it may live in another partition."""
    return f"k{(int(key[1:]) + 1) % KEYS}"


class Fetching:
    """The effect behind stubs: hands each knock in once more, at times one of them again."""

    def __init__(self, partitions: int) -> None:
        """Nothing is read yet."""
        self._reached = [0] * partitions
        self._fences = [Fences() for _ in range(partitions)]

    def __call__(self, rnd: Random, log: MemoryLog) -> bool:
        """Hand in what has come; False where there is nothing to do."""
        is_found = False
        for partition, reached in enumerate(self._reached):
            records = log.records[Place(AWAYS.name, partition)]
            for record in records[reached:]:
                is_found = True
                if self._fences[partition].admits(record):
                    self._hand_in(log, decode(AWAYS, record.value))
            self._reached[partition] = len(records) - (len(records) > reached and rnd.random() < 0.2)
        return is_found

    def _hand_in(self, log: MemoryLog, away: Away) -> None:
        partitions = len(self._reached)
        now_ms = max(kept.timestamp for n in range(partitions) for kept in log.records[Place(KNOCKS.name, n)])
        place = Place(KNOCKS.name, partition_of(away.key.encode(), partitions))
        back = Back(occurred_ms=now_ms, knock=away.knock)
        log.put(place, [Entry(away.key.encode(), encode(back), now_ms)])
