"""What a shard remembers, and what of it is not yet written."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import msgspec

from streams.engine.due import FAR, NO_SLOT, Wakes
from streams.engine.outbox import coalesce
from streams.engine.ownership import NO_EPOCH, Fences
from streams.engine.row import Row, Sent, gone, is_gone
from streams.engine.rows import Rows
from streams.engine.standing import (
    STANDING_KEY,
    Standing,
    decode_standing,
    encode_standing,
    is_standing,
    part_key,
    parted,
)


class Cut(NamedTuple):
    """One atomic cut of a shard: rows to write, then outputs to send, then it counts as acknowledged."""

    checkpoint: int
    rows: list[tuple[bytes, bytes]]
    outputs: list[Sent]


class Memory:
    """Rows, wakes and standing of one shard."""

    def __init__(self, rows: Rows, standing: Standing) -> None:
        """Start empty.

        `dirty`: rows that the next cut must write. `coalesced`: topics of which only the last output of a key matters
        within one cut.
        """
        self.rows = rows
        self.wakes = Wakes()
        self.standing = standing
        self.fences = Fences()
        self.dirty: dict[bytes, Row] = {}
        self.coalesced: frozenset[str] = frozenset()
        self._told = 0
        self._parts: dict[bytes, Standing] = {}
        self._buried: dict[bytes, None] = {}
        self._again: dict[bytes, None] = {}
        self._loose: list[Sent] = []
        self._moved = False

    @property
    def settled(self) -> bool:
        """Whether everything is written and acknowledged."""
        return not self._new() and self.standing.acknowledged == self.standing.checkpoint

    def _new(self) -> bool:
        return bool(self.dirty or self._again or self._buried or self._loose or self._moved)

    def send_loose(self, sent: list[Sent]) -> None:
        """Outputs that belong to no row."""
        self._loose += sent

    def move(self, standing: Standing) -> None:
        """Something holds now for all keys that did not before."""
        self.standing = standing
        self._moved = True

    def seen(self, row: Row, offset: int) -> bool:
        """Whether the row has seen the record at this offset of our own broker."""
        return row.last >= offset and row.incarnation == self.standing.incarnation

    def touch(self, key: bytes, row: Row) -> None:
        """The next cut must write this row."""
        row.dirty = True
        self.dirty[key] = row

    def plan(self, key: bytes, row: Row, feed: str, wake_ms: int) -> None:
        """The row is due then, by the horizon of this feed."""
        if feed != row.feed:
            row.due_slot = self.wakes.put(row.feed, row.due_slot, key, FAR)
            row.feed = feed
        row.due_slot = self.wakes.put(feed, row.due_slot, key, wake_ms)
        row.wake_ms = wake_ms

    def forget(self, key: bytes, row: Row) -> None:
        """Nothing has been done for this key: there is no row of it."""
        del self.rows.hot[key]
        self.dirty.pop(key, None)
        if row.due_slot != NO_SLOT:
            self.plan(key, row, row.feed, FAR)

    def existing(self, key: bytes) -> Row:
        """The row of a key that is known to be there."""
        row = self.rows.get(key)
        if row is None:
            raise KeyError(key)
        return row

    def rewrite(self, key: bytes) -> None:
        """Something void stands behind the row of this key: write the row, or that there is none, once more."""
        if is_standing(key):
            self._moved = True
        elif key in self.rows:
            self._again[key] = None  # not decoded here: it may still carry outputs to be sent again
        else:
            self._buried[key] = None

    def own(self, epoch: int) -> None:
        """From now on rows are written in this epoch."""
        self.standing = msgspec.structs.replace(self.standing, epoch=epoch)

    def pass_over(self) -> None:
        """A record changed nothing, yet its offset will be committed: who can be replaced writes and so looks."""
        if self.standing.epoch != NO_EPOCH:
            self._moved = True

    def settle(self) -> None:
        """Have what is acknowledged written down too, so that a successor has nothing to send again."""
        if self.standing.acknowledged > self._told:
            self._moved = True

    def cut(self) -> Cut | None:
        """Everything that changed since the last cut, as bytes; None where nothing did."""
        if not self._new():
            self.rows.cool(self.standing.epoch)  # what was only looked at is decoded too
            return None
        for key in self._again:
            self.touch(key, self.existing(key))
        number = self.standing.checkpoint + 1
        outputs = list(self._loose)
        self.standing = msgspec.structs.replace(self.standing, checkpoint=number, fences=self.fences.all())
        self._told = self.standing.acknowledged
        rows = self._own_records(outputs)
        rows += [(key, gone(self.standing.epoch)) for key in self._buried]
        encode, epoch = self.rows.encode, self.standing.epoch
        for key, row in self.dirty.items():
            if row.outbox:
                if self.coalesced and len(row.outbox) > 1:
                    row.outbox = coalesce(row.outbox, self.coalesced)
                outputs += row.outbox
            rows.append((key, encode(row, number, epoch)))
        self.dirty, self._again, self._buried, self._loose, self._moved = {}, {}, {}, [], False
        self.rows.cool(epoch)
        return Cut(number, rows, outputs)

    def _own_records(self, outputs: list[Sent]) -> list[tuple[bytes, bytes]]:
        """The standing with these outputs; parts of the cut before that are not needed any more become empty."""
        first, *rest = parted(outputs)
        number, epoch = self.standing.checkpoint, self.standing.epoch
        parts = dict.fromkeys(self._parts, Standing(checkpoint=number, epoch=epoch))
        for n, outbox in enumerate(rest, 1):
            parts[part_key(n)] = Standing(checkpoint=number, epoch=epoch, outbox=outbox)
        self._parts = {key: part for key, part in parts.items() if part.outbox}
        parts = {STANDING_KEY: msgspec.structs.replace(self.standing, outbox=first), **parts}
        return [(key, encode_standing(part)) for key, part in parts.items()]

    def acknowledged(self, checkpoint: int) -> None:
        """The rows and outputs of this checkpoint are known to be out."""
        self.standing = msgspec.structs.replace(self.standing, acknowledged=checkpoint)

    def load(self, key: bytes, raw: bytes | None) -> None:
        """Take a row or the shard's own record as it was written; later ones win."""
        if raw is not None and is_standing(key):
            self._load_own(key, decode_standing(raw))
            return
        self.rows.load(key, None if raw is None or is_gone(raw) else raw)

    def _load_own(self, key: bytes, standing: Standing) -> None:
        if key != STANDING_KEY:
            self._parts[key] = standing
        else:
            self.standing = standing.taken_over_by(self.standing)
            self.fences = Fences(self.standing.fences)
            self._told = self.standing.acknowledged

    def unsent(self) -> list[Sent]:
        """Outputs that a crash may have held back."""
        acknowledged = self.standing.acknowledged
        parts = (part.outbox for part in self._parts.values() if part.checkpoint > acknowledged)
        return [*self.standing.outbox, *chain.from_iterable(parts), *self.rows.unsent(acknowledged)]

    def taken_over(self) -> None:
        """What `unsent` told is out."""
        self.standing = msgspec.structs.replace(self.standing, acknowledged=self.standing.checkpoint, outbox=())
        self.rows.take_over(self.wakes)

    def written(self) -> Iterator[tuple[bytes, bytes]]:
        """The shard's own record and every row as last written; complete where `settled`."""
        yield STANDING_KEY, encode_standing(self.standing)
        yield from self.rows.written(self.standing.epoch)
