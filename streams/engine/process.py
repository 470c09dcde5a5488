"""What a keyed process is: a pure description; the engine gives it order, memory, time and delivery."""

from collections.abc import Iterable
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

import msgspec

from streams.contracts.topics import Topic
from streams.engine.slots import Slots

State = TypeVar("State", bound=msgspec.Struct)
Event = TypeVar("Event", contravariant=True)


class Output(msgspec.Struct, frozen=True, gc=False):
    """One fact or request to publish.

    `body` has the fields `version` and `known_at`, which the engine stamps: a process never sees when something became
    known, and hands its body over for good. `key` is the record key as text.
    `since_ms` is when it became known where that is later than the record being worked on: it rests on another record,
    which a replay has brought ahead of its turn.
    """

    topic: Topic
    key: str
    body: msgspec.Struct
    since_ms: int = 0


class KeyedProcess(Protocol[State, Event]):
    """A pure, keyed, timed process with one input topic.

    All instants are epoch milliseconds. `state_type` is a msgspec struct that survives msgpack; the functions change
    the state they are given and return what is to be published. They never read a clock and do no IO.
    A function that raises leaves the key as it was before.
    """

    name: str
    input: Topic
    state_type: type[State]

    def at(self, registry_version: str) -> Self:
        """The same process judging by this registry version; itself where it needs no registry."""

    def start(self, key: str) -> State:
        """The state of a key that has never been seen."""

    def occurred_ms(self, event: Event) -> int:
        """The business time of an event; wakes of its key up to then fire before it."""

    def feed(self, state: State) -> str:
        """The feed whose horizon holds back this subject's wakes; empty: only the clock does."""

    def on_event(self, state: State, event: Event, now_ms: int) -> Iterable[Output]:
        """An event arrived; `now_ms` is when it was accepted (its record's stamp), never the worker's wall clock."""

    def on_time(self, state: State, now_ms: int) -> Iterable[Output]:
        """`now_ms` is exactly what `wake_at` asked for."""

    def on_registry(self, state: State, now_ms: int) -> Iterable[Output]:
        """The registry version changed to the one this process was made `at`; re-plan the subject."""

    def wake_at(self, state: State) -> int | None:
        """When `on_time` must be called next; must move forward after each call."""


AnyProcess = KeyedProcess[Any, Any]
"""A process of any state and event, for code that carries processes about."""


@runtime_checkable
class Selective(Protocol):
    """What a process has besides when a registry version need not touch all of its subjects."""

    def slots(self, state: Any) -> Slots:
        """What the subject depends on; kept beside its row."""

    def touched(self, before: str, slots: Slots) -> bool:
        """Whether a subject of these slots, judged by version `before`, may be judged otherwise by this one."""
