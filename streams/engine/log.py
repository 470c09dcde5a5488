"""The small port to a log: what the engine needs of a broker, whatever stands behind it.

Ownership, checkpoints, restoring and committing are written once against it. Which partitions a worker holds comes
the other way: whoever adapts a log calls `Holding.assign` after each change of the group.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

OUTPUT_BYTES_MAX = 1_000_000
"""The largest output: a topic takes a megabyte by itself, key and headers included."""

CHANGELOG_BYTES_MAX = 4 << 20
"""The largest record that a changelog is set up to take."""

STATE_BYTES_MAX = CHANGELOG_BYTES_MAX // 2
"""The largest state; the rest of its record is for outputs on their way."""


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

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """What is said about it; the engine reads only its own, see `ownership.SENDER`."""


class Entry(NamedTuple):
    """One record to be written; a timestamp of None leaves the stamp to the log.

    `sender`: who sends it, see `ownership`; empty: nobody.
    """

    key: bytes
    value: bytes
    timestamp_ms: int | None = None
    sender: bytes = b""


Line = tuple[bytes, bytes, int | None, bytes]
"""An `Entry` as a plain tuple, which is made several times faster; there is one for each row of a checkpoint."""


class Written(NamedTuple):
    """Where entries of one append stand: `size` of them without a gap from offset `first` on."""

    first: int
    size: int


Hand = Callable[[Place, Sequence[Record]], None]
"""Takes records that were read, in the order of each partition."""


class Log(Protocol):
    """Writes that are acknowledged when they return, and reading back."""

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has; fixed for its life."""

    async def append(self, batches: Mapping[Place, Sequence[Line]]) -> Mapping[Place, Sequence[Written]]:
        """Write entries in order; on return all of them are acknowledged and it is known where, else it raises."""

    async def read(self, stretches: Mapping[Place, tuple[int, int]], hand: Hand) -> None:
        """Hand over what stands from the first offset up to, and without, the second one of each partition."""

    async def commit(self, offsets: Mapping[Place, int]) -> None:
        """Remember where reading goes on after a crash."""
