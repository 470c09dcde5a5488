"""Runs of many seeds; and engines that are broken on purpose, to show that each promise would be missed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pytest

from streams.engine.checkpoint import Checkpoints
from streams.engine.held import Held
from streams.engine.holding import Holding
from streams.engine.log import Log, Place, Record, Written
from streams.engine.memory import Cut, Memory
from streams.engine.outbox import coalesce
from streams.engine.positions import Batch, Positions
from streams.engine.row import Sent, judged_by
from streams.engine.shard import Shard
from streams.engine.simulated.worker import Pieces
from streams.engine.simulated.world import StuckError
from streams.engine.slots import NO_SLOTS, Slots
from streams.engine.standing import STANDING_KEY, Standing
from streams.engine.work import Worked
from tests.streams.engine.simulated import neighbours_verdict, verdict
from tests.streams.engine.simulated.neighbours import LATEST, SAID
from tests.streams.engine.simulated.verdict import judge, run

SEEDS = 500
ENOUGH = 400
"""Seeds within which a broken engine must be found out."""


@pytest.mark.parametrize("start", range(0, SEEDS, 100))
def test_nothing_is_lost_doubled_or_invented_whatever_happens(start: int) -> None:
    for seed in range(start, start + 100):
        judge(seed, run(seed))


def test_nor_where_every_output_of_no_row_stands_in_a_part_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.engine.standing.PART_BYTES", 0)
    for seed in range(100):
        judge(seed, run(seed))


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_nor_where_keys_tell_each_other_become_stubs_and_come_back_and_versions_touch_some(start: int) -> None:
    for seed in range(start, start + 50):
        neighbours_verdict.judge(seed, neighbours_verdict.run(seed))


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("judging", [verdict, neighbours_verdict])
@pytest.mark.parametrize("start", range(0, 10_000, 2_500))
def test_nor_in_ten_thousand_runs(start: int, judging: Any) -> None:
    for seed in range(start, start + 2_500):
        judging.judge(seed, judging.run(seed))


def test_the_same_seed_is_the_same_run() -> None:
    first, again, other = run(11), run(11), run(12)
    assert first.log.records == again.log.records
    assert first.counts == again.counts
    assert first.log.records != other.log.records


def test_a_run_has_everything_in_it() -> None:
    counts = [run(seed).counts for seed in range(20)]
    assert all(sum(one[what] for one in counts) > 0 for what in ("killed", "frozen", "fenced", "rebalanced", "lost"))


def test_runs_of_neighbours_have_everything_in_them() -> None:
    worlds = [neighbours_verdict.run(seed) for seed in range(6)]
    houses = [house for world in worlds for house in neighbours_verdict.durable(world).values()]
    assert any(house.is_stub for house in houses)
    assert any(house.came for house in houses)
    said = [record.value for world in worlds for record in world.records(SAID.name)]
    assert any(b":r" in one for one in said)
    assert any(b":h" in one for one in said)
    assert sum(len(world.records(LATEST.name)) for world in worlds) < sum(house.count for house in houses)


def test_whatever_ends_a_run_names_its_seed() -> None:
    class Raising(Worked):
        async def through(self, *_: Any) -> bool:
            raise KeyError("k")

    with pytest.raises(KeyError) as ended:
        run(7, Pieces(worked=Raising))
    assert ended.value.__notes__[0].startswith("seed 7; ")


# ---- broken engines


class OutputsFirst(Checkpoints):
    """What is told may not be known."""

    async def _write(self, cuts: Sequence[tuple[Held, Cut]]) -> None:
        await self._send([(held.sender, cut.outputs) for held, cut in cuts])
        await super()._write([(held, cut._replace(outputs=[])) for held, cut in cuts])


class NoOutbox(Holding):
    """What was held back by a crash is never sent."""

    async def activate(self, places: Any) -> None:
        for place in places:
            shard = self.held(place).shard
            if not shard.active:
                shard.activate()


class BlindHeld(Held):
    """Writes on, whoever owns the partition now."""

    async def check(self, written: Sequence[Written], log: Log) -> None:
        del written, log


class GullibleHeld(Held):
    """Takes what a replaced owner wrote behind its successor."""

    def restore(self, records: Any) -> int:
        def believed(record: Record) -> Any:
            self._owner = -1
            return record

        return super().restore(believed(record) for record in records)


def _holding(kind: type[Held]) -> type[Holding]:
    class Mutated(Holding):
        def held(self, place: Place) -> Held:
            if place not in self._held:
                self._held[place] = kind(place, self._new_shard(place))
            return self._held[place]

    return Mutated


class Holes(Positions):
    """Works on what comes behind a lost batch."""

    def admit(self, reader: str, place: Place, seek: int, number: int) -> bool:
        del reader, place, number
        return seek == self.seek


class Unforgetting(Positions):
    """Commits what was worked on, though the state of it was given up."""

    def forget(self, place: Place) -> None:
        del place


class PositionFirst(Worked):
    """Says that a batch is done before it is."""

    async def through(self, shard: Shard, place: Place, batch: Batch, fresh: Callable[[], bool]) -> bool:
        if fresh():
            self._positions.done(self._name, place, batch.seek, batch[-1].offset + 1)
        return await super().through(shard, place, batch, fresh)


BROKEN = {
    "outputs before state": Pieces(checkpoints=OutputsFirst),
    "no outbox": Pieces(holding=NoOutbox),
    "no look at the owner": Pieces(holding=_holding(BlindHeld)),
    "no void rows": Pieces(holding=_holding(GullibleHeld)),
    "no hole check": Pieces(positions=Holes),
    "positions outlive their state": Pieces(positions=Unforgetting),
    "position before work": Pieces(worked=PositionFirst),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_engine_is_found_out(broken: str) -> None:
    assert _is_found_out(verdict, BROKEN[broken]), f"{broken}: {ENOUGH} runs, and nothing was noticed"


@pytest.mark.parametrize("broken", ["no outbox", "no look at the owner", "no void rows", "position before work"])
def test_so_is_one_whose_keys_tell_each_other(broken: str) -> None:
    assert _is_found_out(neighbours_verdict, BROKEN[broken]), f"{broken}: {ENOUGH} runs, and nothing was noticed"


def test_outputs_of_no_row_that_are_lost_with_their_parts_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_parts(memory: Memory, key: bytes, standing: Standing) -> None:
        if key == STANDING_KEY:
            load_own(memory, key, standing)

    load_own = Memory._load_own
    monkeypatch.setattr("streams.engine.standing.PART_BYTES", 0)
    monkeypatch.setattr(Memory, "_load_own", without_parts)
    assert _is_found_out(verdict)


def _first_of_each(sent: Sequence[Sent], topics: frozenset[str]) -> list[Sent]:
    first: dict[tuple[str, bytes], Sent] = {}
    return [one for one in sent if one.topic not in topics or first.setdefault((one.topic, one.key), one) is one]


def _last_of_all(sent: Sequence[Sent], topics: frozenset[str]) -> list[Sent]:
    return coalesce(sent, topics | {one.topic for one in sent})


def _slotless(raw: bytes) -> tuple[str, Slots]:
    return judged_by(raw)[0], NO_SLOTS


CHANGED: dict[str, tuple[str, Callable[..., Any]]] = {
    "of a coalesced topic the first is sent": ("streams.engine.memory.coalesce", _first_of_each),
    "other topics are coalesced too": ("streams.engine.memory.coalesce", _last_of_all),
    "no version touches anything": ("streams.engine.subjects.Subjects.touched", lambda *_: False),
    "slots are lost": ("streams.engine.rows.judged_by", _slotless),
    "what a replaced owner sends late is worked on": ("streams.engine.ownership.Fences.admits", lambda *_: True),
    "a failed call leaves what it did": ("streams.engine.rows.Rows.repair", lambda *_: None),
}
"""What is put in the place of something in the engine; the neighbours notice."""


@pytest.mark.parametrize("changed", CHANGED)
def test_an_engine_with_something_else_in_it_is_found_out(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def during() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(*CHANGED[changed])
            yield

    assert _is_found_out(neighbours_verdict, during=during), f"{changed}: {ENOUGH} runs, and nothing was noticed"


def _is_found_out(
    judging: Any, pieces: Pieces | None = None, during: Callable[[], AbstractContextManager[object]] = nullcontext
) -> bool:
    """`during`: around each run; what comes of it is judged without."""
    for seed in range(ENOUGH):
        try:
            with during():
                world = judging.run(seed, pieces or Pieces())
            judging.judge(seed, world)
        except (AssertionError, StuckError):
            return True
    return False
