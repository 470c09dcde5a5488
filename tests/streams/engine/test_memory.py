from streams.engine.due import FAR
from streams.engine.memory import Memory
from streams.engine.row import Head, Row, Sent, gone
from streams.engine.rows import Rows
from streams.engine.standing import PART_BYTES, STANDING_KEY, Standing, part_key
from streams.engine.states import States
from tests.streams.engine.toy import Counted, Counter

SENT = Sent("told", b"k", b"{}", 5)


def _memory(hot_max: int = 10) -> Memory:
    return Memory(Rows(States(Counter()), hot_max), Standing())


def _add(memory: Memory, key: bytes, outbox: list[Sent]) -> Row:
    row = Row(Head(), Counted(key.decode()), b"")
    row.outbox = list(outbox)
    row.packed = memory.rows.pack_state(row.state)
    memory.rows.hot[key] = row
    memory.touch(key, row)
    return row


def _restored(memory: Memory) -> Memory:
    other = _memory()
    for key, raw in memory.written():
        other.load(key, raw)
    return other


def test_nothing_new_is_no_cut() -> None:
    memory = _memory()
    assert memory.cut() is None
    assert memory.settled


def test_a_cut_carries_rows_and_outputs_and_is_settled_only_when_acknowledged() -> None:
    memory = _memory()
    _add(memory, b"a", [SENT])
    cut = memory.cut()
    assert cut is not None
    assert [key for key, _ in cut.rows] == [STANDING_KEY, b"a"]
    assert cut.outputs == [SENT]
    assert not memory.settled
    memory.acknowledged(cut.checkpoint)
    assert memory.settled
    assert memory.cut() is None


def test_very_many_outputs_of_no_row_stand_in_several_records_until_they_are_out() -> None:
    memory = _memory()
    sent = [Sent("told", b"%d" % n, b"x" * PART_BYTES, 5) for n in range(3)]
    memory.send_loose(sent)
    first = memory.cut()
    assert first is not None
    assert [key for key, _ in first.rows] == [STANDING_KEY, part_key(1), part_key(2)]
    other = _memory()
    for key, raw in first.rows:
        other.load(key, raw)
    assert other.unsent() == first.outputs == sent
    other.taken_over()
    assert other.unsent() == []
    other.send_loose([SENT])
    second = other.cut()
    assert second is not None
    assert [key for key, _ in second.rows] == [STANDING_KEY, part_key(1), part_key(2)]
    assert sum(len(raw) for _, raw in second.rows) < 1_000
    third = _memory()
    for key, raw in second.rows:
        third.load(key, raw)
    assert third.unsent() == [SENT]
    other.send_loose([SENT])
    last = other.cut()
    assert last is not None
    assert [key for key, _ in last.rows] == [STANDING_KEY]


def test_outputs_of_a_checkpoint_that_was_not_acknowledged_are_told_after_a_crash() -> None:
    memory = _memory()
    _add(memory, b"a", [SENT])
    first = memory.cut()
    assert first is not None
    other = _memory()
    for key, raw in first.rows:
        other.load(key, raw)
    assert other.unsent() == [SENT]
    other.taken_over()
    assert other.unsent() == []


def test_outputs_of_an_acknowledged_checkpoint_are_not_told_again() -> None:
    memory = _memory()
    _add(memory, b"a", [SENT])
    first = memory.cut()
    assert first is not None
    memory.acknowledged(first.checkpoint)
    _add(memory, b"b", [])
    second = memory.cut()
    assert second is not None
    other = _memory()
    for key, raw in [*first.rows, *second.rows]:
        other.load(key, raw)
    assert other.unsent() == []


def test_outputs_of_no_row_travel_in_the_shards_own_record() -> None:
    memory = _memory()
    memory.send_loose([SENT])
    cut = memory.cut()
    assert cut is not None
    assert cut.outputs == [SENT]
    other = _memory()
    for key, raw in cut.rows:
        other.load(key, raw)
    assert other.unsent() == [SENT]


def test_rows_beyond_the_bound_go_back_to_bytes_and_lose_nothing() -> None:
    memory = _memory(hot_max=2)
    for n in range(5):
        _add(memory, b"%d" % n, [SENT])
    memory.cut()
    assert len(memory.rows.hot) == 2
    assert len(memory.rows) == 5
    for n in range(5):
        assert memory.existing(b"%d" % n).state == Counted(str(n))


def test_rows_that_were_only_looked_at_cool_too() -> None:
    memory = _memory(hot_max=2)
    for n in range(5):
        _add(memory, b"%d" % n, [])
    memory.cut()
    for n in range(5):
        memory.existing(b"%d" % n)
    assert len(memory.rows.hot) == 5
    assert memory.cut() is None
    assert len(memory.rows.hot) == 2


def test_what_is_written_holds_no_outputs_that_are_out() -> None:
    memory = _memory()
    _add(memory, b"a", [SENT])
    cut = memory.cut()
    assert cut is not None
    memory.acknowledged(cut.checkpoint)
    assert _restored(memory).unsent() == []


def test_a_later_row_of_a_key_wins_over_an_earlier_one_with_its_wake() -> None:
    memory = _memory()
    row = _add(memory, b"a", [])
    memory.plan(b"a", row, "f", 50)
    first = memory.cut()
    row.state.count = 9
    row.packed = memory.rows.pack_state(row.state)
    memory.plan(b"a", row, "f", FAR)
    memory.touch(b"a", row)
    second = memory.cut()
    assert first is not None
    assert second is not None
    other = _memory()
    for key, raw in [*first.rows, *second.rows]:
        other.load(key, raw)
    other.taken_over()
    assert other.existing(b"a").state.count == 9
    assert other.wakes.due("f", FAR - 1) == []


def test_a_key_that_is_gone_is_loaded_as_none() -> None:
    memory = _memory()
    _add(memory, b"a", [])
    cut = memory.cut()
    assert cut is not None
    other = _memory()
    for key, raw in cut.rows:
        other.load(key, raw)
    other.load(b"a", gone(5))
    assert len(other.rows) == 0


def test_a_row_that_moves_to_another_feed_is_due_there_alone() -> None:
    memory = _memory()
    row = _add(memory, b"a", [])
    memory.plan(b"a", row, "f", 50)
    memory.plan(b"a", row, "g", 40)
    assert memory.wakes.due("f", 99) == []
    assert memory.wakes.due("g", 99) == [(40, b"a")]
