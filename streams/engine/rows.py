"""The rows of one shard: bytes until touched, decoded while worked on, bytes again when there are too many."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from streams.engine.row import (
    Head,
    Row,
    carries_outbox,
    head_of,
    judged_by,
    judgement,
    outbox_of,
    pack,
    wake_and_feed,
    without_outbox,
)
from streams.engine.slots import Slots
from streams.engine.states import States

Call = tuple[Any, Callable[[Any, Any, Any, int], Iterable[Any]], Any, int]
"""One call made on a state: process, function of (process, state, argument, now), argument, now."""


class Rows:
    """Every key's row. A key is either cold (bytes) or hot (decoded), never both."""

    def __init__(self, states: States, hot_max: int) -> None:
        """`hot_max`: decoded rows kept after a cut; the ones decoded longest ago go back to bytes."""
        self._states = states
        self._hot_max = hot_max
        self._cold: dict[bytes, bytes] = {}
        self._hot: dict[bytes, Row] = {}

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self._cold) + len(self._hot)

    def __contains__(self, key: bytes) -> bool:
        """Whether the key has been seen."""
        return key in self._hot or key in self._cold

    def get(self, key: bytes) -> Row | None:
        """The decoded row of a key; None where there is none."""
        row = self._hot.get(key)
        if row is None:
            raw = self._cold.get(key)
            if raw is None:
                return None
            head = head_of(raw)
            row = Row(head, self._states.decode(raw[head.state_at : head.state_end], head.shape), raw)
            del self._cold[key]
            self._hot[key] = row
        return row

    def add(self, key: bytes, row: Row) -> None:
        """Keep the row of a new key."""
        self._hot[key] = row

    def load(self, key: bytes, raw: bytes | None) -> None:
        """Take a row as it was written; a later one of the same key wins, None removes the key."""
        self._hot.pop(key, None)
        if raw is None:
            self._cold.pop(key, None)
        else:
            self._cold[key] = raw

    def wake_and_feed(self, key: bytes) -> tuple[int, str]:
        """When an existing key is due and by whose horizon, as of the last cut."""
        row = self._hot.get(key)
        return wake_and_feed(self._cold[key] if row is None else row.base)

    def feed(self, key: bytes) -> str:
        """By whose horizon an existing key is due."""
        row = self._hot.get(key)
        return wake_and_feed(self._cold[key])[1] if row is None else row.feed

    def judged_otherwise(self, registry: str, touched: Callable[[str, Slots], bool]) -> list[bytes]:
        """Keys judged by another registry version that `touched` says concerns them; no cold row is decoded.

        `touched` is asked once for each pair of a version and slots.
        """
        answers: dict[bytes, bool] = {}
        found: list[bytes] = []
        for key, raw in self._cold.items():
            judged = judgement(raw)
            answer = answers.get(judged)
            if answer is None:
                version, slots = judged_by(raw)
                answer = answers[judged] = version != registry and touched(version, slots)
            if answer:
                found.append(key)
        ask = cache(touched)
        hot = self._hot.items()
        return found + [key for key, row in hot if row.registry != registry and ask(row.registry, row.slots)]

    def repair(self, row: Row, start: Callable[[], Any]) -> None:
        """Bring back the state as it was before a call that raised; `start` makes the state of a new key."""
        if row.base:
            head = head_of(row.base)
            state = self._states.decode(row.base[head.state_at : head.state_end], head.shape)
        else:
            state = start()
        for process, function, argument, now_ms in row.since:
            list(function(process, state, argument, now_ms))  # pure: the same calls give the same state
        row.state = state

    def encode(self, key: bytes, wake_ms: int, checkpoint: int, epoch: int) -> bytes:
        """The bytes of a hot row for this checkpoint, its outbox included; the row then stands as written."""
        row = self._hot[key]
        head = Head(
            wake_ms=wake_ms,
            checkpoint=checkpoint,
            last=row.last,
            version=row.version,
            feed=row.feed,
            incarnation=row.incarnation,
            registry=row.registry,
            quarantined=row.quarantined,
            epoch=epoch,
            shape=self._states.shape,
            slots=row.slots,
        )
        raw = pack(head, self._states.encode(row.state), row.outbox)
        row.base = without_outbox(raw, head_of(raw)) if row.outbox else raw
        row.since.clear()
        row.outbox = []
        return raw

    def cool(self) -> None:
        """Turn decoded rows beyond the bound into bytes; every row must stand as written."""
        while len(self._hot) > self._hot_max:
            key = next(iter(self._hot))
            self._cold[key] = self._hot.pop(key).base

    def written(self) -> Iterator[tuple[bytes, bytes]]:
        """Every key with its row as last written."""
        yield from self._cold.items()
        for key, row in self._hot.items():
            yield key, row.base

    def unsent(self, acknowledged: int) -> Iterator[Any]:
        """The outputs that rows of later checkpoints carry; to be asked before anything is worked on."""
        for raw in self._cold.values():
            if carries_outbox(raw):
                head = head_of(raw)
                if head.checkpoint > acknowledged:
                    yield from outbox_of(raw, head)

    def forget_outboxes(self) -> None:
        """Drop the outputs that rows carry: they have been acknowledged."""
        for key, raw in self._cold.items():
            if carries_outbox(raw):
                self._cold[key] = without_outbox(raw, head_of(raw))
