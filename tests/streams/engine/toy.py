"""A toy process for the tests of the engine: counts notes of a key, and says so a second after the last one."""

from collections.abc import Iterator
from typing import Literal, Self

import msgspec

from streams.contracts.instants import Instant
from streams.contracts.topics import Topic
from streams.engine.process import Output


class Note(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event; `bad` raises when it is worked on, `sour` plants a wake that raises."""

    occurred_ms: int
    what: Literal["good", "bad", "sour"] = "good"
    feed: str = "notes"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One output."""

    told_id: str
    what: str
    count: int
    version: int = 0
    known_at: Instant | None = None


NOTES = Topic("notes", Note, "key", "short")
TOLD = Topic("told", Told, "key", "short")
TOY_TOPICS = (NOTES, TOLD)
QUIET_MS = 1_000


class Counted(msgspec.Struct):
    """State: how many notes, when quiet is due, whether that will raise."""

    key: str
    count: int = 0
    quiet_ms: int | None = None
    feed: str = ""
    sour: bool = False
    registry: str = ""
    quiets: int = 0


class Counter:
    """The process."""

    name = "counter"
    input = NOTES
    state_type = Counted

    def __init__(self, registry: str = "") -> None:
        """Judges by this registry version."""
        self.registry = registry

    def at(self, registry_version: str) -> Self:
        """The same by another version."""
        return type(self)(registry_version)

    def start(self, key: str) -> Counted:
        """Nothing counted."""
        return Counted(key)

    def occurred_ms(self, event: Note) -> int:
        """Business time."""
        return event.occurred_ms

    def feed(self, state: Counted) -> str:
        """The feed of the last note."""
        return state.feed

    def on_event(self, state: Counted, event: Note, now_ms: int) -> Iterator[Output]:
        """Count; raises half way for a bad note."""
        state.count += 1
        if event.what == "bad":
            raise RuntimeError("a bad note")
        state.feed = event.feed
        state.sour = event.what == "sour"
        state.quiet_ms = event.occurred_ms + QUIET_MS
        yield self._told(state, f"{state.key}:n{state.count}", "counted")

    def on_time(self, state: Counted, now_ms: int) -> Iterator[Output]:
        """It has been quiet."""
        state.quiet_ms = None
        state.quiets += 1
        if state.sour:
            raise RuntimeError("a sour wake")
        yield self._told(state, f"{state.key}:q{state.count}:{now_ms}", "quiet")

    def on_registry(self, state: Counted, now_ms: int) -> Iterator[Output]:
        """Remember the version."""
        state.registry = self.registry
        yield self._told(state, f"{state.key}:r{self.registry}", "replanned")

    def wake_at(self, state: Counted) -> int | None:
        """When it has been quiet for a second."""
        return state.quiet_ms

    def _told(self, state: Counted, told_id: str, what: str) -> Output:
        return Output(TOLD, state.key, Told(told_id=told_id, what=what, count=state.count))


class Restless(Counter):
    """Quiet again every second."""

    def on_time(self, state: Counted, now_ms: int) -> Iterator[Output]:
        """It is, and will be."""
        yield from super().on_time(state, now_ms)
        state.quiet_ms = now_ms + 1_000
