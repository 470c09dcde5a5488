"""The small port to a log: what the engine needs of a broker, whatever stands behind it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Place(NamedTuple):
    """One partition of one topic."""

    topic: str
    partition: int


class Record(Protocol):
    """One record as it is read; `timestamp` is epoch milliseconds, stamped by whoever wrote it."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""

    @property
    def timestamp(self) -> int:
        """When it was accepted, epoch milliseconds."""

    @property
    def key(self) -> bytes | None:
        """What it is about."""

    @property
    def value(self) -> bytes | None:
        """What it says."""


class Entry(NamedTuple):
    """One record to be written; a timestamp of None leaves the stamp to the log."""

    key: bytes
    value: bytes
    timestamp_ms: int | None = None


class Log(Protocol):
    """Writes that are acknowledged when they return."""

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has; fixed for its life."""

    async def append(self, batches: Mapping[Place, Sequence[Entry]]) -> None:
        """Write entries in order; on return all of them are acknowledged, else it raises."""
