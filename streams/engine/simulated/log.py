"""A log in memory: partitions of records, acknowledged at once; for tests and simulated runs."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from streams.engine.log import Entry, Place


class Kept(NamedTuple):
    """One record of a partition."""

    offset: int
    timestamp: int
    key: bytes
    value: bytes


class BrokenError(Exception):
    """The worker died at this write."""


class MemoryLog:
    """Partitions in memory. `appends_left`: writes that succeed before one is refused; None: all do."""

    def __init__(self, partitions: int = 1, appends_left: int | None = None) -> None:
        """Start empty."""
        self.records: dict[Place, list[Kept]] = defaultdict(list)
        self.appends_left = appends_left
        self._partitions = partitions

    def partitions(self, topic: str) -> int:
        """How many partitions every topic has."""
        del topic
        return self._partitions

    async def append(self, batches: Mapping[Place, Sequence[Entry]]) -> None:
        """Write entries in order; everything of a call or, when it is refused, nothing.

        Raises:
            BrokenError: no appends are left.
        """
        await asyncio.sleep(0)
        if self.appends_left is not None:
            if self.appends_left == 0:
                raise BrokenError
            self.appends_left -= 1
        for place, entries in batches.items():
            kept = self.records[place]
            for key, value, timestamp in entries:
                kept.append(Kept(len(kept), timestamp or 0, key, value))
