import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import pytest

from streams.contracts.codec import encode
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark
from streams.engine.checkpoint import BrokenOffError, Checkpoints
from streams.engine.held import Held
from streams.engine.log import Entry, Place
from streams.engine.ownership import OWNER_KEY, SENDER, FencedError
from streams.engine.positions import Positions
from streams.engine.shard import Shard
from streams.engine.simulated.log import BrokenError, Kept, MemoryLog
from streams.engine.simulated.worker import Turnstile
from streams.engine.standing import STANDING_KEY
from tests.streams.engine.toy import NOTES, TOLD, Counter, Note

CHANGELOG = Place("changelog", 0)
TOLD_AT = Place(TOLD.name, 0)
NOTES_AT = Place(NOTES.name, 0)


def _held(log: MemoryLog) -> tuple[Held, Checkpoints]:
    held = Held(CHANGELOG, Shard(Counter(), 0, partitions=1))
    held.restore(log.records[CHANGELOG])
    return held, Checkpoints(lambda: [held], log, Turnstile())


def _finish(begun: Coroutine[Any, Any, object]) -> None:
    """What is left of a coroutine that was begun outside of any loop."""
    with suppress(StopIteration):
        while True:
            begun.send(None)


def _count(shard: Shard, offset: int) -> None:
    note = Kept(offset, offset, b"a", encode(Note(occurred_ms=offset)))
    for _ in shard.work([note]):
        pass


def test_state_is_written_before_outputs_and_both_before_it_counts() -> None:
    log = MemoryLog(appends_left=1)
    held, checkpoints = _held(log)
    held.shard.activate()
    _count(held.shard, 1)
    with pytest.raises(BrokenError):
        asyncio.run(checkpoints.run())
    assert [kept.key for kept in log.records[CHANGELOG]] == [STANDING_KEY, b"a"]
    assert log.records[TOLD_AT] == []
    assert not held.shard.settled


def test_whoever_takes_over_sends_the_same_bytes_again() -> None:
    whole, broken = MemoryLog(), MemoryLog(appends_left=1)
    for log in (whole, broken):
        held, checkpoints = _held(log)
        held.shard.activate()
        _count(held.shard, 1)
        if log is whole:
            assert asyncio.run(checkpoints.run())
        else:
            with pytest.raises(BrokenError):
                asyncio.run(checkpoints.run())
    broken.appends_left = None
    held, checkpoints = _held(broken)
    assert asyncio.run(checkpoints.take_over(held)) == 1
    assert held.shard.active
    assert broken.records[TOLD_AT] == whole.records[TOLD_AT]


def test_a_second_crash_during_the_take_over_loses_nothing() -> None:
    log = MemoryLog(appends_left=1)
    held, checkpoints = _held(log)
    held.shard.activate()
    _count(held.shard, 1)
    with pytest.raises(BrokenError):
        asyncio.run(checkpoints.run())
    held, checkpoints = _held(log)
    with pytest.raises(BrokenError):
        asyncio.run(checkpoints.take_over(held))
    assert not held.shard.active
    log.appends_left = None
    held, checkpoints = _held(log)
    assert asyncio.run(checkpoints.take_over(held)) == 1


@pytest.mark.parametrize("how", ["error", "cancelled"])
def test_nothing_is_written_behind_a_checkpoint_that_was_broken_off(how: str) -> None:
    log = MemoryLog(appends_left=1 if how == "error" else None)
    held, checkpoints = _held(log)
    held.shard.activate()
    _count(held.shard, 1)
    begun = checkpoints.run()
    if how == "error":
        with pytest.raises(BrokenError):
            asyncio.run(begun)
        log.appends_left = None
    else:
        while not log.records[CHANGELOG]:
            begun.send(None)
        with pytest.raises(asyncio.CancelledError):
            begun.throw(asyncio.CancelledError())
    with pytest.raises(BrokenOffError):  # it would say that the outputs of the one before are out
        asyncio.run(checkpoints.close())
    successor, checkpoints = _held(log)
    assert asyncio.run(checkpoints.take_over(successor)) == 1


def test_a_shard_that_is_not_active_is_left_alone_and_nothing_new_is_no_checkpoint() -> None:
    log = MemoryLog()
    held, checkpoints = _held(log)
    assert not asyncio.run(checkpoints.run())
    held.shard.activate()
    assert not asyncio.run(checkpoints.run())
    _count(held.shard, 1)
    held.shard.active = False
    assert not asyncio.run(checkpoints.run())
    assert log.records[CHANGELOG] == []


def test_outputs_carry_the_stamp_of_when_they_became_known() -> None:
    log = MemoryLog()
    held, checkpoints = _held(log)
    held.shard.activate()
    _count(held.shard, 77)
    asyncio.run(checkpoints.run())
    assert [kept.timestamp for kept in log.records[TOLD_AT]] == [77]


def test_a_commit_covers_what_the_cut_has_seen_and_nothing_later() -> None:
    log, positions = MemoryLog(), Positions({NOTES.name: ["counter"]})
    held, checkpoints = _held(log)
    held.shard.activate()
    positions.sought({NOTES_AT: 0})
    _count(held.shard, 1)
    positions.done("counter", NOTES_AT, 1, 2)
    committing = checkpoints.commit([NOTES_AT], positions)
    committing.send(None)  # it waits for the rows to be written
    _count(held.shard, 2)
    positions.done("counter", NOTES_AT, 1, 3)
    _finish(committing)
    assert log.committed == {NOTES_AT: 2}


def test_what_was_given_up_is_not_committed() -> None:
    log, positions = MemoryLog(), Positions({NOTES.name: ["counter"]})
    held, checkpoints = _held(log)
    held.shard.activate()
    positions.sought({NOTES_AT: 0})
    positions.done("counter", NOTES_AT, 1, 2)
    positions.forget(NOTES_AT)
    assert not asyncio.run(checkpoints.commit([NOTES_AT], positions))
    assert log.committed == {}


def test_a_replaced_owner_notices_before_its_outputs_get_out_and_writes_no_more() -> None:
    log = MemoryLog()
    held, checkpoints = _held(log)
    held.own(log.put(CHANGELOG, [Entry(OWNER_KEY, b"")]).first)
    held.shard.activate()
    _count(held.shard, 1)
    assert asyncio.run(checkpoints.run())
    log.put(CHANGELOG, [Entry(OWNER_KEY, b"")])
    _count(held.shard, 2)
    with pytest.raises(FencedError, match="changelog"):
        asyncio.run(checkpoints.run())
    assert len(log.records[TOLD_AT]) == 1
    rows = len(log.records[CHANGELOG])
    with pytest.raises(FencedError):
        asyncio.run(checkpoints.run())
    assert len(log.records[CHANGELOG]) == rows


def test_a_replaced_owner_commits_nothing_even_where_records_changed_nothing() -> None:
    log, positions = MemoryLog(), Positions({NOTES.name: ["counter"]})
    held, checkpoints = _held(log)
    held.own(log.put(CHANGELOG, [Entry(OWNER_KEY, b"")]).first)
    held.shard.activate()
    positions.sought({NOTES_AT: 0})
    log.put(CHANGELOG, [Entry(OWNER_KEY, b"")])
    mark = HorizonMark(feed="notes", horizon_at=from_ms(5))
    for _ in held.shard.work([Kept(0, 5, MARK_KEY, encode(mark))]):
        pass
    positions.done("counter", NOTES_AT, 1, 1)
    with pytest.raises(FencedError):
        asyncio.run(checkpoints.commit([NOTES_AT], positions))
    assert log.committed == {}


def test_outputs_say_who_sent_them_in_which_epoch() -> None:
    log = MemoryLog()
    held, checkpoints = _held(log)
    log.put(CHANGELOG, [Entry(b"older", b"")])
    held.own(log.put(CHANGELOG, [Entry(OWNER_KEY, b"")]).first)
    held.shard.activate()
    _count(held.shard, 1)
    asyncio.run(checkpoints.run())
    assert log.records[TOLD_AT][0].headers == ((SENDER, b"counter/0/1"),)


def test_after_an_end_in_peace_there_is_nothing_to_send_again() -> None:
    log = MemoryLog()
    held, checkpoints = _held(log)
    held.shard.activate()
    _count(held.shard, 1)
    asyncio.run(checkpoints.run())
    assert len(_held(log)[0].shard.unsent()) == 1
    asyncio.run(checkpoints.close())
    assert _held(log)[0].shard.unsent() == []
