import asyncio

import pytest

from streams.contracts.codec import encode
from streams.engine.checkpoint import Checkpoints, Held
from streams.engine.log import Place
from streams.engine.shard import Shard
from streams.engine.simulated.log import BrokenError, Kept, MemoryLog
from streams.engine.standing import STANDING_KEY
from tests.streams.engine.toy import TOLD, Counter, Note

CHANGELOG = Place("changelog", 0)
TOLD_AT = Place(TOLD.name, 0)


def _shard(log: MemoryLog) -> tuple[Shard, Checkpoints]:
    shard = Shard(Counter(), 0, partitions=1)
    for kept in log.records[CHANGELOG]:
        shard.load(kept.key, kept.value)
    return shard, Checkpoints(lambda: [Held(CHANGELOG, shard)], log)


def _count(shard: Shard, offset: int) -> None:
    note = Kept(offset, offset, b"a", encode(Note(occurred_ms=offset)))
    for _ in shard.work([note]):
        pass


def test_state_is_written_before_outputs_and_both_before_it_counts() -> None:
    log = MemoryLog(appends_left=1)
    shard, checkpoints = _shard(log)
    shard.activate()
    _count(shard, 1)
    with pytest.raises(BrokenError):
        asyncio.run(checkpoints.run())
    assert [kept.key for kept in log.records[CHANGELOG]] == [STANDING_KEY, b"a"]
    assert log.records[TOLD_AT] == []
    assert not shard.settled


def test_whoever_takes_over_sends_the_same_bytes_again() -> None:
    whole, broken = MemoryLog(), MemoryLog(appends_left=1)
    for log in (whole, broken):
        shard, checkpoints = _shard(log)
        shard.activate()
        _count(shard, 1)
        if log is whole:
            assert asyncio.run(checkpoints.run())
        else:
            with pytest.raises(BrokenError):
                asyncio.run(checkpoints.run())
    broken.appends_left = None
    shard, checkpoints = _shard(broken)
    assert asyncio.run(checkpoints.take_over(shard)) == 1
    assert shard.active
    assert broken.records[TOLD_AT] == whole.records[TOLD_AT]


def test_a_second_crash_during_the_take_over_loses_nothing() -> None:
    log = MemoryLog(appends_left=1)
    shard, checkpoints = _shard(log)
    shard.activate()
    _count(shard, 1)
    with pytest.raises(BrokenError):
        asyncio.run(checkpoints.run())
    shard, checkpoints = _shard(log)
    with pytest.raises(BrokenError):
        asyncio.run(checkpoints.take_over(shard))
    assert not shard.active
    log.appends_left = None
    shard, checkpoints = _shard(log)
    assert asyncio.run(checkpoints.take_over(shard)) == 1


def test_a_shard_that_is_not_active_is_left_alone_and_nothing_new_is_no_checkpoint() -> None:
    log = MemoryLog()
    shard, checkpoints = _shard(log)
    assert not asyncio.run(checkpoints.run())
    shard.activate()
    assert not asyncio.run(checkpoints.run())
    _count(shard, 1)
    shard.active = False
    assert not asyncio.run(checkpoints.run())
    assert log.records[CHANGELOG] == []


def test_outputs_carry_the_stamp_of_when_they_became_known() -> None:
    log = MemoryLog()
    shard, checkpoints = _shard(log)
    shard.activate()
    _count(shard, 77)
    asyncio.run(checkpoints.run())
    assert [kept.timestamp for kept in log.records[TOLD_AT]] == [77]
