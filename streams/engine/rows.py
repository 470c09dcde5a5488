"""The rows of one shard: bytes until touched, decoded while worked on, bytes again when there are too many."""

import struct
from array import array
from collections.abc import Callable, Hashable, Iterator
from itertools import islice
from typing import Any

from streams.engine.due import FAR, NO_SLOT, Wakes
from streams.engine.row import (
    Row,
    Sent,
    carries_outbox,
    feed_of,
    head_of,
    judged_by,
    judgement,
    outbox_of,
    pack,
    wake_of,
    without_outbox,
)
from streams.engine.slots import Slots
from streams.engine.states import States

_DUE_SLOT = struct.Struct(">I")
"""Behind a cold row: where its wake stands in the due index."""


class Rows:
    """Every key's row. A key is loaded (bytes as written, nobody works yet), cold (bytes) or hot (decoded)."""

    def __init__(self, states: States, hot_max: int) -> None:
        """`hot_max`: decoded rows kept after a cut; the ones decoded longest ago go back to bytes."""
        self.hot: dict[bytes, Row] = {}
        self.pack_state = states.encode
        self._states = states
        self._hot_max = hot_max
        self._cold: dict[bytes, bytes] = {}
        self._loaded: dict[bytes, bytes] = {}

    def size(self) -> int:
        """How many bytes the rows have, of decoded ones their states; goes through all of them."""
        kept = sum(map(len, self._cold.values())) + sum(map(len, self._loaded.values()))
        return kept + sum(len(row.packed) for row in self.hot.values())

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self._cold) + len(self.hot) + len(self._loaded)

    def __contains__(self, key: bytes) -> bool:
        """Whether the key has been seen."""
        return key in self.hot or key in self._cold or key in self._loaded

    def keys(self) -> list[bytes]:
        """Every key that is worked with, as of now."""
        return [*self._cold, *self.hot]

    def get(self, key: bytes) -> Row | None:
        """The decoded row of a key; None where there is none."""
        row = self.hot.get(key)
        if row is None:
            kept = self._cold.pop(key, None)
            if kept is None:
                return None
            raw, (due_slot,) = kept[: -_DUE_SLOT.size], _DUE_SLOT.unpack_from(kept, len(kept) - _DUE_SLOT.size)
            row = self._decoded(raw, due_slot)
            self.hot[key] = row
        return row

    def wake_of(self, key: bytes) -> int:
        """When an existing key is due."""
        row = self.hot.get(key)
        return wake_of(self._cold[key]) if row is None else row.wake_ms

    def judged_by(self, key: bytes) -> tuple[str, Slots]:
        """The registry version that an existing key was judged by, and what of it the key depends on."""
        row = self.hot.get(key)
        return judged_by(self._cold[key]) if row is None else (row.registry, row.slots)

    def judgement(self, key: bytes) -> Hashable:
        """What says the same of two keys says that `judged_by` is equal; cheap, for a cold row is not taken apart."""
        row = self.hot.get(key)
        return judgement(self._cold[key]) if row is None else (row.registry, row.slots)

    def _decoded(self, raw: bytes, due_slot: int) -> Row:
        head = head_of(raw)
        packed = raw[head.state_at : head.state_end]
        state = self._states.decode(packed, head.shape)
        if head.shape != self._states.shape:
            packed = self._states.encode(state)
        return Row(head, state, packed, due_slot)

    def repair(self, row: Row, start: Callable[[str], Any], key: bytes) -> None:
        """Bring back the state as it was before a call that raised; `start` makes the state of a new key."""
        row.state = self._states.decode(row.packed, self._states.shape) if row.packed else start(key.decode())

    def encode(self, row: Row, checkpoint: int, epoch: int) -> bytes:
        """The bytes of a hot row for this checkpoint, its outbox included; the row then stands as written."""
        raw = pack(row, self._states.shape, epoch, checkpoint)
        row.dirty = False
        row.outbox = None
        return raw

    def cool(self, epoch: int) -> None:
        """Turn decoded rows beyond the bound into bytes; every row must stand as written, in this epoch."""
        surplus = max(0, len(self.hot) - self._hot_max)
        for key in list(islice(self.hot, surplus)):  # each look for the first key passes over all that were taken out
            row = self.hot.pop(key)
            self._cold[key] = pack(row, self._states.shape, epoch) + _DUE_SLOT.pack(row.due_slot)

    def written(self, epoch: int) -> Iterator[tuple[bytes, bytes]]:
        """Every key with its row; as last written where everything is. `epoch`: of who holds them."""
        for key, kept in self._cold.items():
            yield key, kept[: -_DUE_SLOT.size]
        for key, row in self.hot.items():
            yield key, pack(row, self._states.shape, epoch)

    # ---- restoring

    def load(self, key: bytes, raw: bytes | None) -> None:
        """Take a row as it was written; a later one of the same key wins, None removes the key."""
        if raw is None:
            self._loaded.pop(key, None)
        else:
            self._loaded[key] = raw

    def unsent(self, acknowledged: int) -> Iterator[Sent]:
        """The outputs that loaded rows of later checkpoints carry."""
        for raw in self._loaded.values():
            if carries_outbox(raw):
                head = head_of(raw)
                if head.checkpoint > acknowledged:
                    yield from outbox_of(raw, head)

    def take_over(self, wakes: Wakes) -> None:
        """Begin to work with what is loaded: the outputs it carries are out, and `wakes` learns what is due when."""
        due: dict[str, tuple[list[bytes], array[int]]] = {}
        rows, self._loaded = self._loaded, {}
        for key, raw in rows.items():  # in their place: a second table of a million keys costs as much as all the rest
            still = without_outbox(raw)
            wake_ms, slot = wake_of(still), NO_SLOT
            if wake_ms != FAR:
                feed = feed_of(still)
                of_feed = due.get(feed)
                if of_feed is None:
                    of_feed = due[feed] = [], array("q")
                keys, times = of_feed
                slot = len(keys)
                keys.append(key)
                times.append(wake_ms)
            rows[key] = still + _DUE_SLOT.pack(slot)
        rows.update(self._cold)
        self._cold = rows
        for feed, (keys, times) in due.items():
            wakes.of(feed).fill(keys, times)
