"""The due index: which key wakes when; one slot a key, with the minima of blocks of them, looked through by numpy."""

from array import array
from collections.abc import Sequence

import numpy as np

FAR = (1 << 63) - 1
"""The wake of a key that has none."""

NEVER = -FAR
"""An instant before all others."""

NO_SLOT = 0xFFFF_FFFF
"""The slot of a key that has no wake; slots are below it."""

BLOCK = 2048
"""Slots a block; an idle look touches one number a block."""


class DueIndex:
    """Wakes of many keys, in epoch milliseconds; setting, moving and clearing one is a single store.

    Who puts a key in keeps the slot it stands in, so that no second table of all keys is needed. `next_ms` is a
    lower bound of the earliest wake: one comparison tells that nothing is due.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.next_ms = FAR
        self._wake = array("q")
        self._least: list[int] = []
        self._keys: list[bytes] = []
        self._free: list[int] = []

    def __len__(self) -> int:
        """How many keys have a wake."""
        return len(self._keys) - len(self._free)

    def fill(self, keys: Sequence[bytes], wakes: Sequence[int]) -> None:
        """Put these into an empty index at once; the slot of each is its place among them."""
        self._keys = list(keys)
        self._wake = array("q", wakes)
        self._least = [min(self._wake[at : at + BLOCK]) for at in range(0, len(self._wake), BLOCK)]
        self.next_ms = min(self._least, default=FAR)

    def put(self, slot: int, key: bytes, wake_ms: int) -> int:
        """Set or move the wake of the key in this slot, or of one that has NO_SLOT yet; FAR clears it.

        Returns the slot that the key has now.
        """
        if slot == NO_SLOT:
            if wake_ms == FAR:
                return NO_SLOT
            slot = self._take_slot(key)
        self._wake[slot] = wake_ms
        if wake_ms == FAR:
            self._keys[slot] = b""
            self._free.append(slot)
            return NO_SLOT
        block = slot // BLOCK
        if wake_ms < self._least[block]:
            self._least[block] = wake_ms
        if wake_ms < self.next_ms:  # a block's least may be lower: it is only made exact by a look
            self.next_ms = wake_ms
        return slot

    def due(self, until_ms: int) -> list[tuple[int, bytes]]:
        """Every wake at or before `until_ms` with its key, earliest first, equal ones by key."""
        if until_ms < self.next_ms:
            return []
        found: list[tuple[int, bytes]] = []
        every = np.frombuffer(self._wake, np.int64) if self._wake else np.empty(0, np.int64)
        for block, least in enumerate(self._least):
            if least > until_ms:
                continue
            wakes = every[block * BLOCK : (block + 1) * BLOCK]
            slots = np.flatnonzero(wakes <= until_ms)
            if slots.size:
                keys = (self._keys[block * BLOCK + slot] for slot in slots.tolist())
                found += zip(wakes[slots].tolist(), keys, strict=True)
            else:
                self._least[block] = int(wakes.min())
        found.sort()
        self.next_ms = found[0][0] if found else min(self._least, default=FAR)
        return found

    def _take_slot(self, key: bytes) -> int:
        if self._free:
            slot = self._free.pop()
            self._keys[slot] = key
            return slot
        slot = len(self._keys)
        self._keys.append(key)
        self._wake.append(FAR)
        if slot % BLOCK == 0:
            self._least.append(FAR)
        return slot


class Wakes:
    """The due indexes of a shard, one a feed, since each feed's horizon holds back its own subjects."""

    def __init__(self) -> None:
        """Start empty."""
        self._by_feed: dict[str, DueIndex] = {}

    def put(self, feed: str, slot: int, key: bytes, wake_ms: int) -> int:
        """Set, move or (FAR) clear the wake of a key of a feed, see `DueIndex.put`."""
        return self.of(feed).put(slot, key, wake_ms)

    def of(self, feed: str) -> DueIndex:
        """The index of a feed; made where there is none."""
        index = self._by_feed.get(feed)
        if index is None:
            index = self._by_feed[feed] = DueIndex()
        return index

    def due(self, feed: str, until_ms: int) -> list[tuple[int, bytes]]:
        """What is due in a feed, earliest first."""
        index = self._by_feed.get(feed)
        return [] if index is None else index.due(until_ms)
