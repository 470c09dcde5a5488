"""The embedded stack: one process with broker, store, roles and journal; safe against kill -9 at any instant.

Order of a start: load the snapshot, bring the stream up with its rows, replay the journal's tail with its own stamps
while ticks are held and nobody is told anything, then live.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import msgspec
import structlog

from alerting.channel import open_channels
from alerting.delivery.process import DeliverySettings
from alerting.sending import Sender
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.marks_seen import MarksSeen
from deploy.embedded.snapshot import Row, SnapshotHeader, read_snapshot, write_snapshot
from deploy.embedded.stream import Stream
from deploy.settings import Settings
from deploy.shelf import RegistryShelf
from deploy.wiring import Parts, make_roles
from sinks.delivery import StoreWriter
from streams.contracts.alert import Command
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnavailableError
from streams.contracts.mark import Mark, RegistryMark
from streams.contracts.push import PushReceipt
from streams.contracts.ranking import Ranking
from streams.contracts.registry_part import RegistryRecord
from streams.contracts.store import Store
from streams.contracts.topics import CASE_EVENTS, COMMANDS, FINDINGS, PUSH_REQUESTS, RANKINGS, REGISTRY, Topic
from streams.intake.door import Door
from streams.intake.journal import START, Journal, Position
from streams.intake.live_marks import marks_due
from streams.registry.registry import HallRegistry, Registry
from streams.registry.versions import key_of

_log = structlog.get_logger()
_REPLAY_DRAIN_SECONDS = 600.0
_DRAIN_SECONDS = 60.0
_STORE_RETRY_SECONDS = 2.0
_JUDGING = (FINDINGS, CASE_EVENTS)
"""Input topics whose processes judge by the registry, and so carry its marks; the version is in force with the last."""
_ROLES_BEFORE_LIVE = ("supervise", "alert", "deliver")
"""A store that does not answer must not keep people from being told."""


class StackError(Exception):
    """The stack cannot start or go on; the text says what to do."""


class Stack:
    """A running embedded stack. Its folder must be owned by this process."""

    def __init__(
        self, folder: DataFolder, settings: Settings, now: Callable[[], int], parts: Parts, store: Store
    ) -> None:
        """Nothing is started yet; the stack closes the store when it stops."""
        self.folder = folder
        self.settings = settings
        self.now = now
        self.parts = parts
        self.store = store
        self.shelf = RegistryShelf(folder.registry)
        self.marks = MarksSeen()
        self.live = False
        self.marks_live_feeds = True
        """False for a simulation, which knows better than the clock how far its feed is."""
        self.replayed = 0
        self.dead_letters = 0
        self._changing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.writer = StoreWriter(store, parts.destinations)
        self.sender = Sender(open_channels(parts.channels, settings.channels), self._receipt, now)
        self.journal = Journal(folder.journal)
        self.door = Door(self.journal, self.marks, now)
        self.stream: Stream
        self.crashed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._open = asyncio.Event()
        """Set while the outside may come in; receipts and dead letters of our own always may."""

    @property
    def registry(self) -> Registry:
        """The registry in force."""
        return self.shelf[self.marks.registry_version]

    async def start(self) -> None:
        """Come up as the last life ended, however it ended; returns when live.

        Raises:
            StackError: the folder was made with other settings.
            SnapshotError, UnreadableError: the folder is damaged.
        """
        loop = asyncio.get_running_loop()
        kept = await loop.run_in_executor(None, read_snapshot, self.folder.snapshot)
        rows: Sequence[Row] = ()
        position = START
        if kept:
            header, rows = kept
            self._check(header)
            position = Position(*map(int, header.journal.split(":")))
            self.marks.begin_with(header)
        self._start_task(self._write_facts())
        await self._bring_up(rows)
        self.replayed = await self.door.replay(position)
        if not await self.stream.drained(_ROLES_BEFORE_LIVE, _REPLAY_DRAIN_SECONDS):
            raise StackError("the journal's tail was not worked off: see the log")
        await self.door.start()
        self._go_live()
        self._start_task(self._snapshots())
        self._start_task(self._mark_live_feeds())

    async def _write_facts(self) -> None:
        """Bring the store's schema up to date, for as long as it takes; facts wait until then."""
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(None, self.store.migrate)
            except UnavailableError as error:
                _log.warning("the store does not answer; facts wait", reason=str(error))
                await asyncio.sleep(_STORE_RETRY_SECONDS)
            else:
                self.writer.start()
                return

    def _check(self, header: SnapshotHeader) -> None:
        if header.partitions != self.settings.stream.partitions:
            raise StackError(
                f"{self.folder.root} was made with {header.partitions} partitions, the settings say "
                f"{self.settings.stream.partitions}: partition counts are fixed for a folder's life"
            )

    async def _bring_up(self, rows: Sequence[Row]) -> None:
        version = self.marks.registry_version
        delivery = DeliverySettings(
            answer_seconds=self.settings.telling.answer_seconds,
            answer_seconds_max=max(3600, self.settings.telling.answer_seconds),
        )
        made = make_roles(self.parts, self.shelf, version, self.writer, self.sender, delivery)
        self.stream = Stream(self.settings.stream, made, self.now, self._dead)
        stream = self.stream
        await stream.start(rows, version)
        self.marks.publisher = stream.publisher
        for ended in stream.failed():
            ended.add_done_callback(lambda _: self._on_end_of_role(stream))

    def _on_end_of_role(self, stream: Stream) -> None:
        if self.live and stream is self.stream and not self.crashed.done():
            self.crashed.set_result(None)

    def _go_live(self) -> None:
        self.stream.release_ticks()
        self.sender.go_live()
        if self.sender.failed:
            self.sender.failed.add_done_callback(lambda _: self._on_end_of_role(self.stream))
        self.live = True
        self._open.set()

    def _start_task(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- from outside

    async def apply_hall(self, hall: HallRegistry) -> str:
        """Put a hall's data in force; returns the registry version. The same data changes nothing."""
        async with self._changing:
            await self._open.wait()
            version = self.shelf.with_hall(self.marks.registry_version, hall, self.now())
            if version == self.marks.registry_version:
                return version
            kept = self.shelf.kept(version)
            records: list[RegistryRecord] = [*kept.parts, kept.manifest]
            await self.door.accept(REGISTRY, [(key_of(record), record) for record in records])
            for topic in _JUDGING:
                await self.door.mark(topic, RegistryMark(version=version))
            return version

    async def accept(self, topic: Topic, rows: Sequence[tuple[str, msgspec.Struct]]) -> None:
        """Take records (key and contract) of one topic; they are safe on return."""
        await self._open.wait()
        await self.door.accept(topic, rows)

    async def mark(self, topic: Topic, mark: Mark) -> None:
        """Put a mark behind everything accepted so far, into every partition of a topic."""
        await self._open.wait()
        await self.door.mark(topic, mark)

    async def dead(self, *letters: DeadLetter) -> None:
        """Keep messages that could not be read."""
        await self._open.wait()
        await self.door.dead(*letters)

    async def publish_ranking(self, ranking: Ranking) -> None:
        """Keep a ranking as a fact; a later one of the same board and period is a new version of it."""
        await self.accept(RANKINGS, [(f"{ranking.hall}/{ranking.board}/{ranking.period}", ranking)])

    async def command(self, command: Command) -> None:
        """Keep a person's decision and hand it to the process that owns its subject."""
        await self._open.wait()
        await self.door.accept(COMMANDS, [(command.alert_id, command)])
        await self.door.accept(FINDINGS, [(command.alert_id, command)])

    async def _receipt(self, receipt: PushReceipt) -> None:
        await self.door.accept(PUSH_REQUESTS, [(receipt.receiver, receipt)])

    def _dead(self, letter: DeadLetter) -> None:
        """A process set a record aside; the engine has already written the letter to its topic."""
        self.dead_letters += 1
        _log.warning("record set aside", place=letter.place, reason=letter.reason)

    # ---- keeping

    async def drained(self, timeout_seconds: float = _DRAIN_SECONDS) -> bool:
        """Wait until everything accepted is judged, told and stored; False when the time is over."""
        return await self.stream.drained(None, timeout_seconds, (self.writer.idle, self.sender.idle))

    async def snapshot(self) -> bool:
        """Write all rows down with the journal's position; False when the stream did not come to rest in time.

        Also empties the embedded broker, by starting it anew, when it holds more memory than the settings allow.
        """
        async with self._changing:
            self._open.clear()
            try:
                if not await self.drained():
                    _log.warning("no snapshot: the stream did not come to rest; the journal keeps everything")
                    return False
                await self.door.pause()
                position = self.journal.roll()
                rows = list(self.stream.rows())
                header = SnapshotHeader(
                    journal=f"{position.segment}:{position.offset}",
                    registry_version=self.marks.registry_version,
                    partitions=self.settings.stream.partitions,
                    at_ms=self.now(),
                    horizons=self.marks.horizons,
                    history=self.marks.history,
                )
                await asyncio.get_running_loop().run_in_executor(None, self._write_down, header, rows)
                self.journal.remove_before(position)
                if self.live and self.stream.broker_megabytes() > self.settings.stream.broker_megabytes:
                    await self._empty_broker(rows)
                return True
            finally:
                self.door.resume()
                self._open.set()

    def _write_down(self, header: SnapshotHeader, rows: Sequence[Row]) -> None:
        """What lets the journal's tail go must be on disk itself; the embedded store leaves that to the system."""
        os.sync()
        write_snapshot(self.folder.snapshot, header, rows)

    async def _empty_broker(self, rows: Sequence[Row]) -> None:
        _log.info("emptying the embedded broker", megabytes=round(self.stream.broker_megabytes()))
        self.live = False
        await self.stream.stop()
        await self._bring_up(rows)
        self._go_live()

    async def _mark_live_feeds(self) -> None:
        """Say of each live push feed, again and again, that it is complete until now; a silent one's horizon stays."""
        while True:
            await asyncio.sleep(self.settings.stream.mark_seconds)
            if not self.marks_live_feeds:  # asked for while this slept: the history of a simulation is half sent in
                return
            feeds = [feed for hall in self.registry.halls.values() for feed in hall.feeds]
            for mark in marks_due(feeds, self.door.heard, self.now()):
                await self.mark(CASE_EVENTS, mark)

    async def _snapshots(self) -> None:
        while True:
            await asyncio.sleep(self.settings.stream.snapshot_minutes * 60)
            await self.snapshot()

    async def stop(self) -> bool:
        """Come to rest, write a snapshot, end everything; False when no snapshot could be written (nothing is lost)."""
        self.live = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        whole = await self.snapshot()
        await self.stream.stop()
        await self.door.stop()
        await self.writer.close()
        await self.sender.close()
        self.journal.close()
        await asyncio.get_running_loop().run_in_executor(None, self.store.close)
        return whole
