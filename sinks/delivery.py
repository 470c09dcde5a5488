"""Brings facts to the store: collects for a moment, writes together, tries again for as long as it takes."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog

from sinks.batching import BatchSettings, back_off_ms, due_in_ms, rest_ms
from sinks.destination import Columns, Destination, Fact
from sinks.rows import Batch, Record, letter_of_fact, sort_out, table_columns
from streams.contracts.errors import UnavailableError
from streams.contracts.store import Store

_log = structlog.get_logger()
_LETTERS = "dead_letters"


class _Waiting(NamedTuple):
    batch: Batch
    done: Callable[[], None]
    since: float


@dataclass
class SinkStats:
    """What the writer has done: rows written by table, letters of its own, failures; whether the store answers."""

    stored: Counter[str] = field(default_factory=Counter)
    dead: int = 0
    failures: int = 0
    store_up: bool = True


class StoreWriter:
    """Writes the facts of all destinations to one store, with one task and one thread.

    `done` of a batch is called when its rows are in the store, never before. A store that does not answer makes
    the readers of facts wait, and nobody else.
    """

    def __init__(
        self, store: Store, destinations: Mapping[str, Destination], settings: BatchSettings | None = None
    ) -> None:
        """Nothing runs yet; see start."""
        self.stats = SinkStats()
        self._store = store
        self._destinations = destinations
        self._settings = settings or BatchSettings()
        self._queue: deque[_Waiting] = deque()
        self._rows = 0
        self._writing = 0
        self._being_written = 0.0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._wrote = asyncio.Event()
        self._batches_taken = 0
        self._batches_stored = 0
        self._hurried = 0
        self._rest_until = 0.0
        self._broken: Exception | None = None
        self._thread = ThreadPoolExecutor(1, "store-writer")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write; needs a running loop."""
        self._task = asyncio.create_task(self._write_on(), name="store-writer")

    @property
    def waiting_rows(self) -> int:
        """Records taken but not yet in the store."""
        return self._rows + self._writing

    def behind_ms(self) -> int:
        """How long the oldest record that is not in the store has waited here, real milliseconds."""
        since = self._being_written or (self._queue[0].since if self._queue else 0.0)
        return int((_seconds() - since) * 1000) if since else 0

    async def write(self, topic: str, partition: int, records: Sequence[Record], done: Callable[[], None]) -> None:
        """Take records in; returns at once unless too many wait. See engine.Reader.write.

        Whatever broke the writer is raised here.
        """
        await self._room.wait()
        if self._broken is not None:
            raise self._broken
        self._queue.append(_Waiting(Batch(topic, partition, records), done, _seconds()))
        self._rows += len(records)
        self._batches_taken += 1
        self._arrived.set()
        if self._rows >= self._settings.waiting_rows_max:
            self._room.clear()

    def idle(self) -> bool:
        """Nothing waits and nothing is being written."""
        return self._batches_stored == self._batches_taken

    async def flush(self) -> None:
        """Wait until everything taken in so far is in the store; it does not wait for company."""
        upto = self._batches_taken
        self._hurried += 1
        self._arrived.set()
        try:
            while self._batches_stored < upto:
                if self._broken is not None:
                    raise self._broken
                self._wrote.clear()
                await self._wrote.wait()
        finally:
            self._hurried -= 1

    async def close(self) -> None:
        """Stop writing. What is not in the store was never done, so it is read again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)

    async def _write_on(self) -> None:
        try:
            while True:
                await self._company()
                taken = self._take()
                began = _seconds()
                self._being_written = taken[0].since
                await self._write(taken)
                self._being_written = 0.0
                took_ms = int((_seconds() - began) * 1000)
                self._rest_until = _seconds() + rest_ms(self._settings, took_ms) / 1000
                self._writing = 0
                self._batches_stored += len(taken)
                for waiting in taken:
                    waiting.done()
                self._wrote.set()
        except Exception as error:
            # A bug. It is raised where the readers hand over, which stops the role.
            _log.exception("the store writer broke")
            self._broken = error
            self._room.set()
            self._wrote.set()

    async def _company(self) -> None:
        """Wait until there is something, and until it is due."""
        while not self._queue:
            self._arrived.clear()
            await self._arrived.wait()
        while not self._hurried:
            waited_ms = int((_seconds() - self._queue[0].since) * 1000)
            resting_ms = int((self._rest_until - _seconds()) * 1000)
            left_ms = due_in_ms(self._settings, self._rows, waited_ms, resting_ms)
            if left_ms == 0:
                return
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), left_ms / 1000)
            except TimeoutError:
                return

    def _take(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        rows = 0
        while self._queue and rows < self._settings.rows_max:
            waiting = self._queue.popleft()
            rows += len(waiting.batch.records)
            taken.append(waiting)
        self._rows -= rows
        self._writing = rows
        if self._rows < self._settings.waiting_rows_max:
            self._room.set()
        return taken

    async def _write(self, taken: Sequence[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        batches = [waiting.batch for waiting in taken]
        facts = await loop.run_in_executor(self._thread, self._sorted_out, batches)
        failures = 0
        while facts:
            try:
                await loop.run_in_executor(self._thread, self._store_some, facts)
            except UnavailableError as error:
                failures += 1
                self.stats.failures += 1
                if self.stats.store_up:
                    _log.warning("the store does not answer; facts wait", reason=str(error))
                self.stats.store_up = False
                await asyncio.sleep(back_off_ms(self._settings, failures) / 1000)
        if not self.stats.store_up:
            _log.info("the store answers again")
            self.stats.store_up = True

    def _sorted_out(self, batches: Sequence[Batch]) -> dict[str, list[Fact]]:
        rows = sort_out(self._destinations, batches)
        if rows.letters:
            rows.facts.setdefault(_LETTERS, []).extend(rows.letters)
            self.stats.dead += len(rows.letters)
        return rows.facts

    def _store_some(self, facts: dict[str, list[Fact]]) -> None:
        """Write one destination after the other and strike each out, so that a retry goes on where it stopped.

        Letters come last: writing the others may add some.
        """
        for name in sorted(facts, key=lambda name: name == _LETTERS):
            refused = self._keep(self._destinations[name], facts[name])
            del facts[name]
            if refused:
                self.stats.dead += len(refused)
                facts[_LETTERS] = facts.get(_LETTERS, []) + refused
        if facts:
            self._store_some(facts)

    def _keep(self, destination: Destination, facts: Sequence[Fact]) -> list[Fact]:
        """Write facts of one kind; what the store refuses is narrowed down to single rows, which become letters.

        Raises:
            UnavailableError: the store does not answer.
            ValueError: it refuses a letter: the schema is wrong.
        """
        try:
            for table, columns in table_columns(destination, facts):
                self._insert(table, columns, len(facts))
        except ValueError as error:
            if destination.table == _LETTERS:
                raise
            if len(facts) == 1:
                return [letter_of_fact(destination, facts[0], str(error))]
            half = len(facts) // 2
            return self._keep(destination, facts[:half]) + self._keep(destination, facts[half:])
        return []

    def _insert(self, table: str, columns: Columns, rows: int) -> None:
        self._store.insert(table, columns)
        self.stats.stored[table] += rows


def _seconds() -> float:
    return asyncio.get_running_loop().time()
