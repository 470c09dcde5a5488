from streams.engine.calls import call_event
from streams.engine.due import FAR
from streams.engine.row import Head, Row, Sent, head_of, judged_by, pack
from streams.engine.rows import Rows
from streams.engine.slots import Slots
from streams.engine.states import States
from tests.streams.engine.toy import Counted, Counter, Note

SENT = Sent("told", b"k", b"{}", 5)


def _rows(hot_max: int = 10) -> Rows:
    return Rows(States(Counter()), hot_max)


def _raw(count: int, outbox: list[Sent] | None = None, **head: object) -> bytes:
    return pack(Head(**head), States(Counter()).encode(Counted("a", count=count)), outbox or [])  # type: ignore[arg-type]


def test_a_row_is_decoded_when_it_is_asked_for() -> None:
    rows = _rows()
    rows.load(b"a", _raw(3, last=9, feed="f"))
    assert b"a" in rows
    assert rows.wake_and_feed(b"a") == (FAR, "f")
    row = rows.get(b"a")
    assert row is not None
    assert (row.state.count, row.last, row.feed) == (3, 9, "f")
    assert rows.get(b"b") is None
    assert (len(rows), rows.feed(b"a")) == (1, "f")


def test_a_written_row_stands_without_its_outputs_and_with_its_epoch() -> None:
    rows = _rows()
    row = Row(Head(), Counted("a"), b"")
    row.outbox, row.slots = [SENT], Slots(1, 2, 3, 4)
    rows.add(b"a", row)
    raw = rows.encode(b"a", FAR, 4, 77)
    assert (head_of(raw).has_outbox, head_of(raw).epoch, head_of(raw).checkpoint) == (True, 77, 4)
    assert head_of(raw).slots == Slots(1, 2, 3, 4)
    [(_, stands)] = rows.written()
    assert not head_of(stands).has_outbox
    assert judged_by(stands) == ("", Slots(1, 2, 3, 4))


def test_a_scan_finds_what_another_version_judged_and_asks_once_for_equal_rows() -> None:
    rows, asked = _rows(), []
    for number, (registry, item) in enumerate([("v1", 1), ("v1", 2), ("v1", 1), ("v2", 1), ("v0", 1)]):
        rows.load(b"%d" % number, _raw(0, registry=registry, slots=Slots(item)))
    rows.get(b"2")

    def touched(version: str, slots: Slots) -> bool:
        asked.append((version, slots.item))
        return slots.item == 1

    assert rows.judged_otherwise("v2", touched) == [b"0", b"4", b"2"]
    assert asked == [("v1", 1), ("v1", 2), ("v0", 1), ("v1", 1)]


def test_a_half_changed_state_is_made_whole_from_its_base_and_the_calls_since() -> None:
    rows = _rows()
    rows.load(b"a", _raw(3))
    row = rows.get(b"a")
    assert row is not None
    row.since.append((Counter(), call_event, Note(occurred_ms=1), 1))
    row.state.count = 99
    rows.repair(row, lambda: Counted("a"))
    assert (row.state.count, row.state.quiet_ms) == (4, 1_001)
    row.base = b""
    rows.repair(row, lambda: Counted("a"))
    assert row.state.count == 1


def test_rows_decoded_longest_ago_cool_first() -> None:
    rows = _rows(hot_max=1)
    for name in (b"a", b"b"):
        rows.load(name, _raw(1))
        rows.get(name)
    rows.cool()
    assert list(rows._hot) == [b"b"]
    assert len(rows) == 2


def test_outputs_of_later_checkpoints_are_told_until_they_are_forgotten() -> None:
    rows = _rows()
    rows.load(b"a", _raw(1, [SENT], checkpoint=3))
    rows.load(b"b", _raw(1, [SENT], checkpoint=2))
    assert list(rows.unsent(2)) == [SENT]
    rows.forget_outboxes()
    assert list(rows.unsent(0)) == []


def test_a_loaded_row_replaces_the_one_before_also_when_that_was_decoded() -> None:
    rows = _rows()
    rows.load(b"a", _raw(1, registry="v1"))
    rows.get(b"a")
    rows.load(b"a", _raw(2, registry="v2"))
    row = rows.get(b"a")
    assert row is not None
    assert row.state.count == 2
    assert row.registry == "v2"
    rows.load(b"a", None)
    assert b"a" not in rows
