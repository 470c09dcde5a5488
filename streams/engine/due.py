"""The due index: which key wakes when; numpy slots, one a key, with the minima of blocks of them."""

import numpy as np
from numpy.typing import NDArray

FAR = (1 << 63) - 1
"""The wake of a key that has none."""

BLOCK = 2048
"""Slots a block; an idle look touches one number a block."""


class DueIndex:
    """Wakes of many keys, in epoch milliseconds; setting, moving and clearing one is a single store.

    `next_ms` is a lower bound of the earliest wake: one comparison tells that nothing is due.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.next_ms = FAR
        self._wake: NDArray[np.int64] = np.full(BLOCK, FAR, np.int64)
        self._least: NDArray[np.int64] = np.full(1, FAR, np.int64)
        self._keys: list[bytes] = []
        self._slots: dict[bytes, int] = {}
        self._free: list[int] = []

    def __len__(self) -> int:
        """How many keys have a wake."""
        return len(self._slots)

    def put(self, key: bytes, wake_ms: int) -> None:
        """Set or move the wake of a key; FAR clears it."""
        slot = self._slots.get(key)
        if wake_ms == FAR:
            if slot is not None:
                self._wake[slot] = FAR
                self._free.append(slot)
                del self._slots[key]
            return
        if slot is None:
            slot = self._slots[key] = self._take_slot(key)
        self._wake[slot] = wake_ms
        block = slot // BLOCK
        if wake_ms < self._least[block]:
            self._least[block] = wake_ms
        if wake_ms < self.next_ms:  # a block's least may be lower: it is only made exact by a look
            self.next_ms = wake_ms

    def wake_of(self, key: bytes) -> int:
        """The wake of a key; FAR where it has none."""
        slot = self._slots.get(key)
        return FAR if slot is None else int(self._wake[slot])

    def due(self, until_ms: int) -> list[tuple[int, bytes]]:
        """Every wake at or before `until_ms` with its key, earliest first, equal ones by key."""
        if until_ms < self.next_ms:
            return []
        found: list[tuple[int, bytes]] = []
        for block in np.flatnonzero(self._least <= until_ms).tolist():
            wakes = self._wake[block * BLOCK : (block + 1) * BLOCK]
            slots = np.flatnonzero(wakes <= until_ms)
            if slots.size:
                keys = (self._keys[block * BLOCK + slot] for slot in slots.tolist())
                found += zip(wakes[slots].tolist(), keys, strict=True)
            else:
                self._least[block] = wakes.min()
        found.sort()
        self.next_ms = found[0][0] if found else int(self._least.min())
        return found

    def _take_slot(self, key: bytes) -> int:
        if self._free:
            slot = self._free.pop()
            self._keys[slot] = key
            return slot
        slot = len(self._keys)
        self._keys.append(key)
        if slot == len(self._wake):
            self._wake = np.concatenate([self._wake, np.full(slot, FAR, np.int64)])
            self._least = np.concatenate([self._least, np.full(slot // BLOCK, FAR, np.int64)])
        return slot


class Wakes:
    """The due indexes of a shard, one a feed, since each feed's horizon holds back its own subjects."""

    def __init__(self) -> None:
        """Start empty."""
        self._by_feed: dict[str, DueIndex] = {}

    def put(self, feed: str, key: bytes, wake_ms: int) -> None:
        """Set, move or (FAR) clear the wake of a key of a feed."""
        index = self._by_feed.get(feed)
        if index is None:
            index = self._by_feed[feed] = DueIndex()
        index.put(key, wake_ms)

    def wake_of(self, feed: str, key: bytes) -> int:
        """The wake of a key of a feed; FAR where it has none."""
        index = self._by_feed.get(feed)
        return FAR if index is None else index.wake_of(key)

    def due(self, feed: str, until_ms: int) -> list[tuple[int, bytes]]:
        """What is due in a feed, earliest first."""
        index = self._by_feed.get(feed)
        return [] if index is None else index.due(until_ms)
