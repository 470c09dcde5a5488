"""What the tests of the adapter share: a producer that keeps `ends`, and reading topics back."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder

from streams.contracts.codec import encode
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark, RegistryMark
from streams.contracts.topics import partition_of
from streams.engine.on_faust.engine import Engine
from tests.streams.engine.toy import NOTES, Note, Told

PARTITIONS = 4
_END = b"end of what is there"
Ends = dict[tuple[str, int], int]


def wall_ms() -> int:
    """The machine's clock."""
    return time.time_ns() // 1_000_000


class Hall:
    """Sends notes and marks; `ends` tells how far."""

    def __init__(self, broker: str) -> None:
        """Not connected yet."""
        self.ends: Ends = {}
        self.broker = broker
        self._pending: list[asyncio.Future[object]] = []

    async def __aenter__(self) -> "Hall":
        """Connect."""
        self.producer = AIOKafkaProducer(bootstrap_servers=self.broker, linger_ms=2, max_batch_size=1 << 17)
        await self.producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Send what is left and let go."""
        await self.producer.stop()

    async def send(self, key: str, note: Note | bytes, at_ms: int | None = None, partition: int | None = None) -> None:
        """Queue one note."""
        value = note if isinstance(note, bytes) else encode(note)
        raw = key.encode()
        place = partition_of(raw, PARTITIONS) if partition is None else partition
        await self._put(raw, value, at_ms, place)

    async def send_all(self, notes: Iterable[tuple[str, Note]]) -> None:
        """Queue many, a batch a partition: for rates that `send` does not reach."""
        stamp = wall_ms()
        batches: dict[int, BatchBuilder] = {}
        for key, note in notes:
            raw = key.encode()
            place = partition_of(raw, PARTITIONS)
            batch = batches.get(place) or batches.setdefault(place, self.producer.create_batch())
            value = encode(note)
            if batch.append(timestamp=stamp, key=raw, value=value) is None:
                self._pending.append(await self.producer.send_batch(batch, NOTES.name, partition=place))
                batch = batches[place] = self.producer.create_batch()
                batch.append(timestamp=stamp, key=raw, value=value)
        for place, batch in batches.items():
            self._pending.append(await self.producer.send_batch(batch, NOTES.name, partition=place))

    async def mark(self, mark: HorizonMark | RegistryMark, at_ms: int | None = None) -> None:
        """Queue a mark in every partition."""
        for partition in range(PARTITIONS):
            await self._put(MARK_KEY, encode(mark), at_ms, partition)

    async def horizon(self, until_ms: int, at_ms: int | None = None) -> None:
        """Queue a horizon of the feed `notes`."""
        await self.mark(HorizonMark(feed="notes", horizon_at=from_ms(until_ms)), at_ms)

    async def sent(self) -> None:
        """Wait until everything queued is acknowledged."""
        pending, self._pending = self._pending, []
        for future in pending:
            metadata = await future
            place = (NOTES.name, metadata.partition)  # type: ignore[attr-defined]
            self.ends[place] = max(self.ends.get(place, 0), metadata.offset + 1)  # type: ignore[attr-defined]

    async def _put(self, key: bytes, value: bytes, at_ms: int | None, partition: int) -> None:
        stamp = wall_ms() if at_ms is None else at_ms
        self._pending.append(
            await self.producer.send(NOTES.name, value, key=key, partition=partition, timestamp_ms=stamp)
        )


async def until(condition: Callable[[], bool], seconds: float = 300.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        await asyncio.sleep(0.01)


async def idle(engine: Engine, seconds: float = 300.0) -> None:
    """Wait until everything is worked on and written.

    Raises:
        Exception: the engine has failed of this.
    """
    await until(lambda: engine.failed.done() or engine.idle(), seconds)
    if engine.failed.done():
        engine.failed.result()


async def read_each(broker: str, topic: str) -> AsyncIterator["ConsumerRecord[bytes, bytes]"]:
    """Everything in a topic as of now, in the order of each partition.

    The embedded broker tells too small ends, so that a record of ours is put behind the last one of each.
    """
    left = await _ends(broker, topic)
    consumer = AIOKafkaConsumer(  # `earliest` and no seek: a seek may lose against the look-up that assigning begins
        bootstrap_servers=broker, enable_auto_commit=False, fetch_max_wait_ms=50, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        consumer.assign(list(left))
        while left:
            for place, some in (await consumer.getmany(*left, timeout_ms=150, max_records=50_000)).items():
                for record in some:
                    if record.key != _END and record.offset < left[place]:
                        yield record
                if some[-1].offset >= left[place]:
                    del left[place]
    finally:
        await consumer.stop()


async def _ends(broker: str, topic: str) -> dict[TopicPartition, int]:
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    try:
        put = [await producer.send_and_wait(topic, b"", key=_END, partition=n) for n in range(PARTITIONS)]
    finally:
        await producer.stop()
    return {TopicPartition(topic, one.partition): one.offset for one in put}


async def read_all(broker: str, topic: str) -> list["ConsumerRecord[bytes, bytes]"]:
    """Everything in a topic, partition by partition."""
    records = [record async for record in read_each(broker, topic)]
    return sorted(records, key=lambda record: record.partition)


def bodies(records: list["ConsumerRecord[bytes, bytes]"], kind: type[Told]) -> list[Told]:
    """Records decoded."""
    decode = msgspec.json.Decoder(kind).decode
    return [decode(record.value or b"") for record in records]
