"""Runs keyed processes and readers on Faust; one engine a role, several in one loop."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from functools import partial
from time import monotonic, perf_counter
from typing import Any

from streams.contracts.dead_letter import DeadLetter
from streams.engine.checkpoint import Checkpoints
from streams.engine.log import Place
from streams.engine.on_faust import garbage
from streams.engine.on_faust.app import make_app
from streams.engine.on_faust.changelogs import make_changelogs
from streams.engine.on_faust.faust_log import FaustLog
from streams.engine.on_faust.link import Link
from streams.engine.on_faust.pace import Pace
from streams.engine.on_faust.progress import Progress
from streams.engine.on_faust.reader import Reader, Reading
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.state import Row, Tables
from streams.engine.on_faust.stats import EngineStats, count
from streams.engine.on_faust.turns import Turns
from streams.engine.on_faust.watchdog import Watchdog, keep_asking
from streams.engine.positions import Batch, Positions
from streams.engine.process import AnyProcess
from streams.engine.shard import Shard
from streams.engine.work import Worked

__all__ = ["Engine", "EngineSettings", "Reader"]

_APP, _END = "app", "end of the app"
"""Tasks that go on while a worker finishes: the last checkpoint still needs them."""


class Engine:
    """One role: its own Faust app and consumer group. Made inside a running loop."""

    def __init__(
        self,
        role: str,
        broker: str,
        *,
        settings: EngineSettings,
        now: Callable[[], int],
        ends: dict[tuple[str, int], int],
        processes: Sequence[AnyProcess] = (),
        readers: Sequence[Reader] = (),
        registry_version: str = "",
        incarnation: str = "",
        on_dead: Callable[[DeadLetter], None] = lambda _: None,
        on_restore: Callable[[int, int], None] = lambda _, __: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Nothing is started yet.

        `now`: the clock of wakes without a feed, epoch milliseconds. `ends`: next offset of every partition that
        anybody here has written to. `registry_version`: for shards that no mark has reached yet. `incarnation`: names
        a broker that lives and dies with this one worker; offsets of another one are void. `on_dead`: told each
        dead letter as it is made (it also goes to its topic). `on_restore`: told how many records of the changelogs
        of partitions that are taken over are read back, of how many. `clock`: of the watchdog, seconds.
        """
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._broker, self._settings, self._clock = broker, settings, clock
        self._topics: dict[str, list[str]] = {}
        self._app = make_app(role, broker, settings)
        self._positions = Positions(self._topics)
        self._progress = Progress(self._positions, ends, self._topics)
        self._tables = Tables(
            self._app,
            processes,
            settings=settings,
            registry_version=registry_version,
            incarnation=incarnation,
            on_dead=on_dead,
            on_drop=self._positions.forget,
        )
        self._log = FaustLog(self._app, broker, settings, ends, self._tables.wrote)
        self._holding = self._tables.open(self._log, on_restore)
        self._checkpoints = self._holding.checkpoints = Checkpoints(self._holding.all, self._log, asyncio.Lock())
        self._pace = Pace(settings, self._behind, self._tables.worked)
        self._ready, self._hurry = asyncio.Event(), asyncio.Event()
        self._turns = Turns(settings, now, self._tables.shards, self._flowing, self._note_hurry)
        self._stopping = False
        self._refused, self._checkpoint_seconds = 0, 0.0
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._app.link = Link(settings, self._topics, self._positions, self._write_and_commit, self._ready.set)
        self._subscribe_all(processes, readers)

    # ---- life

    async def start(self) -> None:
        """Join the group; returns when partitions are assigned, restored and flowing.

        Raises:
            UnavailableError, ValueError: of the changelogs, see `make_changelogs`.
            Exception: the app crashed on the way; the same that `failed` carries.
        """
        await make_changelogs(self._broker, self._tables.changelogs(), self._settings)
        garbage.begin()
        self._app.loop = asyncio.get_running_loop()
        self._app.finalize()
        self._spawn(_APP, self._app.start())
        self._spawn(_END, self._watch())
        patience, turns = self._settings.patience_seconds, self._progress.turns
        dog = Watchdog(patience, self._flowing, self._behind, turns, self._tables.worked, self._clock)
        self._spawn("watchdog", dog.run())
        self._spawn("asking", keep_asking(patience, self._flowing, self._log.answer))
        ready = asyncio.ensure_future(self._ready.wait())
        await asyncio.wait((ready, self.failed), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self.failed.done():
            self.failed.result()
        self._spawn("ticks", self._turns.tick())
        self._spawn("re-planning", self._turns.replan())
        self._spawn("early checkpoints", self._write_early())
        garbage.settle()

    async def stop(self) -> None:
        """Finish what is being worked on, write the last checkpoint, commit, leave the group.

        What goes wrong on the way ends up in `failed`; a worker that has failed lets go without another word.
        """
        flowed = self._flowing()
        self._stopping = True
        if not self.failed.done():
            try:
                await asyncio.wait_for(self._finish(flowed), self._settings.patience_seconds)
            except Exception as error:
                self.give_up(error)
        if self.failed.done():
            self._log.abandon()
        await self._app.stop()
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        garbage.release()

    async def _finish(self, flowed: bool) -> None:
        await self._checkpoints.finished()  # broken off, the one under way would be the last
        for name in self._tasks.keys() - {_APP, _END}:
            self._tasks[name].cancel()
        if flowed and not self._holding.alone:
            await self._checkpoints.close()

    def give_up(self, error: BaseException) -> None:
        """This worker has failed; what it still has to write is left to whoever takes over."""
        if not self.failed.done():
            self.failed.set_exception(error)
            self.failed.exception()  # seen: nobody has to wait on it

    def hold_ticks(self) -> None:
        """Wakes without a feed wait: a journal is being replayed."""
        self._turns.held = True

    def release_ticks(self) -> None:
        """Wakes without a feed fire by the clock again."""
        self._turns.held = False

    def idle(self) -> bool:
        """Whether everything written so far is worked on, written down and acknowledged."""
        if not self._flowing() or self._checkpoints.running:
            return False
        return self._progress.caught_up() and all(shard.settled for shard in self._tables.shards())

    async def caught_up(self) -> None:
        """Return when all is worked on that stands now in the partitions assigned; also when they go or this fails."""
        await self._progress.reach(await self._log.standing(self._topics), self._app.consumer, self.failed)

    def lag(self) -> int:
        """Records of the topics read that are not worked on yet."""
        return self._progress.lag(self._app.consumer)

    def state_bytes(self) -> Mapping[str, int]:
        """How many bytes the rows of each process have; goes through all of them."""
        return self._tables.state_bytes()

    # ---- state

    async def checkpoint(self) -> None:
        """Write and acknowledge all that stands now."""
        started = perf_counter()
        self._pace.wrote(started)
        if await self._checkpoints.run():
            self._checkpoint_seconds += perf_counter() - started

    async def _write_and_commit(self, places: Iterable[Place]) -> None:
        started = perf_counter()
        if self.failed.done() or (self._flowing() and not self._pace.is_due(started, self._settings.behind_seconds)):
            return
        self._pace.wrote(started)
        try:
            if await self._checkpoints.commit(places, self._positions):
                self._checkpoint_seconds += perf_counter() - started
        except Exception as error:
            if not self._stopping:
                raise
            self.give_up(error)  # Faust would stop stopping

    def rows(self) -> Iterator[Row]:
        """Every row as written, for a snapshot; complete only while `idle`."""
        return self._tables.rows()

    def load_rows(self, rows: Iterable[Row]) -> None:
        """Rows of a snapshot; before `start`. Their offsets belong to another incarnation and are void."""
        self._tables.load_rows(rows)

    @property
    def stats(self) -> EngineStats:
        """What was done since the start; subjects of the shards held now."""
        return count(self._tables.done, self._holding, self._checkpoints, self._checkpoint_seconds, self._refused)

    # ---- work

    def _subscribe_all(self, processes: Sequence[AnyProcess], readers: Sequence[Reader]) -> None:
        for process in processes:
            worked = Worked(process.name, self._positions, self._turns.sliced, partial(asyncio.sleep, 0))
            self._progress.watch(process.input.name, worked)
            self._subscribe(process.name, [process.input.name], partial(self._work, process.name, worked))
        for reader in readers:
            self._subscribe(reader.name, reader.topics, partial(self._read, Reading(reader, self._positions)))

    def _subscribe(
        self, name: str, topics: Sequence[str], work: Callable[[Any, Batch], Coroutine[Any, Any, None]]
    ) -> None:
        for topic in topics:
            self._topics.setdefault(topic, []).append(name)

        async def agent(stream: Any) -> None:
            async for event in stream.events():
                try:
                    await work(event.message, event.value)
                except Exception as error:  # Faust would drop the batch and go on
                    await self._app.crash(error)
                    return

        source = self._app.topic(
            *topics, partitions=self._settings.partitions, key_serializer="raw", value_serializer="raw"
        )
        self._app.agent(source, name=name)(agent)

    async def _work(self, name: str, worked: Worked, message: Any, batch: Batch) -> None:
        place = Place(message.topic, message.partition)
        fresh = partial(self._fresh, message, batch)
        shard = self._tables.table(name).shard(place.partition) if fresh() else None
        if shard is None or not await worked.through(shard, place, batch, fresh):
            self._refused += 1
        else:
            self._note_hurry(shard)

    async def _read(self, reading: Reading, message: Any, batch: Batch) -> None:
        if not (self._fresh(message, batch) and await reading.take(Place(message.topic, message.partition), batch)):
            self._refused += 1

    def _fresh(self, message: Any, batch: Batch) -> bool:
        consumer: Any = self._app.consumer
        return (
            batch.seek == self._positions.seek
            and bool(consumer.flow_active)
            and not self._stopping
            and message.generation_id == self._app.consumer_generation_id
        )

    # ---- time

    def _note_hurry(self, shard: Shard) -> None:
        if shard.hurry:
            self._hurry.set()

    async def _write_early(self) -> None:
        while True:
            await self._hurry.wait()
            await asyncio.sleep(self._settings.hurry_seconds)
            self._hurry.clear()
            if self._flowing() and self._pace.is_due(perf_counter(), self._settings.checkpoint_seconds):
                await self.checkpoint()

    def _behind(self) -> Iterator[tuple[Place, int, int]]:
        return self._progress.behind(self._app.consumer, self._tables.inputs)

    def _flowing(self) -> bool:
        return self._ready.is_set() and not (self._app.rebalancing or self._app.in_recovery or self._stopping)

    # ---- Faust

    async def _watch(self) -> None:
        """A crash of the app must be seen by whoever runs us."""
        await self._app.wait_until_stopped()
        if not self._stopping:
            raise self._app.crash_reason or RuntimeError("the stream has stopped")

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        task.add_done_callback(self._note_failure)
        self._tasks[name] = task

    def _note_failure(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.give_up(error)
