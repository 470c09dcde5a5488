"""A worker in a simulated world: polls, works, commits, ticks, and follows its group, each at its own pace."""

from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, NamedTuple

from streams.engine.checkpoint import Checkpoints
from streams.engine.holding import Holding
from streams.engine.log import Place
from streams.engine.ownership import FencedError
from streams.engine.positions import Batch, Positions
from streams.engine.process import AnyProcess
from streams.engine.shard import Shard
from streams.engine.simulated.log import MemoryLog, pause
from streams.engine.subjects import LITTLE
from streams.engine.work import Worked

CHANGELOG = "changelog"
"""The topic of the rows."""

_QUEUE = 4
_BATCH = 5


@dataclass(frozen=True)
class Pieces:
    """What of the engine a worker is made of; a test puts a broken piece in to see that it is found out."""

    holding: type[Holding] = Holding
    checkpoints: type[Checkpoints] = Checkpoints
    positions: type[Positions] = Positions
    worked: type[Worked] = Worked


class Turnstile:
    """A lock whose waiters look again at each of their turns."""

    def __init__(self) -> None:
        """Free."""
        self._taken = False

    async def __aenter__(self) -> None:
        """Wait for the turn."""
        while self._taken:
            await pause()
        self._taken = True

    async def __aexit__(self, *_: object) -> None:
        """The next one may go."""
        self._taken = False


class Notice(NamedTuple):
    """What the group tells a member: its partitions in this generation."""

    generation: int
    partitions: frozenset[int]


class Clock:
    """The clock of a world; it may be put forward and back."""

    now_ms = 0


class Worker:
    """One worker; `turns` are its coroutines, of which whoever drives it takes one step at a time."""

    def __init__(
        self,
        process: AnyProcess,
        log: MemoryLog,
        rnd: Random,
        clock: Clock,
        pieces: Pieces,
        coalesced: frozenset[str] = frozenset(),
    ) -> None:
        """Holds nothing yet. `coalesced`: see `Shard`."""
        self.notice: Notice | None = None
        self.frozen = False
        self.flowing = False
        self.lost_a_batch = False
        self._topic = process.input.name
        self._log = log
        self._rnd = rnd
        self._clock = clock
        self._known: Notice | None = None
        self._queue: list[tuple[Place, Batch]] = []
        self._fetched: dict[Place, int] = {}
        self._numbers: dict[Place, int] = {}
        self.positions = pieces.positions({self._topic: [process.name]})
        partitions = log.partitions(self._topic)
        hot_max, little = rnd.choice((0, 2, 100)), rnd.choice((0, LITTLE))

        def shard(place: Place) -> Shard:
            return Shard(
                process, place.partition, partitions=partitions, hot_max=hot_max, coalesced=coalesced, little=little
            )

        self.holding = pieces.holding(
            log,
            shard,
            lambda place: self.positions.forget(Place(self._topic, place.partition)),
        )
        self._checkpoints = self.holding.checkpoints = pieces.checkpoints(self.holding.all, log, Turnstile())
        self._worked = pieces.worked(process.name, self.positions, self._sliced, pause)
        work = (self._poll(), self._work(), self._commit(), self._write_early(), self._tick(), self._follow())
        self.turns: list[Coroutine[Any, Any, None]] = list(work)

    def step(self) -> bool:
        """One step of one of its coroutines; False where it has found out that others own its partitions."""
        try:
            self._rnd.choice(self.turns).send(None)
        except FencedError:
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """It never comes back from where it waits."""
        for turn in self.turns:
            turn.close()
        self.flowing = False

    def idle(self) -> bool:
        """Whether everything in its partitions is worked on, written and acknowledged."""
        if not self.flowing or self._checkpoints.running or self._known != self.notice:
            return False
        return all(held.shard.settled for held in self.holding.all()) and all(
            self.positions.reached(place) == len(self._log.records[place]) for place in self._places()
        )

    def lose_a_batch(self) -> None:
        """One batch on its way to the work is lost, as when queues are cleared around a rebalance."""
        if self._queue:
            self._queue.pop(self._rnd.randrange(len(self._queue)))
            self.lost_a_batch = True

    # ---- its coroutines

    async def _poll(self) -> None:
        while True:
            await pause()
            places = self._places()
            if not (self.flowing and places) or len(self._queue) >= _QUEUE:
                continue
            place, seek = self._rnd.choice(places), self.positions.seek
            start = self._fetched[place]
            records = self._log.records[place][start : start + self._rnd.randint(1, _BATCH)]
            await pause()  # a seek while this is under way makes it stale
            if not records:
                continue
            number = self._numbers.get(place, 0)
            self._queue.append((place, Batch(records, seek, number)))
            if seek == self.positions.seek:
                self._numbers[place] = number + 1
                self._fetched[place] = records[-1].offset + 1

    async def _work(self) -> None:
        while True:
            await pause()
            if self._queue:
                place, batch = self._queue.pop(0)
                held = self.holding.held(Place(CHANGELOG, place.partition)) if self._mine(place) else None
                if held is not None:
                    await self._worked.through(held.shard, place, batch, partial(self._fresh, batch.seek))

    async def _commit(self) -> None:
        while True:
            await self._rest(30)
            if self.flowing:
                await self._checkpoints.commit(self._places(), self.positions)

    async def _write_early(self) -> None:
        while True:
            await self._rest(40)
            if self.flowing:
                await self._checkpoints.run()

    async def _tick(self) -> None:
        while True:
            await self._rest(10)
            for held in self.holding.all():
                for steps in (held.shard.replan(), held.shard.tick(self._clock.now_ms)):
                    if not (held.shard.active and self.flowing):
                        break
                    for _ in self._sliced(steps):
                        await pause()
                        if not self.flowing:
                            break

    async def _follow(self) -> None:
        while True:
            await pause()
            notice = self.notice
            if notice is None or notice == self._known:
                continue
            self.flowing = False
            del self._queue[self._rnd.choice((0, 1)) :]  # one may be on its way already
            if self._rnd.random() < 0.3 and self._known is not None:
                await self._checkpoints.commit(self._places(), self.positions)
            self._known = notice
            mine = [Place(CHANGELOG, partition) for partition in sorted(notice.partitions)]
            await self.holding.assign(mine, notice.generation)
            await self.holding.activate(mine)
            if notice == self.notice:
                self._seek()
                self.flowing = True

    # ---- smaller things

    def _seek(self) -> None:
        starts = {place: self._log.committed.get(place, 0) for place in self._places()}
        self.positions.sought(starts)
        self._fetched, self._numbers = dict(starts), {}
        self.lost_a_batch = False

    def _fresh(self, seek: int) -> bool:
        return self.flowing and seek == self.positions.seek

    def _mine(self, place: Place) -> bool:
        return self._known is not None and place.partition in self._known.partitions

    def _places(self) -> list[Place]:
        return [Place(self._topic, partition) for partition in sorted(self._known.partitions)] if self._known else []

    def _sliced(self, steps: Iterator[None]) -> Iterator[None]:
        for _ in steps:
            if self._rnd.random() < 0.3:
                yield

    async def _rest(self, turns: int) -> None:
        for _ in range(self._rnd.randint(1, turns)):
            await pause()
