import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from streams.contracts.codec import encode
from streams.engine.checkpoint import Checkpoints
from streams.engine.holding import Holding
from streams.engine.log import Place
from streams.engine.ownership import OWNER_KEY
from streams.engine.shard import Shard
from streams.engine.simulated.log import Kept, MemoryLog
from streams.engine.simulated.worker import Turnstile
from tests.streams.engine.toy import TOLD, Counter, Note

A, B = Place("changelog", 0), Place("changelog", 1)


def _finish(begun: Coroutine[Any, Any, object]) -> None:
    """What is left of a coroutine that was begun outside of any loop."""
    with suppress(StopIteration):
        while True:
            begun.send(None)


class _Member:
    def __init__(self, log: MemoryLog, *, alone: bool = False) -> None:
        self.dropped: list[Place] = []
        self.read_back: list[tuple[int, int]] = []
        self.holding = Holding(
            log, self._shard, self.dropped.append, on_restore=lambda *told: self.read_back.append(told), alone=alone
        )
        self.holding.checkpoints = Checkpoints(self.holding.all, log, Turnstile())

    def _shard(self, place: Place) -> Shard:
        return Shard(Counter(), place.partition, partitions=1)

    def assign(self, generation: int, *places: Place) -> dict[Place, int]:
        async def both() -> dict[Place, int]:
            ends = await self.holding.assign(places, generation)
            await self.holding.activate(places)
            return ends

        return asyncio.run(both())

    def count(self, place: Place) -> None:
        note = Kept(1, 1, b"a", encode(Note(occurred_ms=1)))
        for _ in self.holding.held(place).shard.work([note]):
            pass


def test_a_take_over_writes_its_owner_record_and_reads_everything_before_it() -> None:
    log = MemoryLog()
    first = _Member(log)
    assert first.assign(1, A) == {A: 0}
    first.count(A)
    asyncio.run(first.holding.checkpoints.run())
    second = _Member(log)
    assert second.assign(2, A) == {A: 3}
    assert [kept.key for kept in log.records[A]] == [OWNER_KEY, b"\x00standing", b"a", OWNER_KEY]
    assert second.holding.held(A).shard.state("a").count == 1
    assert second.holding.restored == 2
    assert (second.read_back[0], second.read_back[-1]) == ((0, 4), (4, 4))
    assert sorted(second.read_back) == second.read_back


def test_a_new_generation_waits_for_the_checkpoint_that_is_under_way() -> None:
    log = MemoryLog()
    member = _Member(log)
    member.assign(1, A)
    member.count(A)
    writing = member.holding.checkpoints.run()
    writing.send(None)  # under way
    taking = member.holding.assign([B], 2)
    for _ in range(10):
        taking.send(None)
    assert member.dropped == []
    assert log.records[B] == []
    _finish(writing)
    _finish(taking)
    assert member.dropped == [A]
    assert [kept.key for kept in log.records[B]] == [OWNER_KEY]


def test_what_a_crash_may_have_held_back_is_sent_before_work_goes_on() -> None:
    log = MemoryLog()
    first = _Member(log)
    first.assign(1, A)
    first.count(A)
    asyncio.run(first.holding.checkpoints.run())
    sent = log.records[Place(TOLD.name, 0)]
    again = _Member(log)
    again.assign(2, A)
    assert again.holding.resent == 1
    assert [kept.value for kept in sent] == [sent[0].value] * 2
    assert [kept.headers[0][1] for kept in sent] == [b"counter/0/0", b"counter/0/3"]


def test_what_is_held_in_two_generations_running_goes_on_as_it_is() -> None:
    log = MemoryLog()
    member = _Member(log)
    member.assign(1, A, B)
    shard = member.holding.held(A).shard
    assert member.assign(2, A) == {}
    assert member.holding.held(A).shard is shard
    assert member.dropped == [B]


def test_after_a_generation_without_us_everything_is_read_again() -> None:
    log = MemoryLog()
    member = _Member(log)
    member.assign(1, A)
    shard = member.holding.held(A).shard
    assert member.assign(3, A) == {A: 1}
    assert member.holding.held(A).shard is not shard
    assert member.dropped == [A]


def test_a_generation_is_followed_once() -> None:
    log = MemoryLog()
    member = _Member(log)
    assert member.assign(1, A) == {A: 0}
    assert member.assign(1, A) == {}
    assert len(log.records[A]) == 1


def test_a_take_over_that_was_cut_short_is_done_again() -> None:
    log = MemoryLog()
    member = _Member(log)
    begun = member.holding.assign([A], 1)
    begun.send(None)
    begun.close()
    assert member.assign(2, A) == {A: 0}
    assert member.holding.held(A).shard.active


def test_one_who_is_alone_writes_no_owner_record() -> None:
    log = MemoryLog()
    member = _Member(log, alone=True)
    assert member.assign(1, A) == {}
    assert member.holding.held(A).shard.active
    assert log.records[A] == []
