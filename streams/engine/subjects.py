"""What happens to one subject: guarded calls of its process, its wakes, a change of the registry version.

A call that raises leaves the subject as it was. Nothing here knows of records or of their order, see `shard`.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

from streams.engine.aside import Aside
from streams.engine.counts import Counts
from streams.engine.due import FAR, NEVER
from streams.engine.log import STATE_BYTES_MAX
from streams.engine.memory import Memory
from streams.engine.outbox import stamp
from streams.engine.process import AnyProcess, Output, Selective
from streams.engine.row import Row, Sent, check_row
from streams.engine.slots import Slots


class Subjects:
    """Calls one process on the rows of a shard."""

    def __init__(
        self, process: AnyProcess, memory: Memory, counts: Counts, aside: Aside, urgent: frozenset[str]
    ) -> None:
        """`urgent`: names of topics whose outputs should not wait; `hurry` tells that there are some."""
        self.hurry = False
        self._plain = process
        self._memory = memory
        self._counts = counts
        self._aside = aside
        self._urgent = urgent
        self._pack = memory.rows.pack_state
        self.judge_by(memory.standing.registry)

    def judge_by(self, registry: str) -> None:
        """From now on this registry version holds; empty: the process as it is."""
        self.process = self._plain.at(registry) if registry else self._plain
        self._selective: Selective | None = self.process if isinstance(self.process, Selective) else None

    def touched(self, before: str, slots: Slots) -> bool:
        """Whether a subject of these slots, judged by version `before`, may be judged otherwise now."""
        return self._selective is None or self._selective.touched(before, slots)

    def call(
        self,
        key: bytes,
        row: Row,
        function: Callable[..., Iterable[Output]],
        event: Any,
        now_ms: int,
        known_ms: int,
        beyond_ms: int = NEVER,
    ) -> Exception | None:
        """Call the process; on success the row has moved on, on failure it is as it was and the error comes back.

        `event` is None where the function takes none. The next wake must lie beyond `beyond_ms`.
        """
        process = self.process
        try:
            outputs = function(row.state, now_ms) if event is None else function(row.state, event, now_ms)
            sent, version = stamp(outputs, row.version, known_ms) if outputs else (None, row.version)
            wake_ms = process.wake_at(row.state)
            if wake_ms is None:
                wake_ms = FAR
            elif wake_ms <= beyond_ms:
                raise RuntimeError(f"wake_at {wake_ms} did not move past {beyond_ms}")
            feed = process.feed(row.state)
            slots = row.slots if self._selective is None else self._selective.slots(row.state)
            moved, shifted = wake_ms != row.wake_ms or feed != row.feed, slots != row.slots
            packed = self._pack(row.state)
            if moved or shifted or len(packed) > STATE_BYTES_MAX:
                check_row(wake_ms, feed, slots, packed)
        except Exception as error:  # one key never stops a partition
            self._memory.rows.repair(row, process.start, key)
            return error
        row.packed = packed
        if shifted:
            row.slots = slots
        row.version = version
        row.quarantined = False
        row.registry = self._memory.standing.registry
        if sent:
            if row.outbox:
                row.outbox += sent
            else:
                row.outbox = sent
            self._note_hurry(sent)
        if moved:
            self._memory.plan(key, row, feed, wake_ms)
        if not row.dirty:
            self._memory.touch(key, row)
        return None

    def fire(self, key: bytes, row: Row, feed: str, until_ms: int, known_ms: int | None, most: float = math.inf) -> int:
        """Fire a subject's wakes in order, this many at most; how many there were.

        `known_ms` None: each is known at its own time.
        """
        fired = 0
        while row.feed == feed and row.wake_ms <= until_ms and fired < most:
            fired, wake_ms = fired + 1, row.wake_ms
            self._counts.fired += 1
            self._counts.overslept_ms += until_ms - wake_ms
            known = wake_ms if known_ms is None else known_ms
            failure = self.call(key, row, self.process.on_time, None, wake_ms, known, wake_ms)
            if failure is not None:
                self._quarantine(key, row, f"wake/{wake_ms}", known_ms or wake_ms, failure)
        return fired

    def keep_current(self, key: bytes, row: Row) -> None:
        """Re-plan a row that was judged by another registry version, before anything else happens to it."""
        standing = self._memory.standing
        if row.registry == standing.registry or not self.touched(row.registry, row.slots):
            return
        self._counts.replanned += 1
        now_ms = standing.registry_ms
        failure = self.call(key, row, self.process.on_registry, None, now_ms, now_ms)
        if failure is not None:
            self._quarantine(key, row, f"registry/{standing.registry}", now_ms, failure)
            row.registry = standing.registry

    def _quarantine(self, key: bytes, row: Row, place: str, known_ms: int, error: Exception) -> None:
        """Nothing wakes this key until its next event or registry version."""
        place = f"{self._plain.name}/{place}"
        row.quarantined = True
        self._memory.plan(key, row, row.feed, FAR)
        self._memory.touch(key, row)
        self._counts.quarantined += 1
        self._aside.put(place, place.encode(), key, known_ms, error)

    def _note_hurry(self, sent: list[Sent]) -> None:
        for one in sent:
            if one.topic in self._urgent:
                self.hurry = True
