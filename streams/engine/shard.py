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
from streams.engine.aside import LEAD_MS, Aside, check_key, check_lead, check_stamp, explained
from streams.engine.counts import Counts
from streams.engine.log import Record
from streams.engine.memory import Cut, Memory
from streams.engine.outdated import Outdated
from streams.engine.process import AnyProcess
from streams.engine.row import Head, Row, Sent
from streams.engine.rows import Rows
from streams.engine.standing import Standing
from streams.engine.states import States
from streams.engine.subjects import LITTLE, Call, Subjects

_WAKES = 100
"""Of one subject that fire in one step."""


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
        stride: int = 1,
        little: int = LITTLE,
        on_dead: Callable[[DeadLetter], None] | None = None,
        counts: Counts | None = None,
    ) -> None:
        """Start empty.

        `partitions`: of the input topic. `incarnation`: names the broker whose offsets count. `registry`: the version
        to judge by until a mark or a restored row says otherwise; empty: the process as it is. `urgent`: names of
        topics whose outputs should not wait for the next regular checkpoint. `coalesced`: names of topics of which
        only the last output of a key matters within one cut. `lead_ms`: how far ahead of its arrival an event may lie.
        `stride`: records a step of `work`. `little`: see `Subjects`. `on_dead`: told each dead letter. `counts`: goes
        on counting here.
        """
        self.name = process.name
        self.partition = partition
        self.counts = counts or Counts()
        self.active = False
        self._partitions = partitions
        self._stride = stride
        self._lead_ms = lead_ms
        self._decode = decoder_of(process.input)
        standing = Standing(incarnation=incarnation, registry=registry)
        self._memory = Memory(Rows(States(process), hot_max), standing)
        self._memory.coalesced = coalesced
        self._aside = Aside(self.name, f"{process.input.name}/{partition}", self._memory, self.counts, on_dead)
        self._subjects = Subjects(process, self._memory, self.counts, self._aside, urgent, little)
        self._outdated = self._look_through()

    def size(self) -> int:
        """How many bytes all rows have as written; goes through all of them."""
        return self._memory.rows.size()

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self._memory.rows)

    @property
    def hurry(self) -> bool:
        """Whether outputs wait that should not wait for the next regular checkpoint."""
        return self._subjects.hurry

    @property
    def settled(self) -> bool:
        """Whether everything is written, acknowledged and planned."""
        return not self._outdated and self._memory.settled

    def state(self, key: str) -> Any:
        """The state of a key, for tests; None where there is none."""
        row = self._memory.rows.get(key.encode())
        return None if row is None else row.state

    # ---- events, marks, time

    def work(self, records: Sequence[Record]) -> Iterator[None]:
        """Work through records in order; one step a `stride` of records, a mark or some wakes it fires."""
        self.counts.batches += 1
        for start in range(0, len(records), self._stride):
            some = iter(records[start : start + self._stride])
            while (mark := self._events(some)) is not None:
                yield from self._mark(mark)
                yield
            yield

    def tick(self, now_ms: int) -> Iterator[None]:
        """Fire the wakes of subjects without a feed up to the clock."""
        return self._fire("", now_ms, None)

    def replan(self) -> Iterator[None]:
        """Look for what was judged by another registry version, then re-plan it, the next due first."""
        while self._outdated:
            key = self._outdated.step()
            if key is not None:
                self._open(key)
            yield

    def _look_through(self) -> Outdated:
        return Outdated(self._memory.rows, self._memory.standing.registry, self._subjects.touched)

    def _events(self, records: Iterator[Record]) -> Record | None:
        """Work through records up to a mark, which is handed back, or to their end."""
        memory, process, call = self._memory, self._subjects.process, self._subjects.call
        read, topic, lead_ms = self._decode, process.input, self._lead_ms
        hot, standing, counts = memory.rows.hot, memory.standing, self.counts
        registry, incarnation, on_event = standing.registry, standing.incarnation, process.on_event
        for record in records:
            key, offset, timestamp = record.key or b"", record.offset, record.timestamp
            row = hot.get(key)
            if row is None or offset <= row.last or record.headers:
                if key == MARK_KEY:
                    return record
                row = self._admit(record, key)
                if row is None:
                    continue
            counts.processed += 1
            try:
                check_stamp(timestamp)
                event = read(record.value or b"")
                until_ms = process.occurred_ms(event)
                if until_ms - timestamp > lead_ms:
                    check_lead(event, until_ms, timestamp, lead_ms)
            except Exception as error:  # what it is about cannot be trusted: nothing is touched
                self._aside.record(record, key, explained(topic, record.value, error))
                self._subjects.forget_fresh(key, row)
                continue
            if row.registry != registry or row.wake_ms <= until_ms:
                self._catch_up(key, row, min(until_ms, timestamp), timestamp)
            failure = call(key, row, made := Call(on_event, timestamp, timestamp, record), event)
            if failure is not None:
                self._subjects.set_aside(key, row, made, failure)
                if self._subjects.forget_fresh(key, row):
                    continue
                memory.touch(key, row)
            row.last, row.incarnation = offset, incarnation
        return None

    def _admit(self, record: Record, key: bytes) -> Row | None:
        """The row that a record is for; a fresh one for a new key. None where the record is not to be worked on."""
        if record.headers and not self._memory.fences.admits(record):
            self.counts.fenced += 1
            self._memory.pass_over()
            return None
        row = self._memory.rows.get(key)
        if row is None:
            return self._new_row(record, key)
        if self._memory.seen(row, record.offset):
            self.counts.skipped += 1
            self._memory.pass_over()
            return None
        return row

    def _new_row(self, record: Record, key: bytes) -> Row | None:
        standing = self._memory.standing
        try:
            check_key(key, self.partition, self._partitions)
            state = self._subjects.process.start(key.decode())
        except Exception as error:  # nothing can be said of this key
            self.counts.processed += 1
            self._aside.record(record, key, error)
            return None
        row = Row(Head(incarnation=standing.incarnation, registry=standing.registry), state, b"")
        self._memory.rows.hot[key] = row
        return row

    def _catch_up(self, key: bytes, row: Row, until_ms: int, known_ms: int) -> None:
        """What comes before an event: the registry version in force, and the wakes up to then."""
        self._subjects.keep_current(key, row)
        self._subjects.fire(key, row, row.feed, until_ms, known_ms)

    def _mark(self, record: Record) -> Iterator[None]:
        try:
            check_stamp(record.timestamp)
            mark = decode_mark(record.value or b"")
        except UnreadableError as error:
            self._aside.record(record, MARK_KEY, error)
            return
        self._memory.pass_over()
        if isinstance(mark, HorizonMark):
            yield from self._fire(mark.feed, min(to_ms(mark.horizon_at), record.timestamp), record)
        else:
            self._switch(mark, record)

    def _switch(self, mark: RegistryMark, record: Record) -> None:
        standing = self._memory.standing
        if mark.version == standing.registry or record.offset <= standing.registry_offset:
            return
        self._subjects.judge_by(mark.version)
        self._memory.move(
            msgspec.structs.replace(
                standing, registry=mark.version, registry_ms=record.timestamp, registry_offset=record.offset
            )
        )
        self._outdated = self._look_through()

    def _fire(self, feed: str, until_ms: int, mark: Record | None) -> Iterator[None]:
        known_ms = mark.timestamp if mark is not None else None
        for _, key in self._memory.wakes.due(feed, until_ms):
            row = self._open(key)
            if mark is not None and self._memory.seen(row, mark.offset):
                continue  # a replayed mark: this row has seen what came after it
            while (fired := self._subjects.fire(key, row, feed, until_ms, known_ms, _WAKES)) == _WAKES:
                yield
                row = self._open(key)  # a cut may have come in between
            if fired and mark is not None:
                row.last, row.incarnation = mark.offset, self._memory.standing.incarnation
            yield

    def _open(self, key: bytes) -> Row:
        row = self._memory.existing(key)
        self._subjects.keep_current(key, row)
        return row

    # ---- writing and restoring

    def cut(self) -> Cut | None:
        """Everything that changed since the last cut, as bytes; None where nothing did."""
        self._subjects.hurry = False
        self._subjects.seal_all()
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
        self._subjects.judge_by(self._memory.standing.registry)
        self._outdated = self._look_through()
        self.active = True

    def written(self) -> Iterator[tuple[bytes, bytes]]:
        """The shard's own record and every row as last written; complete where `settled`."""
        return self._memory.written()
