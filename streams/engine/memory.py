"""What a shard remembers, and what of it is not yet written."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from streams.engine.due import FAR, Wakes
from streams.engine.outbox import coalesce
from streams.engine.ownership import NO_EPOCH, Fences
from streams.engine.row import Row, Sent, gone, is_gone, wake_and_feed
from streams.engine.rows import Rows
from streams.engine.slots import Slots
from streams.engine.standing import STANDING_KEY, Standing, decode_standing, encode_standing


class Cut(NamedTuple):
    """One atomic cut of a shard: rows to write, then outputs to send, then it counts as acknowledged."""

    checkpoint: int
    rows: list[tuple[bytes, bytes]]
    outputs: list[Sent]


class Memory:
    """Rows, wakes and standing of one shard."""

    def __init__(self, rows: Rows, standing: Standing) -> None:
        """Start empty. `coalesced`: topics of which only the last output of a key matters within one cut."""
        self.rows = rows
        self.wakes = Wakes()
        self.standing = standing
        self.fences = Fences()
        self.coalesced: frozenset[str] = frozenset()
        self._told = 0
        self._buried: dict[bytes, None] = {}
        self._dirty: dict[bytes, None] = {}
        self._loose: list[Sent] = []
        self._moved = False

    @property
    def settled(self) -> bool:
        """Whether everything is written and acknowledged."""
        written = not (self._dirty or self._buried or self._loose or self._moved)
        return written and self.standing.acknowledged == self.standing.checkpoint

    def touch(self, key: bytes) -> None:
        """The row of this key must be written."""
        self._dirty[key] = None

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

    def see(self, key: bytes, row: Row, offset: int) -> None:
        """The row has now seen it."""
        row.last, row.incarnation = offset, self.standing.incarnation
        self.touch(key)

    def existing(self, key: bytes) -> Row:
        """The row of a key that is known to be there."""
        row = self.rows.get(key)
        if row is None:
            raise KeyError(key)
        return row

    def rewrite(self, key: bytes) -> None:
        """Something void stands behind the row of this key: write the row, or that there is none, once more."""
        if key == STANDING_KEY:
            self._moved = True
        elif key in self.rows:
            self.touch(key)  # not decoded here: it may still carry outputs to be sent again
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

    def judged_otherwise(self, touched: Callable[[str, Slots], bool]) -> list[bytes]:
        """Keys judged by another registry version that `touched` says concerns them, the one due next last."""
        keys = self.rows.judged_otherwise(self.standing.registry, touched)
        due = {key: self.wakes.wake_of(self.rows.feed(key), key) for key in keys}
        keys.sort(key=lambda key: (due[key], key), reverse=True)
        return keys

    def cut(self) -> Cut | None:
        """Everything that changed since the last cut, as bytes; None where nothing did."""
        if not (self._dirty or self._buried or self._loose or self._moved):
            return None
        number = self.standing.checkpoint + 1
        outputs = list(self._loose)
        self.standing = msgspec.structs.replace(self.standing, checkpoint=number, fences=self.fences.all())
        self._told = self.standing.acknowledged
        written = msgspec.structs.replace(self.standing, outbox=tuple(outputs))
        rows = [(STANDING_KEY, encode_standing(written))]
        rows += [(key, gone(self.standing.epoch)) for key in self._buried]
        for key in self._dirty:
            row = self.existing(key)
            if self.coalesced and len(row.outbox) > 1:
                row.outbox = coalesce(row.outbox, self.coalesced)
            outputs += row.outbox
            wake_ms = self.wakes.wake_of(row.feed, key)
            rows.append((key, self.rows.encode(key, wake_ms, number, self.standing.epoch)))
        self._dirty, self._buried, self._loose, self._moved = {}, {}, [], False
        self.rows.cool()
        return Cut(number, rows, outputs)

    def acknowledged(self, checkpoint: int) -> None:
        """The rows and outputs of this checkpoint are known to be out."""
        self.standing = msgspec.structs.replace(self.standing, acknowledged=checkpoint)

    def load(self, key: bytes, raw: bytes | None) -> None:
        """Take a row or the shard's own record as it was written; later ones win."""
        if raw is not None and key == STANDING_KEY:
            self.standing = decode_standing(raw).taken_over_by(self.standing)
            self.fences = Fences(self.standing.fences)
            self._told = self.standing.acknowledged
            return
        if raw is not None and is_gone(raw):
            raw = None
        if key in self.rows:
            self.wakes.put(self.rows.wake_and_feed(key)[1], key, FAR)
        self.rows.load(key, raw)
        if raw is not None:
            wake_ms, feed = wake_and_feed(raw)
            if wake_ms != FAR:
                self.wakes.put(feed, key, wake_ms)

    def unsent(self) -> list[Sent]:
        """Outputs that a crash may have held back."""
        return [*self.standing.outbox, *self.rows.unsent(self.standing.acknowledged)]

    def taken_over(self) -> None:
        """What `unsent` told is out."""
        self.standing = msgspec.structs.replace(self.standing, acknowledged=self.standing.checkpoint, outbox=())
        self.rows.forget_outboxes()

    def written(self) -> Iterator[tuple[bytes, bytes]]:
        """The shard's own record and every row as last written; complete where `settled`."""
        yield STANDING_KEY, encode_standing(self.standing)
        yield from self.rows.written()
