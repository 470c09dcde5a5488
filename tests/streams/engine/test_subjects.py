from collections.abc import Iterator
from typing import Any

import pytest

from streams.contracts.codec import decode, encode
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark
from streams.engine.aside import Aside
from streams.engine.counts import Counts
from streams.engine.due import FAR
from streams.engine.log import STATE_BYTES_MAX
from streams.engine.memory import Memory
from streams.engine.process import Output
from streams.engine.row import Head, Row
from streams.engine.rows import Rows
from streams.engine.shard import Shard
from streams.engine.simulated.log import Kept
from streams.engine.slots import Slots
from streams.engine.standing import Standing
from streams.engine.states import States
from streams.engine.subjects import LITTLE, Call, Subjects
from tests.streams.engine.toy import TOLD, Counted, Counter, Note, Restless


class Bench:
    """One row and what is needed to call the process on it."""

    def __init__(self, registry: str = "", process: Counter | None = None, little: int = 0) -> None:
        """`little`: bytes of a state that is packed after each call; of none, if nothing is said."""
        self.counts = Counts()
        self.letters: list[DeadLetter] = []
        process = process or Counter()
        self.memory = Memory(Rows(States(process), 10), Standing(registry=registry))
        aside = Aside("counter", "notes/0", self.memory, self.counts, self.letters.append)
        self.subjects = Subjects(process, self.memory, self.counts, aside, frozenset({TOLD.name}), little)
        self.row = Row(Head(registry=registry), Counted("a"), b"")
        self.memory.rows.hot[b"a"] = self.row

    def note(self, at_ms: int, **fields: str) -> Exception | None:
        note = Note(occurred_ms=at_ms, **fields)  # type: ignore[arg-type]
        record = Kept(at_ms, at_ms, b"a", encode(note))
        return self.subjects.call(b"a", self.row, Call(self.subjects.process.on_event, at_ms, at_ms, record), note)

    def sealed(self, at_ms: int, **fields: str) -> list[str]:
        """A note that goes well up to its packing; the reasons of all letters then."""
        assert self.note(at_ms, **fields) is None
        self.subjects.seal_all()
        return [letter.reason for letter in self.letters]


def test_a_call_moves_the_row_on_with_its_wake_and_its_outputs() -> None:
    bench = Bench()
    assert bench.note(1_000) is None
    assert (bench.row.state.count, bench.row.wake_ms, bench.row.feed) == (1, 2_000, "notes")
    assert bench.memory.wakes.due("notes", FAR - 1) == [(2_000, b"a")]
    assert [one.topic for one in bench.row.outbox or ()] == [TOLD.name]
    assert bench.subjects.hurry
    assert bench.memory.dirty == {b"a": bench.row}


def test_a_call_that_raises_leaves_the_row_as_it_was() -> None:
    bench = Bench()
    bench.note(1_000)
    before, outbox = bench.row.version, list(bench.row.outbox or ())
    assert isinstance(bench.note(1_500, what="bad"), RuntimeError)
    assert (bench.row.state, bench.row.version, bench.row.outbox) == (
        Counted("a", count=1, quiet_ms=2_000, feed="notes"),
        before,
        outbox,
    )


class Answers(Counter):
    """Tells what it is told to tell."""

    wake: Any = None
    other: Any = ""
    known: Any = Slots(1)
    key: Any = "a"
    filler = ""

    def wake_at(self, state: Counted) -> Any:
        return self.wake

    def feed(self, state: Counted) -> Any:
        return self.other

    def slots(self, state: Counted) -> Any:
        state.key, state.registry = self.key, self.filler
        return self.known

    def touched(self, before: str, slots: Slots) -> bool:
        return True


@pytest.mark.parametrize(
    "answer",
    [
        {"wake": 1 << 63},
        {"wake": 7.5},
        {"wake": -(1 << 70)},
        {"other": "f" * 300},
        {"other": 5},
        {"other": "\ud800"},
    ],
)
def test_a_wake_or_a_feed_that_no_row_could_carry_is_the_fault_of_the_call(answer: dict[str, Any]) -> None:
    process = Answers()
    bench = Bench(process=process)
    assert bench.sealed(1_000) == []
    vars(process).update(answer)
    assert isinstance(bench.note(2_000), Exception)
    assert (bench.row.state.count, bench.row.slots, bench.row.feed, bench.row.wake_ms) == (1, Slots(1), "", FAR)
    cut = bench.memory.cut()
    assert cut is not None
    assert len(cut.rows) == 2


@pytest.mark.parametrize("known", [Slots(-1), Slots(1 << 32), Slots(0, 0, 0.5), None])  # type: ignore[arg-type]
def test_slots_that_no_row_could_carry_are_the_fault_of_the_call(known: Any) -> None:
    process = Answers()
    bench = Bench(process=process)
    assert bench.sealed(1_000) == []
    process.known = known
    assert len(bench.sealed(2_000)) == 1
    assert (bench.row.state.count, bench.row.slots, bench.row.feed, bench.row.wake_ms) == (1, Slots(1), "", FAR)
    cut = bench.memory.cut()
    assert cut is not None
    assert len(cut.rows) == 2


def test_a_call_whose_state_cannot_be_packed_leaves_its_slots_as_they_were() -> None:
    process = Answers()
    bench = Bench(process=process)
    bench.sealed(1_000)
    vars(process).update(known=Slots(2), wake=5_000, key=object())
    [reason] = bench.sealed(2_000)
    assert reason.startswith("TypeError")
    assert (bench.row.slots, bench.row.wake_ms) == (Slots(1), FAR)


class Brittle(Counter):
    """A sour note leaves what cannot be packed."""

    def on_event(self, state: Counted, event: Note, now_ms: int) -> Iterator[Output]:
        """Count."""
        yield from super().on_event(state, event, now_ms)
        if event.what == "sour":
            state.registry, state.sour = object(), False  # type: ignore[assignment]


def test_of_several_calls_before_a_packing_only_the_guilty_one_is_set_aside() -> None:
    bench = Bench(process=Brittle())
    bench.note(1_000)
    bench.note(1_001, what="sour")
    assert bench.subjects.fire(b"a", bench.row, "notes", 2_500, 2_500)
    assert len(bench.sealed(3_000)) == 1
    assert [letter.place for letter in bench.letters] == ["notes/0/1001"]
    assert bench.row.state == Counted("a", count=2, quiet_ms=4_000, feed="notes")
    assert [decode(TOLD, one.value).told_id for one in bench.row.outbox or ()] == ["a:n1", "a:n2"]
    assert (bench.row.version, bench.row.wake_ms) == (3_000_000, 4_000)


def test_what_was_on_its_way_before_the_last_packing_stays_when_calls_are_made_again() -> None:
    bench = Bench(process=Brittle())
    bench.sealed(1_000)
    bench.note(1_500)
    assert len(bench.sealed(1_600, what="sour")) == 1
    assert [one.known_ms for one in bench.row.outbox or ()] == [1_000, 1_500]
    assert bench.memory.wakes.due("notes", FAR - 1) == [(2_500, b"a")]


def test_a_little_state_is_packed_after_each_call_and_a_guilty_one_known_at_once() -> None:
    bench = Bench(process=Brittle(), little=LITTLE)
    bench.sealed(1_000)
    assert bench.note(1_001) is None
    assert (bench.row.calls, bench.row.base) == (None, None)
    assert isinstance(bench.note(1_002, what="sour"), TypeError)
    assert bench.note(1_003) is None
    assert bench.row.state == Counted("a", count=3, quiet_ms=2_003, feed="notes")
    assert bench.memory.rows.pack_state(bench.row.state) == bench.row.packed
    assert [one.known_ms for one in bench.row.outbox or ()] == [1_000, 1_001, 1_003]


def test_slots_that_a_little_state_brings_are_known_at_once() -> None:
    process = Answers()
    bench = Bench(process=process, little=LITTLE)
    bench.sealed(1_000)
    process.known = Slots(2)
    assert bench.note(2_000) is None
    assert bench.row.slots == Slots(2)
    process.known = Slots(-1)
    assert isinstance(bench.note(3_000), Exception)
    assert (bench.row.slots, bench.row.state.count) == (Slots(2), 2)


def test_a_new_key_whose_state_cannot_be_packed_is_forgotten() -> None:
    bench = Bench(process=Brittle())
    assert len(bench.sealed(1_000, what="sour")) == 1
    assert (bench.memory.rows.hot, bench.memory.dirty) == ({}, {})
    assert bench.memory.wakes.due("notes", FAR - 1) == []


def test_after_a_call_that_raised_the_ones_before_it_are_made_again_without_their_outputs() -> None:
    bench = Bench()
    for at_ms in (1_000, 1_001):
        bench.note(at_ms)
    bench.subjects.fire(b"a", bench.row, "notes", 2_500, 2_500)
    told = list(bench.row.outbox or ())
    assert isinstance(bench.note(3_000, what="bad"), RuntimeError)
    assert bench.row.state == Counted("a", count=2, quiets=1, feed="notes")
    assert (bench.row.outbox, bench.row.calls) == (told, None)


def test_wakes_fire_in_their_own_time_and_those_of_another_feed_do_not() -> None:
    bench = Bench()
    bench.note(1_000)
    assert not bench.subjects.fire(b"a", bench.row, "other", 9_000, 9_000)
    assert not bench.subjects.fire(b"a", bench.row, "notes", 1_999, 9_000)
    assert bench.subjects.fire(b"a", bench.row, "notes", 9_000, 9_000)
    assert (bench.row.state.quiets, bench.row.wake_ms, bench.counts.fired) == (1, FAR, 1)


def test_a_state_too_large_for_its_record_is_the_fault_of_the_call() -> None:
    process = Answers()
    bench = Bench(process=process)
    bench.note(1_000)
    process.filler = "a" * (STATE_BYTES_MAX // 2)
    assert bench.sealed(2_000) == []
    process.filler *= 2
    assert "the state would have" in bench.sealed(3_000)[0]
    assert (bench.row.state.count, bench.row.version) == (2, 2_000_000)


def test_outputs_of_one_row_wait_in_the_order_of_its_calls() -> None:
    bench = Bench()
    for at_ms in (1_000, 1_001, 1_002):
        bench.note(at_ms)
    assert [one.known_ms for one in bench.row.outbox or ()] == [1_000, 1_001, 1_002]


def test_of_many_wakes_no_more_fire_at_once_than_asked_for() -> None:
    bench = Bench(process=Restless())
    bench.note(0)
    assert bench.subjects.fire(b"a", bench.row, "notes", 10**9, 9, 3) == 3
    assert bench.row.wake_ms == 4_000


def test_very_many_wakes_of_one_key_leave_turns_to_others_and_are_not_lost_where_it_ends_between() -> None:
    until_ms = 1_000_500
    shard = Shard(Restless(), 0, partitions=1)
    shard.activate()
    mark = Kept(2, until_ms, MARK_KEY, encode(HorizonMark(feed="notes", horizon_at=from_ms(until_ms))))
    steps = shard.work([Kept(1, 1, b"a", encode(Note(occurred_ms=1))), mark])
    for _ in range(4):
        next(steps)
    first = shard.cut()
    assert first is not None
    assert 100 < shard.counts.fired < 1_000
    other = Shard(Restless(), 0, partitions=1, hot_max=0)
    for key, raw in first.rows:
        other.load(key, raw)
    assert other.unsent() == first.outputs
    other.activate()
    sent = list(first.outputs)
    for _ in other.work([mark, Kept(3, until_ms, b"a", encode(Note(occurred_ms=until_ms)))]):
        sent += getattr(other.cut(), "outputs", [])
    assert [decode(TOLD, one.value).told_id for one in sent] == [
        "a:n1",
        *(f"a:q1:{ms}" for ms in range(1_001, until_ms, 1_000)),
        "a:n2",
    ]


def test_a_wake_that_raises_puts_the_subject_into_quarantine_until_the_next_event() -> None:
    bench = Bench()
    bench.note(1_000, what="sour")
    bench.subjects.fire(b"a", bench.row, "notes", 9_000, 9_000)
    assert (bench.row.quarantined, bench.row.wake_ms, bench.row.state.quiets) == (True, FAR, 0)
    assert [letter.place for letter in bench.letters] == ["counter/wake/2000"]
    bench.note(9_500)
    assert (bench.row.quarantined, bench.row.wake_ms) == (False, 10_500)


def test_a_row_judged_by_another_version_is_planned_again_once() -> None:
    bench = Bench("v2")
    bench.row.registry = "v1"
    for _ in range(2):
        bench.subjects.keep_current(b"a", bench.row)
    assert (bench.row.registry, bench.row.state.registry, bench.counts.replanned) == ("v2", "v2", 1)
