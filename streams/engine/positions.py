"""How far each reader of each partition has come, and which batches may still be worked on.

After every seek reading starts afresh: batches fetched before it, or behind a batch that was lost on the way, are
refused, and positions from before it say nothing. Without this a commit could pass over records nobody worked on.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from streams.engine.log import Place


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

    def sought(self, starts: Mapping[Place, int]) -> None:
        """All partitions were sought to these offsets; what was fetched before is stale."""
        self._starts = dict(starts)
        self.seek += 1

    def admit(self, reader: str, place: Place, seek: int, number: int) -> bool:
        """Whether `reader` may work on the batch `number` fetched after `seek`; admitted ones must come in turn."""
        at = self._next_batch.get((reader, place))
        expected = at.value if at is not None and at.seek == self.seek else 0
        if seek != self.seek or number != expected:
            return False
        self._next_batch[reader, place] = _Mark(seek, number + 1)
        return True

    def done(self, reader: str, place: Place, seek: int, next_offset: int) -> None:
        """What stands before `next_offset` is safe; a word from before the last seek is ignored."""
        if seek == self.seek:
            self._reached[reader, place] = _Mark(seek, next_offset)

    def committable(self, place: Place) -> int | None:
        """The offset that every reader of the topic has passed since the last seek; None where one has not begun."""
        marks = [self._reached.get((reader, place)) for reader in self._readers[place.topic]]
        values = [mark.value for mark in marks if mark is not None and mark.seek == self.seek]
        return min(values) if len(values) == len(marks) else None

    def reached(self, place: Place) -> int:
        """Where the slowest reader of the topic stands; where it starts, if it has not begun."""
        return min(self._of(reader, place) for reader in self._readers[place.topic])

    def _of(self, reader: str, place: Place) -> int:
        mark = self._reached.get((reader, place))
        return mark.value if mark is not None and mark.seek == self.seek else self._starts.get(place, 0)
