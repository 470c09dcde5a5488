"""A shard as a worker holds it: whose it is, and where its rows come to stand."""

from collections.abc import Iterable, Sequence

from streams.engine.log import Log, Place, Record, Written
from streams.engine.ownership import NO_EPOCH, OWNER_KEY, FencedError, sender_of
from streams.engine.row import epoch_of
from streams.engine.shard import Shard
from streams.engine.standing import decode_standing, is_standing


def epoch_of_record(record: Record) -> int:
    """The epoch that a record of a changelog was written in; none of ours is without a value."""
    if record.value is None:
        return NO_EPOCH
    return decode_standing(record.value).epoch if is_standing(record.key or b"") else epoch_of(record.value)


class Held:
    """One shard with its place in the changelog. Without an epoch it is alone there, and nothing is looked at."""

    def __init__(self, changelog: Place, shard: Shard) -> None:
        """Not owned yet."""
        self.changelog = changelog
        self.shard = shard
        self.epoch = NO_EPOCH
        self._next_offset = 0
        self._owner = NO_EPOCH
        self._void: dict[bytes, None] = {}

    @property
    def sender(self) -> bytes:
        """Who sends this shard's outputs."""
        return sender_of(self.shard.name, self.shard.partition, self.epoch)

    def own(self, epoch: int) -> None:
        """Our owner record stands at this offset."""
        self.epoch = epoch
        self._next_offset = epoch + 1
        self.shard.own(epoch)

    def restore(self, records: Iterable[Record]) -> int:
        """Take what stands in the changelog before our owner record, in order; how many rows were taken.

        A row is void when a newer owner stands before it, known by its own record or, where compaction has removed
        that, by a row of its epoch.
        """
        taken, load = 0, self.shard.load
        for record in records:
            key = record.key or b""
            if key == OWNER_KEY:
                self._owner = max(self._owner, record.offset)
                continue
            epoch = epoch_of_record(record)
            if epoch < self._owner:
                self._void[key] = None
                continue
            if epoch > self._owner:
                self._owner = epoch
            if self._void:
                self._void.pop(key, None)
            load(key, record.value)
            taken += 1
        return taken

    def restored(self) -> None:
        """All is read: good rows that stand before void ones must be written again, else compaction drops them."""
        self.shard.own(self.epoch)  # what was loaded speaks of an earlier owner
        self.shard.rewrite(self._void)
        self._void = {}

    async def check(self, written: Sequence[Written], log: Log) -> None:
        """Look at where our rows came to stand; anything in between is somebody else's.

        Raises:
            FencedError: a newer owner is there.
        """
        if self.epoch == NO_EPOCH:
            return
        for first, size in written:
            if first != self._next_offset:
                await log.read({self.changelog: (self._next_offset, first)}, self._look)
            self._next_offset = first + size

    def _look(self, _: Place, records: Sequence[Record]) -> None:
        for record in records:
            if record.key == OWNER_KEY and record.offset > self.epoch:
                raise FencedError(f"{self.changelog}: taken over at {record.offset}, ours was {self.epoch}")
        self.shard.rewrite(record.key or b"" for record in records if epoch_of_record(record) != self.epoch)
