"""Batch transport: one Faust event for each partition and poll, and commits that follow the engine.

Overrides private parts of faust-streaming 0.15.3 and aiokafka 0.14.0, which is why their versions are pinned.
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import OffsetResetStrategy
from aiokafka.errors import ConsumerStoppedError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from streams.engine.log import Place, Record
from streams.engine.on_faust.lean import read_leanly
from streams.engine.on_faust.link import Link
from streams.engine.positions import Batch

if TYPE_CHECKING:
    from streams.engine.on_faust.app import EngineApp


class Fetched(dict[TopicPartition, list[Record]]):
    """What one poll brought, and after which seek."""

    seek = -1


class BatchThread(driver.AIOKafkaConsumerThread):
    """The consumer's thread, with a wait that is a setting and a seek that can be told from what came before."""

    @property
    def _link(self) -> Link:
        return cast("EngineApp", self.app).link

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = self._link.settings.fetch_max_wait_ms  # Faust has a fixed 1500
        return consumer

    async def on_thread_stop(self) -> None:
        """With a broker gone, aiokafka cancels itself over a fetch that waits to be tried again.

        Nobody would hear that the thread has ended, and connections would stay open.
        """
        with suppress(asyncio.CancelledError):
            await super().on_thread_stop()
        if self._consumer is not None:
            await self._consumer._client.close()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """aiokafka sends no heartbeats while this is awaited; reading state back may take longer than a session."""
        self._ensure_consumer()._coordinator._start_heartbeat_task()
        await super().on_partitions_assigned(assigned, generation_id)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every partition; those without a commit to their beginning."""
        committed: Mapping[TP, int] = await self.call_thread(self._seek_all)
        return committed

    async def _seek_all(self) -> Mapping[TP, int]:
        """Ask for all partitions first, then seek and count in one step without an await.

        aiokafka asks and seeks one after the other and skips what has no commit, so that a fetch in between cannot
        be told stale from fresh.
        """
        consumer = self._ensure_consumer()
        places = list(consumer.assignment())
        answers = await asyncio.gather(*(consumer.committed(place) for place in places))
        committed = dict(zip(places, answers, strict=True))
        fetcher = consumer._fetcher
        fresh: list[TopicPartition] = []
        starts: dict[Place, int] = {}
        for place, offset in committed.items():
            if place not in consumer.assignment():
                continue
            if offset:
                fetcher.seek_to(place, offset)
            elif place.topic in self._link.topics:
                fresh.append(place)
            if place.topic in self._link.topics:
                starts[Place(*place)] = offset or 0
        reset = fetcher.request_offset_reset(fresh, OffsetResetStrategy.EARLIEST) if fresh else None
        self._link.positions.sought(starts)
        if reset is not None:
            await reset
        return cast("Mapping[TP, int]", committed)

    async def _fetch_records(self, consumer: Any, *arguments: Any, **named: Any) -> Any:
        read_leanly(consumer._fetcher, self._link.topics)
        fetched = Fetched(await super()._fetch_records(consumer, *arguments, **named))
        fetched.seek = self._link.positions.seek  # in the same thread as the seek
        return fetched

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust guesses here whether a stream is slow, from single events; batches confuse it."""


class BatchConsumer(driver.Consumer):
    """Hands whole batches to agents and commits what the engine calls safe."""

    _paused_generation: int | None = None

    @property
    def _link(self) -> Link:
        return cast("EngineApp", self.app).link

    def _new_consumer_thread(self) -> Any:
        """Its loop is of the same kind as ours: uvloop where that runs."""
        running: Any = asyncio.get_running_loop()
        thread: Any = BatchThread(self, loop=self.loop, thread_loop=type(running)(), beacon=self.beacon)
        thread._close_thread_loop_on_stop = True  # as if mode had made it
        return thread

    async def _pause_changelogs(self) -> None:
        """Changelogs that have been read would be fetched back for ever."""
        consumer = self._thread._ensure_consumer()
        recovery = cast("Any", self.app.tables).recovery
        wanted = [TopicPartition(tp.topic, tp.partition) for tp in recovery.active_tps - recovery.standby_tps]
        consumer.pause(*[tp for tp in wanted if tp in consumer.assignment()])

    async def _drain_messages(self, fetcher: Any) -> None:
        """The loop that polls; ends when the consumer or its fetcher stops."""
        numbers: dict[TP, tuple[int, int]] = {}
        try:
            while not (self._stopped.is_set() or fetcher._stopped.is_set()):
                await asyncio.sleep(0)
                if self._paused_generation != self.app.consumer_generation_id and self.app.tables.actives_ready:
                    self._paused_generation = self.app.consumer_generation_id
                    await self._thread.call_thread(self._pause_changelogs)
                records, active = await self._wait_next_records(1.0)
                generation, seek = self.app.consumer_generation_id, getattr(records, "seek", -1)
                if not records:
                    continue
                if not self.flow_active:
                    await self.perform_seek()
                    continue
                for tp, found in records.items():
                    if active is not None and tp not in active and tp not in self._buffered_partitions:
                        continue
                    if not await self._deliver(tp, found, seek, generation, numbers):
                        break
        except (asyncio.CancelledError, ConsumerStoppedError):
            if not self.transport.app.should_stop:
                raise

    async def _deliver(
        self, tp: TP, found: list[Any], seek: int, generation: int, numbers: dict[TP, tuple[int, int]]
    ) -> bool:
        """Hand one partition's records over; False where the whole poll is stale."""
        batched = tp.topic in self._link.topics
        if batched and seek != self._link.positions.seek:
            return False
        step = self._link.settings.batch_max if batched else 1
        for start in range(0, len(found), step):
            of_seek, number = numbers.get(tp, (-1, 0))
            batch = Batch(found[start : start + step], seek, number if of_seek == seek else 0)
            numbers[tp] = (seek, batch.number + 1)
            last = batch[-1].offset
            read = self._read_offset[tp]
            if (
                not self.flow_active
                or generation != self.app.consumer_generation_id
                or (read is not None and last < read)
            ):
                break
            message = self._message(tp, batch, generation) if batched else self._to_message(tp, batch[0])
            await self.wait_first(self.callback(message), self.suspend_flow.wait())
            self._read_offset[tp] = last
        return True

    def _message(self, tp: TP, batch: Batch, generation: int) -> Any:
        last = batch[-1]
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            last.offset,
            last.timestamp / 1000.0,
            0,
            None,
            None,
            cast("Any", batch),
            None,
            0,
            0,
            tp,
            generation_id=generation,
        )

    async def _commit_tps(self, tps: Iterable[TP], start_new_transaction: bool) -> bool:
        """Faust's own ledger of single events is not used; also when only time passed there may be state to write."""
        places: list[Place] = []
        for tp in self.assignment():
            if tp.topic in self._link.topics:
                self._acked[tp].clear()
                self._acked_index[tp].clear()
                places.append(Place(tp.topic, tp.partition))
        await self._link.commit(places)
        return True

    async def commit_places(self, offsets: Mapping[Place, int]) -> None:
        """Commit these, as far as they are new."""
        new = {TP(*place): offset for place, offset in offsets.items() if self._should_commit(TP(*place), offset)}
        if new:
            await self._commit_offsets(new, start_new_transaction=True)


class BatchTransport(driver.Transport):
    """The aiokafka driver with our consumer."""

    Consumer = BatchConsumer
