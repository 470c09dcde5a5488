"""The embedded stack: one process with broker, store, roles and journal; safe against kill -9 at any instant.

Order of a start: load the snapshot, bring the stream up with its rows, replay the journal's tail with its own stamps
while ticks are held and nobody is told anything, then live.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import structlog

from alerting.channel import open_channels
from alerting.sending import Sender
from dashboards.reader import Reader
from deploy.coming_up import JOURNAL, ROWS, SNAPSHOT, Told, nobody
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.live_feeds import mark_live_feeds
from deploy.embedded.marks_seen import MarksSeen
from deploy.embedded.snapshot import Row, SnapshotHeader, read_snapshot, write_snapshot
from deploy.embedded.stream import Stream
from deploy.rehydrating import Rehydrator
from deploy.settings import Settings
from deploy.shelf import RegistryShelf
from deploy.stores import bring_schema_up
from deploy.tasks import Tasks
from deploy.wiring import REGISTRY_MARKED, Parts, make_roles
from sinks.delivery import StoreWriter
from streams.contracts.alert import Acknowledge
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.mark import Mark, RegistryMark
from streams.contracts.push import PushReceipt
from streams.contracts.ranking import Ranking
from streams.contracts.registry_part import RegistryRecord
from streams.contracts.store import Store
from streams.contracts.topics import COMMANDS, FINDINGS, PUSH_REQUESTS, RANKINGS, REGISTRY, Topic
from streams.intake.door import Door
from streams.intake.journal import START, Journal, Position
from streams.intake.relay import Relay
from streams.registry.registry import HallRegistry, Registry
from streams.registry.versions import key_of

_log = structlog.get_logger()
_REPLAY_DRAIN_SECONDS = 600.0
_DRAIN_SECONDS = 60.0
_SCHEMA_SECONDS = 5.0
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
        self.live = self._is_up = False
        self._is_replayed = False
        """Whether the rows stand for the whole journal; before, a snapshot would forget its tail."""
        self.marks_live_feeds = True
        """False for a simulation, which knows better than the clock how far its feed is."""
        self.replayed = 0
        self.dead_letters = 0
        self._changing = asyncio.Lock()
        self._tasks = Tasks(self._crash)
        self._schema: asyncio.Task[None] | None = None
        self.writer = StoreWriter(store, parts.destinations)
        self.sender = Sender(open_channels(parts.channels, settings.channels), self._receipt, now)
        self.journal = Journal(folder.journal)
        self.door = Door(self.journal, self.marks, now)
        self.relay = Relay(self.door.accept)
        self.rehydrator = Rehydrator(Reader(store), self.door.accept, self.door.dead)
        self.stream: Stream
        self.crashed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._open = asyncio.Event()
        """Set while the outside may come in; receipts of our own go past it, through the same door."""

    @property
    def registry(self) -> Registry:
        """The registry in force."""
        return self.shelf[self.marks.registry_version]

    async def start(self, tell: Told = nobody) -> None:
        """Come up as the last life ended, however it ended; returns when live. `tell` is told how far it is.

        Raises:
            SnapshotError, UnreadableError: the folder is damaged, or was made with other settings.
            StackError: it does not come up.
        """
        if self.journal.cut_bytes:
            _log.warning("a torn end of the journal was cut off: it was never accepted", bytes=self.journal.cut_bytes)
        loop = asyncio.get_running_loop()
        kept = await loop.run_in_executor(None, read_snapshot, self.folder.snapshot, partial(tell, SNAPSHOT))
        rows: Sequence[Row] = ()
        position = START
        if kept:
            header, rows = kept
            header.check_partitions(self.settings.stream.partitions, self.folder.root)
            position = Position(*map(int, header.journal.split(":")))
            self.marks.begin_with(header)
        self._schema = self._tasks.start(self._write_facts())
        await self._bring_up(rows, tell)
        self._is_up = True
        self.replayed = await self.door.replay(position, partial(tell, JOURNAL))
        if not await self.stream.drained(_ROLES_BEFORE_LIVE, _REPLAY_DRAIN_SECONDS):
            raise StackError("the journal's tail was not worked off: see the log")
        await self.door.start()
        self._go_live()
        self._is_replayed = True
        _log.info("up", rows=len(rows), replayed=self.replayed)
        self.rehydrator.start()
        self._tasks.start(self._snapshots())
        self._tasks.start(mark_live_feeds(self))

    async def _write_facts(self) -> None:
        self.writer.stats.store_up = False
        await bring_schema_up(self.store)
        self.writer.stats.store_up = True
        self.writer.start()

    async def _wait_for_schema(self) -> None:
        """Facts wait for the schema, and a snapshot for them; not for long, since a store may be away."""
        if self._schema:
            await asyncio.wait({self._schema}, timeout=_SCHEMA_SECONDS)

    async def _bring_up(self, rows: Sequence[Row], tell: Told = nobody) -> None:
        version = self.marks.registry_version
        effects = self.writer, self.sender, self.relay, self.rehydrator
        made = make_roles(self.parts, self.shelf, version, *effects, self.settings)
        stream = self.stream = Stream(self.settings.stream, made, self.now, self._dead)
        await stream.start(rows, version, partial(tell, ROWS))
        self.marks.publisher = stream.publisher
        for ended in stream.failed():
            ended.add_done_callback(lambda _: self._on_end_of_role(stream))

    def _on_end_of_role(self, stream: Stream) -> None:
        if self.live and stream is self.stream:
            self._crash()

    def _crash(self) -> None:
        if not self.crashed.done():
            self.crashed.set_result(None)

    def _go_live(self) -> None:
        self.stream.release_ticks()
        self.sender.go_live()
        self._tasks.start(self.relay.go_live())
        if self.sender.failed:
            self.sender.failed.add_done_callback(lambda _: self._on_end_of_role(self.stream))
        self.live = True
        self._open.set()

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
            for topic in REGISTRY_MARKED:
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

    async def acknowledge(self, command: Acknowledge) -> None:
        """Keep that somebody takes an alert on, and hand it to the process that owns the alert."""
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
        return await self.stream.drained(None, timeout_seconds, (self.writer.idle, self.sender.idle, self.relay.idle))

    async def snapshot(self) -> bool:
        """Write all rows down with the journal's position; False when the stream did not come to rest in time.

        Also empties the embedded broker, by starting it anew, when it holds more memory than the settings allow.
        """
        await self._wait_for_schema()
        if not self.writer.stats.store_up:
            _log.warning("no snapshot: the store does not answer; the journal keeps everything")
            return False  # facts that wait would be forgotten; and nobody is kept waiting at the door for it
        async with self._changing:
            self._open.clear()
            self.stream.hold_ticks()
            try:
                if not await self._come_to_rest():
                    _log.warning("no snapshot: the stream did not come to rest; the journal keeps everything")
                    return False
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
                # What lets the journal's tail go must be on disk itself; the embedded store leaves that to the system.
                await asyncio.to_thread(os.sync)
                await asyncio.to_thread(write_snapshot, self.folder.snapshot, header, rows)
                self.journal.remove_before(position)
                if self.live and self.stream.broker_megabytes() > self.settings.stream.broker_megabytes:
                    await self._empty_broker(rows)
                return True
            finally:
                if self.live:
                    self.stream.release_ticks()
                self.door.resume()
                self._open.set()

    async def _come_to_rest(self) -> bool:
        """Shut the door with nothing under way behind it, not even what was on its way in; False when time is over."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _DRAIN_SECONDS
        while await self.drained(end - loop.time()):
            await self.door.pause()
            if self.stream.idle() and self.writer.idle() and self.sender.idle() and self.relay.idle():
                return True
            self.door.resume()
        return False

    async def _empty_broker(self, rows: Sequence[Row]) -> None:
        _log.info("emptying the embedded broker", megabytes=round(self.stream.broker_megabytes()))
        self.live = False
        await self.stream.stop()
        await self._bring_up(rows)
        self._go_live()

    async def _snapshots(self) -> None:
        while True:
            await asyncio.sleep(self.settings.stream.snapshot_minutes * 60)
            await self.snapshot()

    async def stop(self) -> bool:
        """Come to rest, write a snapshot, end everything; False when no snapshot could be written (nothing is lost)."""
        self.live = False
        await self._wait_for_schema()
        await self._tasks.cancel()
        whole = await self.snapshot() if self._is_replayed else False
        if self._is_up:
            await self.stream.stop()
        await self.door.stop()
        await self.writer.close()
        await self.sender.close()
        await self.rehydrator.close()
        self.journal.close()
        await asyncio.get_running_loop().run_in_executor(None, self.store.close)
        return whole
