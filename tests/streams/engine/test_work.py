import asyncio
from collections.abc import Iterator

import pytest

from streams.contracts.codec import encode
from streams.engine.log import Place
from streams.engine.positions import Batch, Positions
from streams.engine.shard import Shard
from streams.engine.simulated.log import Kept, pause
from streams.engine.work import Worked
from tests.streams.engine.toy import NOTES, Counter, Note

AT = Place(NOTES.name, 0)


class _Bench:
    def __init__(self) -> None:
        self.positions = Positions({NOTES.name: ["counter"]})
        self.positions.sought({AT: 0})
        self.shard = Shard(Counter(), 0, partitions=1)
        self.shard.activate()
        self.fresh = [True] * 100
        self.worked = Worked("counter", self.positions, self._every_step, pause)

    def _every_step(self, steps: Iterator[None]) -> Iterator[None]:
        return steps

    def work(self, number: int, *offsets: int) -> bool:
        records = [Kept(offset, offset, b"a", encode(Note(occurred_ms=offset))) for offset in offsets]
        batch = Batch(records, self.positions.seek, number)
        return asyncio.run(self.worked.through(self.shard, AT, batch, lambda: self.fresh.pop(0)))


def test_the_position_moves_when_all_is_done() -> None:
    bench = _Bench()
    assert bench.work(0, 1, 2, 3)
    assert bench.positions.committable(AT) == 4
    assert bench.shard.state("a").count == 3


def test_batches_and_turns_given_to_others_are_counted() -> None:
    bench = _Bench()
    bench.work(0, 1, 2, 3)
    bench.work(2, 5)
    assert (bench.worked.begun, bench.worked.slices) == (1, 3)
    bench.work(1, 4)
    assert (bench.worked.begun, bench.worked.slices) == (2, 4)


def test_a_batch_behind_a_hole_is_refused() -> None:
    bench = _Bench()
    assert not bench.work(1, 4)
    assert bench.positions.committable(AT) is None
    assert len(bench.shard) == 0


def test_a_batch_that_goes_stale_half_way_leaves_its_position() -> None:
    bench = _Bench()
    bench.fresh = [True, True, False]
    assert bench.work(0, 1, 2, 3)
    assert bench.positions.committable(AT) is None
    assert bench.shard.state("a").count == 2


def test_a_stale_batch_takes_no_number() -> None:
    bench = _Bench()
    bench.fresh[0] = False
    assert not bench.work(0, 1)
    assert bench.work(0, 1)


def test_work_for_a_shard_that_is_not_there_yet_is_a_broken_wiring() -> None:
    bench = _Bench()
    bench.shard.active = False
    with pytest.raises(RuntimeError, match="not assigned together"):
        bench.work(0, 1)
