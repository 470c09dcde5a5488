import asyncio

import pytest

from streams.contracts.codec import encode
from streams.engine.held import Held, epoch_of_record
from streams.engine.log import Entry, Place
from streams.engine.ownership import OWNER_KEY, FencedError
from streams.engine.shard import Shard
from streams.engine.simulated.log import Kept, MemoryLog
from streams.engine.standing import STANDING_KEY
from tests.streams.engine.toy import Counter, Note

CHANGELOG = Place("changelog", 0)


def _held() -> Held:
    return Held(CHANGELOG, Shard(Counter(), 0, partitions=1))


def _owned(log: MemoryLog) -> Held:
    held = _held()
    held.own(log.put(CHANGELOG, [Entry(OWNER_KEY, b"")]).first)
    held.restore(log.records[CHANGELOG])
    held.restored()
    held.shard.activate()
    return held


def _count(held: Held, offset: int, key: bytes = b"a") -> None:
    for _ in held.shard.work([Kept(offset, offset, key, encode(Note(occurred_ms=offset)))]):
        pass


def _write(held: Held, log: MemoryLog) -> list[bytes]:
    cut = held.shard.cut()
    assert cut is not None
    asyncio.run(held.check([log.put(CHANGELOG, [Entry(*row) for row in cut.rows])], log))
    return [key for key, _ in cut.rows]


def test_rows_carry_the_epoch_of_their_owner() -> None:
    log = MemoryLog()
    log.put(CHANGELOG, [Entry(OWNER_KEY, b"")] * 3)
    held = _owned(log)
    _count(held, 1)
    _write(held, log)
    assert [(kept.key, epoch_of_record(kept)) for kept in log.records[CHANGELOG][4:]] == [(STANDING_KEY, 3), (b"a", 3)]


def test_a_row_behind_a_newer_owner_is_void_and_the_good_one_is_written_again() -> None:
    log = MemoryLog()
    first = _owned(log)
    _count(first, 1)
    _write(first, log)
    _owned(log)
    _count(first, 2)
    _count(first, 3, b"b")
    with pytest.raises(FencedError):
        _write(first, log)
    third = _owned(log)
    assert third.shard.state("a").count == 1
    assert third.shard.state("b") is None
    assert _write(third, log) == [STANDING_KEY, b"b", b"a"]
    del log.records[CHANGELOG][5:9]  # what compaction might leave: the void rows are gone, and so is an owner
    log.records[CHANGELOG][5:] = [kept._replace(offset=5 + n) for n, kept in enumerate(log.records[CHANGELOG][5:])]
    fourth = _held()
    fourth.restore(log.records[CHANGELOG])
    fourth.shard.activate()
    assert fourth.shard.state("a").count == 1
    assert fourth.shard.state("b") is None


def test_rows_of_a_replaced_owner_between_ours_are_noticed_and_made_good() -> None:
    log = MemoryLog()
    old = _owned(log)
    _count(old, 1)
    late = old.shard.cut()
    assert late is not None
    new = _owned(log)
    log.put(CHANGELOG, [Entry(*row) for row in late.rows])
    _count(new, 1)
    _count(new, 2)
    assert _write(new, log) == [STANDING_KEY, b"a"]
    assert _write(new, log) == [STANDING_KEY, b"a"]
    assert new.shard.cut() is None


def test_our_own_rows_written_twice_by_a_retry_are_nobodys() -> None:
    log = MemoryLog()
    held = _owned(log)
    _count(held, 1)
    cut = held.shard.cut()
    assert cut is not None
    rows = [Entry(*row) for row in cut.rows]
    log.put(CHANGELOG, rows)
    asyncio.run(held.check([log.put(CHANGELOG, rows)], log))
    assert held.shard.cut() is None


def test_one_who_is_alone_looks_at_nothing() -> None:
    log = MemoryLog()
    held = _held()
    held.shard.activate()
    log.put(CHANGELOG, [Entry(OWNER_KEY, b"")])
    _count(held, 1)
    _write(held, log)
    assert held.sender == b""


def test_where_compaction_removed_the_owner_record_a_row_of_its_epoch_stands_for_it() -> None:
    log = MemoryLog()
    log.put(CHANGELOG, [Entry(b"x", b"")] * 7)
    newer, older = _held(), _held()
    for held, epoch in ((newer, 6), (older, 2)):
        held.own(epoch)
        held.shard.activate()
    _count(newer, 1, b"n")
    _count(older, 1, b"o")
    log.records[CHANGELOG] = []
    for held in (newer, older):
        cut = held.shard.cut()
        assert cut is not None
        log.put(CHANGELOG, [Entry(*row) for row in cut.rows])
    reader = _held()
    reader.restore(log.records[CHANGELOG])
    reader.shard.activate()
    assert reader.shard.state("n").count == 1
    assert reader.shard.state("o") is None
