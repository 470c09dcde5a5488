"""What happens to one subject: guarded calls of its process, its wakes, a change of the registry version.

A call that raises leaves the subject as it was. Little states are packed after each call, others once a checkpoint
(`seal_all`): a row keeps the calls since then, and where one has to be undone, the others are made again, which gives
the same.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from streams.contracts.codec import decoder_of
from streams.engine.aside import Aside
from streams.engine.counts import Counts
from streams.engine.due import FAR, NEVER
from streams.engine.log import Record
from streams.engine.memory import Memory
from streams.engine.outbox import stamp
from streams.engine.process import AnyProcess, Output, Selective
from streams.engine.row import Row, Sent, check_plan, check_size, check_slots
from streams.engine.slots import Slots

LITTLE = 256
"""Bytes of states that are packed after each call: to keep the calls and their records for later would cost more."""


class Call(msgspec.Struct, frozen=True, gc=False):
    """A call of the process: `on_event` with what a record says, or without one `on_time` or `on_registry`.

    `known_ms`: since when its outputs are known. The next wake must lie beyond `beyond_ms`.
    """

    function: Callable[..., Iterable[Output]]
    now_ms: int
    known_ms: int
    record: Record | None = None
    beyond_ms: int = NEVER


class Subjects:
    """Calls one process on the rows of a shard."""

    def __init__(
        self,
        process: AnyProcess,
        memory: Memory,
        counts: Counts,
        aside: Aside,
        urgent: frozenset[str],
        little: int = LITTLE,
    ) -> None:
        """`urgent`: names of topics whose outputs should not wait; `hurry` tells that there are some.

        `little`: bytes of a state; where the last one packed had no more, the next ones are packed after each call.
        """
        self.hurry = False
        self._plain = process
        self._memory = memory
        self._counts = counts
        self._aside = aside
        self._urgent = urgent
        self._pack = memory.rows.pack_state
        self._little, self._at_once = little, little > 0
        self._decode = decoder_of(process.input)
        self.judge_by(memory.standing.registry)

    def judge_by(self, registry: str) -> None:
        """From now on this registry version holds; empty: the process as it is."""
        self.seal_all()
        self.process = self._plain.at(registry) if registry else self._plain
        self._selective: Selective | None = self.process if isinstance(self.process, Selective) else None

    def touched(self, before: str, slots: Slots) -> bool:
        """Whether a subject of these slots, judged by version `before`, may be judged otherwise now."""
        return self._selective is None or self._selective.touched(before, slots)

    def call(self, key: bytes, row: Row, call: Call, event: Any = None) -> Exception | None:
        """Call the process; on success the row has moved on, on failure it is as it was and the error comes back."""
        process, state, packed = self.process, row.state, None
        try:
            function, now_ms = call.function, call.now_ms
            outputs = function(state, now_ms) if event is None else function(state, event, now_ms)
            sent, version = stamp(outputs, row.version, call.known_ms) if outputs else (None, row.version)
            wake_ms = process.wake_at(state)
            if wake_ms is None:
                wake_ms = FAR
            elif wake_ms <= call.beyond_ms:
                raise RuntimeError(f"wake_at {wake_ms} did not move past {call.beyond_ms}")
            feed = process.feed(state)
            moved = wake_ms != row.wake_ms or feed != row.feed
            if moved:
                check_plan(wake_ms, feed)
            if self._at_once and row.calls is None:
                packed = self._packed(row)
        except Exception as error:  # one key never stops a partition
            self._undo(key, row)
            return error
        if packed is None:
            _keep(row, call)
        else:
            row.packed = packed
        row.version = version
        row.quarantined = False
        row.registry = self._memory.standing.registry
        if sent:
            self._send(row, sent)
        if moved:
            self._memory.plan(key, row, feed, wake_ms)
        if not row.dirty:
            self._memory.touch(key, row)
        return None

    def seal_all(self) -> None:
        """Pack the states of all rows that were called since they were packed."""
        for key, row in list(self._memory.dirty.items()):
            if row.calls is not None:
                self.seal(key, row)
                self.forget_fresh(key, row)

    def seal(self, key: bytes, row: Row) -> None:
        """Pack the state of a row that was called.

        Where it cannot be packed one of the calls is guilty: the row goes back to where it stood, and they are made
        once more with a packing after each. Only the guilty ones are set aside.
        """
        calls = row.calls or []
        try:
            row.packed = self._packed(row)
        except Exception as error:  # one key never stops a partition
            self._go_back(key, row)
            if len(calls) == 1:
                self.set_aside(key, row, calls[0], error)
            else:
                for call in calls:
                    self._call_again(key, row, call)
            return
        row.calls = row.base = None

    def _packed(self, row: Row) -> bytes:
        """The state of a row as bytes; on the way the row learns its slots.

        Raises:
            Exception: one of them is nothing that a row could carry; the row is as it was.
        """
        slots = row.slots if self._selective is None else self._selective.slots(row.state)
        packed = self._pack(row.state)
        check_size(packed)
        self._at_once = len(packed) <= self._little
        if slots != row.slots:
            check_slots(slots)
            row.slots = slots
        return packed

    def forget_fresh(self, key: bytes, row: Row) -> bool:
        """Whether the row is of a key that nothing has been done for; it is forgotten then."""
        fresh = not row.packed and row.calls is None
        if fresh:
            self._memory.forget(key, row)
        return fresh

    def _undo(self, key: bytes, row: Row) -> None:
        """Bring the state back to before a call that raised."""
        self._memory.rows.repair(row, self.process.start, key)
        if row.calls is not None:
            for call in row.calls:
                made = (row.state, call.now_ms) if call.record is None else (row.state, self._event(call), call.now_ms)
                for _ in call.function(*made):
                    pass  # its outputs are on their way already
            self.seal(key, row)  # so that the next one that raises has nothing to make again

    def _go_back(self, key: bytes, row: Row) -> None:
        """The row as it stood when its state was packed."""
        base = row.base
        row.calls = row.base = None
        self._memory.rows.repair(row, self.process.start, key)
        if base is not None:
            wake_ms, row.version, feed, row.registry, row.quarantined, on_way = base
            row.outbox = (row.outbox or [])[:on_way]
            self._memory.plan(key, row, feed, wake_ms)

    def _call_again(self, key: bytes, row: Row, call: Call) -> None:
        if call.beyond_ms != NEVER and call.beyond_ms != row.wake_ms:
            return  # the wake was planned by a call that was set aside
        failure = self.call(key, row, call, self._event(call))
        if failure is None:
            self.seal(key, row)
        else:
            self.set_aside(key, row, call, failure)

    def _event(self, call: Call) -> Any:
        return None if call.record is None else self._decode(call.record.value or b"")

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
            call = Call(self.process.on_time, wake_ms, known, None, wake_ms)
            failure = self.call(key, row, call)
            if failure is not None:
                self.set_aside(key, row, call, failure)
        return fired

    def keep_current(self, key: bytes, row: Row) -> None:
        """Re-plan a row that was judged by another registry version, before anything else happens to it."""
        standing = self._memory.standing
        if row.registry == standing.registry or not self.touched(row.registry, row.slots):
            return
        self._counts.replanned += 1
        now_ms = standing.registry_ms
        call = Call(self.process.on_registry, now_ms, now_ms)
        failure = self.call(key, row, call)
        if failure is not None:
            self.set_aside(key, row, call, failure)

    def set_aside(self, key: bytes, row: Row, call: Call, error: Exception) -> None:
        """A call went wrong: its record is set aside; without one nothing wakes the key until its next event."""
        if call.record is not None:
            self._aside.record(call.record, key, error)
        elif call.beyond_ms != NEVER:
            self._quarantine(key, row, f"wake/{call.now_ms}", call.known_ms, error)
        else:
            row.registry = self._memory.standing.registry
            self._quarantine(key, row, f"registry/{row.registry}", call.known_ms, error)

    def _quarantine(self, key: bytes, row: Row, place: str, known_ms: int, error: Exception) -> None:
        """Nothing wakes this key until its next event or registry version."""
        place = f"{self._plain.name}/{place}"
        row.quarantined = True
        self._memory.plan(key, row, row.feed, FAR)
        self._memory.touch(key, row)
        self._counts.quarantined += 1
        self._aside.put(place, place.encode(), key, known_ms, error)

    def _send(self, row: Row, sent: list[Sent]) -> None:
        if row.outbox:
            row.outbox += sent
        else:
            row.outbox = sent
        urgent = self._urgent
        for one in sent:
            if one.topic in urgent:
                self.hurry = True


def _keep(row: Row, call: Call) -> None:
    """Until the state is packed the row remembers what it was called, and how it stood before."""
    if row.calls is None:
        row.calls = [call]
        on_way = len(row.outbox) if row.outbox else 0
        row.base = (row.wake_ms, row.version, row.feed, row.registry, row.quarantined, on_way)
    else:
        row.calls.append(call)
