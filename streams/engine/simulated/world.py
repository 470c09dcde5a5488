"""A world of workers over a log in memory: one seed is one run, and the same seed is the same run again.

Workers are killed at whatever they wait for, frozen while others take their partitions over and thawed as zombies;
the group gives partitions about; batches are lost; the clock is put forward and back. In the end one last worker
works off what is left, and what the log then holds can be judged.
"""

from collections.abc import Callable, Sequence
from random import Random

from streams.engine.log import Entry, Place
from streams.engine.process import AnyProcess
from streams.engine.simulated.log import Kept, MemoryLog
from streams.engine.simulated.worker import Clock, Notice, Pieces, Worker

PARTITIONS = 2
"""Of every topic."""

_WORKERS = 3
_STEPS = 1_200
_PATIENCE = 60_000

Produce = Callable[[Random, int], Sequence[tuple[int, Entry]]]
"""Function of (chance, how many were called before): partitions and what is written to them next."""


Effect = Callable[[Random, MemoryLog], bool]
"""What carries outputs back into the input, as an effect behind a topic does; whether there was something to carry."""


def no_effect(rnd: Random, log: MemoryLog) -> bool:
    """Nothing comes back."""
    del rnd, log
    return False


class StuckError(Exception):
    """The last worker does not come to an end."""


class World:
    """One run."""

    def __init__(
        self,
        seed: int,
        process: AnyProcess,
        produce: Produce,
        *,
        chunk: int,
        pieces: Pieces,
        coalesced: frozenset[str] = frozenset(),
        effect: Effect = no_effect,
    ) -> None:
        """`chunk`: so many records of a partition are written at once, see `MemoryLog`; `coalesced`: see `Shard`."""
        self.log = MemoryLog(PARTITIONS, chunk=chunk)
        self.counts = dict.fromkeys(("killed", "frozen", "fenced", "rebalanced", "lost"), 0)
        self._seed = seed
        self._rnd = Random(seed)
        self._process = process
        self._input = process.input.name
        self._produce = produce
        self._produced = 0
        self._pieces = pieces
        self._coalesced = coalesced
        self._effect = effect
        self._clock = Clock()
        self._generation = 0
        self._workers: list[Worker] = []

    def run(self, lasts: Sequence[Sequence[tuple[int, Entry]]], end_ms: int) -> None:
        """Everything; then a last worker alone with its clock at `end_ms`, and each of `lasts` when all before is done.

        Raises:
            StuckError: it does not come to an end.
            Exception: what the engine raised; either names the seed in a note.
        """
        try:
            self._run(lasts, end_ms)
        except Exception as error:
            error.add_note(f"seed {self._seed}; {self.counts}")
            raise

    def _run(self, lasts: Sequence[Sequence[tuple[int, Entry]]], end_ms: int) -> None:
        for _ in range(_STEPS):
            self._happen()
            awake = [worker for worker in self._workers if not worker.frozen]
            if awake:
                self._step(self._rnd.choice(awake))
        for worker in self._workers:
            worker.kill()
        self._clock.now_ms = end_ms
        self._workers = []
        self._join()
        for last in lasts:
            self._write(last)
            self._finish(self._workers[0])

    def _finish(self, worker: Worker) -> None:
        for _ in range(_PATIENCE):
            self._step(worker)
            if worker.idle() and self._ticked(worker) and not self._effect(self._rnd, self.log):
                return
        raise StuckError("the last worker is not done")

    def records(self, topic: str) -> list[Kept]:
        """Everything in a topic, partition by partition."""
        return [kept for partition in range(PARTITIONS) for kept in self.log.records[Place(topic, partition)]]

    def _step(self, worker: Worker) -> None:
        if not worker.step():
            self.counts["fenced"] += 1
            self._workers.remove(worker)
            self._rebalance()

    def _happen(self) -> None:
        chance = self._rnd.random()
        if chance < 0.12:
            self._write(self._produce(self._rnd, self._produced))
            self._produced += 1
        elif chance < 0.14:
            self._clock.now_ms = max(0, self._clock.now_ms + self._rnd.choice((100, 400, 2_000, -1_500)))
        elif chance < 0.16 and len(self._workers) < _WORKERS:
            self._join()
        elif chance < 0.18 and self._workers:
            self._trouble(self._rnd.choice(self._workers))
        elif chance < 0.22:
            self._effect(self._rnd, self.log)

    def _trouble(self, worker: Worker) -> None:
        kind = self._rnd.randrange(5)
        if worker.frozen:
            worker.frozen = False  # it wakes as a zombie; the group takes it in again sooner or later
            if kind < 2:
                self._rebalance()
        elif kind == 0:
            self.counts["killed"] += 1
            worker.kill()
            self._workers.remove(worker)
            self._rebalance()
        elif kind in (1, 2):
            self.counts["frozen"] += 1
            worker.frozen = True
            self._rebalance()
        elif kind == 3:
            worker.lose_a_batch()
            self.counts["lost"] += worker.lost_a_batch
        else:
            self._rebalance()

    def _join(self) -> None:
        self._workers.append(self._new_worker())
        self._rebalance()

    def _new_worker(self) -> Worker:
        return Worker(self._process, self.log, self._rnd, self._clock, self._pieces, self._coalesced)

    def _rebalance(self) -> None:
        """Partitions go round; a frozen worker, or one that has not looked yet, goes on as if nothing were."""
        self.counts["rebalanced"] += 1
        self._generation += 1
        members = [worker for worker in self._workers if not worker.frozen]
        self._rnd.shuffle(members)
        for n, worker in enumerate(members):
            mine = frozenset(p for p in range(PARTITIONS) if p % len(members) == n)
            worker.notice = Notice(self._generation, mine)

    def _write(self, some: Sequence[tuple[int, Entry]]) -> None:
        for partition, entry in some:
            self.log.put(Place(self._input, partition), [entry])

    def _ticked(self, worker: Worker) -> bool:
        """Whether nothing is left that the clock would wake."""
        return all(next(held.shard.tick(self._clock.now_ms), "none") == "none" for held in worker.holding.all())
