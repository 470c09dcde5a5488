"""A shard: all keys of one process in one partition, their time, and what of them is not yet written; no brokers.

`work`, `tick` and `replan` are walked step by step; between two steps a cut may be taken and anything else be called.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from streams.contracts.codec import decode_mark, decoder_of
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import to_ms
from streams.contracts.mark import MARK_KEY, HorizonMark, RegistryMark
from streams.engine.aside import LEAD_MS, Aside, check_key, check_lead, read_event
from streams.engine.calls import call_event, call_registry, call_time
from streams.engine.counts import Counts
from streams.engine.due import FAR
from streams.engine.log import Record
from streams.engine.memory import Cut, Memory
from streams.engine.outbox import stamp
from streams.engine.process import AnyProcess, Selective
from streams.engine.row import Head, Row, Sent
from streams.engine.rows import Rows
from streams.engine.slots import Slots
from streams.engine.standing import Standing
from streams.engine.states import States


class Shard:
    """The keys of one process in one partition."""

    def __init__(
        self,
        process: AnyProcess,
        partition: int,
        *,
        partitions: int,
        incarnation: str = "",
        registry: str = "",
        urgent: frozenset[str] = frozenset(),
        coalesced: frozenset[str] = frozenset(),
        hot_max: int = 100_000,
        lead_ms: int = LEAD_MS,
        on_dead: Callable[[DeadLetter], None] | None = None,
        counts: Counts | None = None,
    ) -> None:
        """Start empty.

        `partitions`: of the input topic. `incarnation`: names the broker whose offsets count. `registry`: the version
        to judge by until a mark or a restored row says otherwise; empty: the process as it is. `urgent`: names of
        topics whose outputs should not wait for the next regular checkpoint. `coalesced`: names of topics of which
        only the last output of a key matters within one cut. `lead_ms`: how far ahead of its arrival an event may lie.
        `on_dead`: told each dead letter. `counts`: goes on counting here.
        """
        self.name = process.name
        self.partition = partition
        self.counts = counts or Counts()
        self.hurry = False
        self.active = False
        self._plain = process
        self._judge_by(registry)
        self._partitions = partitions
        self._urgent, self._lead_ms = urgent, lead_ms
        self._decode = decoder_of(process.input)
        standing = Standing(incarnation=incarnation, registry=registry)
        self._memory = Memory(Rows(States(process), hot_max), standing)
        self._memory.coalesced = coalesced
        self._aside = Aside(self.name, f"{process.input.name}/{partition}", self._memory, self.counts, on_dead)
        self._stale: list[bytes] = []

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self._memory.rows)

    @property
    def settled(self) -> bool:
        """Whether everything is written, acknowledged and planned."""
        return not self._stale and self._memory.settled

    def state(self, key: str) -> Any:
        """The state of a key, for tests; None where there is none."""
        row = self._memory.rows.get(key.encode())
        return None if row is None else row.state

    # ---- events, marks, time

    def work(self, records: Sequence[Record]) -> Iterator[None]:
        """Work through records in order; one step a record, a fired wake or a refused one."""
        for record in records:
            if record.key == MARK_KEY:
                yield from self._mark(record)
            else:
                self._record(record)
            yield

    def tick(self, now_ms: int) -> Iterator[None]:
        """Fire the wakes of subjects without a feed up to the clock."""
        return self._fire("", now_ms, None)

    def replan(self) -> Iterator[None]:
        """Re-plan what was judged by another registry version, the next due first."""
        while self._stale:
            self._open(self._stale.pop())
            yield

    def _record(self, record: Record) -> None:
        if record.headers and not self._memory.fences.admits(record):
            self.counts.fenced += 1
            self._memory.pass_over()
            return
        key, timestamp = record.key or b"", record.timestamp
        row = self._memory.rows.get(key)
        if row is not None and self._memory.seen(row, record.offset):
            self.counts.skipped += 1
            self._memory.pass_over()
            return
        self.counts.processed += 1
        fresh = row is None
        try:
            if row is None:
                row = self._new_row(key)
            event = read_event(self._plain.input, self._decode, record.value)
            until_ms = min(check_lead(event, self._process.occurred_ms(event), timestamp, self._lead_ms), timestamp)
        except Exception as error:  # what it is about cannot be trusted: nothing is touched
            self._aside.record(record, key, error)
            return
        if not fresh:
            self._keep_current(key, row)
            self._fire_row(key, row, row.feed, until_ms, timestamp)
        failure = self._call(key, row, call_event, event, timestamp, timestamp)
        if failure is not None:
            self._aside.record(record, key, failure)
            if fresh:
                return
        elif fresh:
            self._memory.rows.add(key, row)
        self._memory.see(key, row, record.offset)

    def _new_row(self, key: bytes) -> Row:
        check_key(key, self.partition, self._partitions)
        standing = self._memory.standing
        head = Head(incarnation=standing.incarnation, registry=standing.registry)
        return Row(head, self._process.start(key.decode()), b"")

    def _mark(self, record: Record) -> Iterator[None]:
        try:
            mark = decode_mark(record.value or b"")
        except UnreadableError as error:
            self._aside.record(record, MARK_KEY, error)
            return
        self._memory.pass_over()
        if isinstance(mark, HorizonMark):
            yield from self._fire(mark.feed, min(to_ms(mark.horizon_at), record.timestamp), record)
        else:
            self._switch(mark, record)

    def _judge_by(self, registry: str) -> None:
        self._process = self._plain.at(registry) if registry else self._plain
        self._selective: Selective | None = self._process if isinstance(self._process, Selective) else None

    def _switch(self, mark: RegistryMark, record: Record) -> None:
        standing = self._memory.standing
        if mark.version == standing.registry or record.offset <= standing.registry_offset:
            return
        self._judge_by(mark.version)
        self._memory.move(
            msgspec.structs.replace(
                standing, registry=mark.version, registry_ms=record.timestamp, registry_offset=record.offset
            )
        )
        self._stale = self._memory.judged_otherwise(self._touched)

    def _fire(self, feed: str, until_ms: int, mark: Record | None) -> Iterator[None]:
        for _, key in self._memory.wakes.due(feed, until_ms):
            row = self._open(key)
            if mark is not None and self._memory.seen(row, mark.offset):
                continue  # a replayed mark: this row has seen what came after it
            fired = self._fire_row(key, row, feed, until_ms, mark.timestamp if mark is not None else None)
            if fired and mark is not None:
                self._memory.see(key, row, mark.offset)
            yield

    def _fire_row(self, key: bytes, row: Row, feed: str, until_ms: int, known_ms: int | None) -> bool:
        """Fire one key's wakes in order; `known_ms` None: each is known at its own time."""
        fired = False
        while row.feed == feed and (wake_ms := self._memory.wakes.wake_of(feed, key)) <= until_ms:
            fired = True
            self.counts.fired += 1
            failure = self._call(key, row, call_time, None, wake_ms, wake_ms if known_ms is None else known_ms)
            if failure is not None:
                self._quarantine(key, row, f"{self.name}/wake/{wake_ms}", known_ms or wake_ms, failure)
        return fired

    def _open(self, key: bytes) -> Row:
        row = self._memory.existing(key)
        self._keep_current(key, row)
        return row

    def _keep_current(self, key: bytes, row: Row) -> None:
        """Re-plan a row that was judged by another registry version, before anything else happens to it."""
        standing = self._memory.standing
        if row.registry == standing.registry or not self._touched(row.registry, row.slots):
            return
        self.counts.replanned += 1
        failure = self._call(key, row, call_registry, None, standing.registry_ms, standing.registry_ms)
        if failure is not None:
            place = f"{self.name}/registry/{standing.registry}"
            self._quarantine(key, row, place, standing.registry_ms, failure)
            row.registry = standing.registry

    def _touched(self, before: str, slots: Slots) -> bool:
        return self._selective is None or self._selective.touched(before, slots)

    # ---- one guarded call

    def _call(self, key: bytes, row: Row, function: Any, argument: Any, now_ms: int, known_ms: int) -> Exception | None:
        """Call the process; on success the row has moved on, on failure it is as it was and the error comes back."""
        process = self._process
        try:
            outputs = list(function(process, row.state, argument, now_ms))
            wake = process.wake_at(row.state)
            if function is call_time and wake is not None and wake <= now_ms:
                raise RuntimeError(f"wake_at {wake} did not move past {now_ms}")
            feed = process.feed(row.state)
            if self._selective is not None:
                row.slots = self._selective.slots(row.state)
            sent, version = stamp(outputs, row.version, known_ms) if outputs else ([], row.version)
        except Exception as error:  # one key never stops a partition
            self._memory.rows.repair(row, lambda: process.start(key.decode()))
            return error
        row.since.append((process, function, argument, now_ms))
        row.version = version
        row.quarantined = False
        row.registry = self._memory.standing.registry
        if sent:
            row.outbox += sent
            self._note_hurry(sent)
        if feed != row.feed:
            self._memory.wakes.put(row.feed, key, FAR)
            row.feed = feed
        self._memory.wakes.put(feed, key, FAR if wake is None else wake)
        self._memory.touch(key)
        return None

    def _quarantine(self, key: bytes, row: Row, place: str, known_ms: int, error: Exception) -> None:
        """Nothing wakes this key until its next event or registry version."""
        row.quarantined = True
        self._memory.wakes.put(row.feed, key, FAR)
        self._memory.touch(key)
        self.counts.quarantined += 1
        self._aside.put(place, place.encode(), key, known_ms, error)

    def _note_hurry(self, sent: list[Sent]) -> None:
        if not self.hurry and any(one.topic in self._urgent for one in sent):
            self.hurry = True

    # ---- writing and restoring

    def cut(self) -> Cut | None:
        """Everything that changed since the last cut, as bytes; None where nothing did."""
        self.hurry = False
        return self._memory.cut()

    def acknowledged(self, checkpoint: int) -> None:
        """The rows and outputs of this checkpoint are known to be out."""
        self._memory.acknowledged(checkpoint)

    def load(self, key: bytes, raw: bytes | None) -> None:
        """Take a row or the shard's own record as it was written; later ones win."""
        self._memory.load(key, raw)

    def own(self, epoch: int) -> None:
        """From now on rows are written in this epoch, see `ownership`."""
        self._memory.own(epoch)

    def rewrite(self, keys: Iterable[bytes]) -> None:
        """Void rows of these keys stand in the log behind the good ones: write the good ones again."""
        for key in keys:
            self._memory.rewrite(key)

    def settle(self) -> None:
        """Have the next cut write down what is acknowledged, even if nothing else is new."""
        self._memory.settle()

    def unsent(self) -> list[Sent]:
        """Outputs that a crash may have held back; to be sent and acknowledged before the shard is activated."""
        return self._memory.unsent()

    def activate(self) -> None:
        """Start working: everything is loaded, and what `unsent` told is out."""
        self._memory.taken_over()
        self._judge_by(self._memory.standing.registry)
        self._stale = self._memory.judged_otherwise(self._touched)
        self.active = True

    def written(self) -> Iterator[tuple[bytes, bytes]]:
        """The shard's own record and every row as last written; complete where `settled`."""
        return self._memory.written()
