from time import process_time

from streams.engine.due import FAR, Wakes
from streams.engine.row import Head, Row, Sent, head_of, judged_by, pack
from streams.engine.rows import Rows
from streams.engine.slots import Slots
from streams.engine.states import States
from tests.streams.engine.toy import Counted, Counter

SENT = Sent("told", b"k", b"{}", 5)


def _rows(hot_max: int = 10) -> Rows:
    return Rows(States(Counter()), hot_max)


def _row(count: int, **head: object) -> Row:
    return Row(Head(**head), None, States(Counter()).encode(Counted("a", count=count)))  # type: ignore[arg-type]


def _raw(count: int, **head: object) -> bytes:
    return pack(_row(count, **head), 1, -1)


def _sending(checkpoint: int) -> bytes:
    row = _row(1)
    row.outbox = [SENT]
    return pack(row, 1, -1, checkpoint)


def _taken(rows: Rows, **raw: bytes) -> Wakes:
    wakes = Wakes()
    for key, one in raw.items():
        rows.load(key.encode(), one)
    rows.take_over(wakes)
    return wakes


def test_a_row_is_decoded_when_it_is_asked_for() -> None:
    rows = _rows()
    _taken(rows, a=_raw(3, last=9, feed="f"))
    assert b"a" in rows
    assert rows.wake_of(b"a") == FAR
    row = rows.get(b"a")
    assert row is not None
    assert (row.state.count, row.last, row.feed) == (3, 9, "f")
    assert rows.get(b"b") is None
    assert len(rows) == 1


def test_the_size_of_rows_is_what_they_have_as_written_loaded_or_decoded() -> None:
    rows = _rows()
    raw = _raw(3)
    rows.load(b"a", raw)
    rows.load(b"b", raw)
    assert rows.size() == 2 * len(raw)


def test_a_written_row_stands_without_its_outputs_and_with_its_epoch() -> None:
    rows = _rows()
    row = Row(Head(), Counted("a"), b"")
    row.outbox, row.slots = [SENT], Slots(1, 2, 3, 4)
    row.packed = rows.pack_state(row.state)
    rows.hot[b"a"] = row
    raw = rows.encode(row, 4, 77)
    assert (head_of(raw).has_outbox, head_of(raw).epoch, head_of(raw).checkpoint) == (True, 77, 4)
    assert head_of(raw).slots == Slots(1, 2, 3, 4)
    [(_, stands)] = rows.written(-1)
    assert not head_of(stands).has_outbox
    assert judged_by(stands) == ("", Slots(1, 2, 3, 4))


def test_what_a_row_was_judged_by_is_told_of_cold_and_hot_ones() -> None:
    rows = _rows()
    _taken(rows, a=_raw(0, registry="v1", slots=Slots(1)), b=_raw(0, registry="v1", slots=Slots(1)), c=_raw(0))
    assert rows.judged_by(b"a") == ("v1", Slots(1))
    assert rows.judgement(b"a") == rows.judgement(b"b") != rows.judgement(b"c")
    rows.get(b"b")
    assert rows.judged_by(b"b") == ("v1", Slots(1))
    assert sorted(rows.keys()) == [b"a", b"b", b"c"]


def test_a_half_changed_state_goes_back_to_what_it_was_when_it_was_packed() -> None:
    rows = _rows()
    _taken(rows, a=_raw(3))
    row = rows.get(b"a")
    assert row is not None
    row.state.count = 4
    row.packed = rows.pack_state(row.state)
    row.state.count = 99
    rows.repair(row, Counted, b"a")
    assert row.state.count == 4
    fresh = Row(Head(), Counted("b", count=99), b"")
    rows.repair(fresh, Counted, b"b")
    assert fresh.state.count == 0


def test_rows_decoded_longest_ago_cool_first() -> None:
    rows = _rows(hot_max=1)
    wakes = _taken(rows, a=_raw(1, wake_ms=5), b=_raw(1, wake_ms=6))
    for name in (b"a", b"b"):
        rows.get(name)
    rows.cool(-1)
    assert list(rows.hot) == [b"b"]
    assert len(rows) == 2
    assert dict(rows.written(-1))[b"a"] == _raw(1, wake_ms=5)
    row = rows.get(b"a")
    assert row is not None
    wakes.put("", row.due_slot, b"a", FAR)
    assert wakes.due("", 9) == [(6, b"b")]


def _costs_of_packing_and_cooling() -> tuple[float, float]:
    rows = _rows(hot_max=0)
    for n in range(60_000):
        rows.hot[b"%d" % n] = Row(Head(), None, b"state")
    start = process_time()
    packed = dict(rows.written(-1))
    between = process_time()
    rows.cool(-1)
    end = process_time()
    assert (dict(rows.written(-1)), len(rows.hot)) == (packed, 0)
    return between - start, end - between


def test_cooling_very_many_rows_costs_no_more_than_a_few_times_their_packing() -> None:
    """Of five goes in turn the cheapest of each: what disturbs one of them says nothing about the code."""
    packing, cooling = zip(*(_costs_of_packing_and_cooling() for _ in range(5)), strict=True)
    assert min(cooling) < 8 * min(packing)


def test_outputs_of_later_checkpoints_are_told_until_the_rows_are_taken_over() -> None:
    rows = _rows()
    rows.load(b"a", _sending(3))
    rows.load(b"b", _sending(2))
    assert list(rows.unsent(2)) == [SENT]
    rows.take_over(Wakes())
    assert list(rows.unsent(0)) == []
    assert dict(rows.written(-1)) == {b"a": _raw(1), b"b": _raw(1)}


def test_a_loaded_row_replaces_the_one_before_with_its_wake() -> None:
    rows = _rows()
    rows.load(b"a", _raw(1, registry="v1", wake_ms=5))
    rows.load(b"b", _raw(1))
    rows.load(b"b", None)
    wakes = _taken(rows, a=_raw(2, registry="v2", wake_ms=7, feed="f"))
    assert (wakes.due("", 9), wakes.due("f", 9)) == ([], [(7, b"a")])
    row = rows.get(b"a")
    assert row is not None
    assert (row.state.count, row.registry) == (2, "v2")
    assert b"b" not in rows
