"""Which keys of a shard were judged by another registry version: looked for and handed out a little at a time."""

from collections.abc import Callable, Hashable, Iterator
from heapq import merge

from streams.engine.rows import Rows
from streams.engine.slots import Slots

_STRETCH = 1_000
"""Keys looked at in one step: about a millisecond's work."""


class Outdated:
    """The keys that a registry version touches, the one due next first; false once all are handed out."""

    def __init__(self, rows: Rows, wanted: str, touched: Callable[[str, Slots], bool]) -> None:
        """Look through the rows of now for those judged by another version than `wanted`; no cold one is decoded.

        `touched`: whether it concerns what was judged by that version and hangs on these slots; asked once for each
        pair of them.
        """
        self._rows = rows
        self._wanted = wanted
        self._touched = touched
        self._answers: dict[Hashable, bool] = {}
        self._unseen = rows.keys()
        self._found: list[list[tuple[int, bytes]]] = []
        self._in_order: Iterator[tuple[int, bytes]] = iter(())
        self._left = 0

    def __bool__(self) -> bool:
        """Whether there are keys to look at or to hand out."""
        return bool(self._unseen or self._left)

    def step(self) -> bytes | None:
        """The next key to plan anew; None where the step went into looking for them."""
        if not self._unseen:
            self._left -= 1
            return next(self._in_order)[1]
        stretch = self._unseen[-_STRETCH:]
        del self._unseen[-_STRETCH:]
        found = sorted((self._rows.wake_of(key), key) for key in stretch if self._is_outdated(key))
        self._found.append(found)
        self._left += len(found)
        if not self._unseen:
            self._in_order = merge(*self._found)
        return None

    def _is_outdated(self, key: bytes) -> bool:
        judgement = self._rows.judgement(key)
        answer = self._answers.get(judgement)
        if answer is None:
            version, slots = self._rows.judged_by(key)
            answer = self._answers[judgement] = version != self._wanted and self._touched(version, slots)
        return answer
