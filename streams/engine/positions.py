"""How far each reader of each partition has come, and which batches may still be worked on.

After every seek reading starts afresh: batches fetched before it, or behind a batch that was lost on the way, are
refused, and positions from before it say nothing. Without this a commit could pass over records nobody worked on.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from streams.engine.log import Place


class Batch(list[Any]):
    """Records of one partition, after which seek they were fetched, and the batch's number in the partition since.

    A rebalance clears the queues of a worker while one batch may be on its way into them; the number shows the hole.
    """

    __slots__ = ("number", "seek")

    def __init__(self, records: Iterable[Any], seek: int, number: int) -> None:
        """Keep the records with their place in the order."""
        super().__init__(records)
        self.seek = seek
        self.number = number


class _Mark(NamedTuple):
    seek: int
    value: int


class Positions:
    """One for each consumer; `seek` counts its seeks."""

    def __init__(self, readers: Mapping[str, Sequence[str]]) -> None:
        """`readers`: the names of those who read each topic."""
        self.seek = 0
        self._readers = readers
        self._starts: dict[Place, int] = {}
        self._next_batch: dict[tuple[str, Place], _Mark] = {}
        self._reached: dict[tuple[str, Place], _Mark] = {}
        self._void: set[Place] = set()

    def sought(self, starts: Mapping[Place, int]) -> None:
        """All partitions were sought to these offsets; what was fetched before is stale."""
        self._starts = dict(starts)
        self._void.clear()
        self.seek += 1

    def forget(self, place: Place) -> None:
        """The state that covers what was worked on here is given up: until the next seek positions say nothing."""
        self._void.add(place)

    def admit(self, reader: str, place: Place, seek: int, number: int) -> bool:
        """Whether `reader` may work on the batch `number` fetched after `seek`; admitted ones must come in turn."""
        at = self._next_batch.get((reader, place))
        expected = at.value if at is not None and at.seek == self.seek else 0
        if seek != self.seek or number != expected or place in self._void:
            return False
        self._next_batch[reader, place] = _Mark(seek, number + 1)
        return True

    def done(self, reader: str, place: Place, seek: int, next_offset: int) -> None:
        """What stands before `next_offset` is safe; a word from before the last seek is ignored."""
        if seek == self.seek:
            self._reached[reader, place] = _Mark(seek, next_offset)

    def committable(self, place: Place) -> int | None:
        """The offset that every reader of the topic has passed since the last seek; None where one has not begun."""
        if place in self._void:
            return None
        marks = [self._reached.get((reader, place)) for reader in self._readers[place.topic]]
        values = [mark.value for mark in marks if mark is not None and mark.seek == self.seek]
        return min(values) if len(values) == len(marks) else None

    def reached(self, place: Place) -> int:
        """Where the slowest reader of the topic stands; where it starts, if it has not begun."""
        return min(self._of(reader, place) for reader in self._readers[place.topic])

    def _of(self, reader: str, place: Place) -> int:
        mark = self._reached.get((reader, place))
        return mark.value if mark is not None and mark.seek == self.seek else self._starts.get(place, 0)
