"""Puts accepted records into Kafka: hand-built batches, given stamps, order kept in every partition."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from time import monotonic
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.contracts.errors import UnavailableError
from streams.contracts.mark import MARK_KEY
from streams.contracts.topics import partition_of
from streams.intake.journal import Entry

Place = tuple[str, int]
"""A topic and one of its partitions."""

_log = structlog.get_logger()
_BATCH_BYTES = 900_000  # brokers refuse batches above 1 MiB
_REQUEST_MS = 10_000
_RETRY_SECONDS = 0.2
_RETRY_SECONDS_MAX = 5.0

_partition_of = lru_cache(maxsize=1 << 17)(partition_of)  # a case comes back with each of its events


class Publisher:
    """A producer that keeps order: a batch of a partition leaves when the one before it was acknowledged.

    `ends` is shared with the engines: the next offset of every partition that was written to.
    `unavailable` says why the broker does not answer, and is empty while it does.
    """

    def __init__(
        self,
        broker: str,
        partitions: int,
        ends: dict[Place, int],
        *,
        patience_seconds: float = float("inf"),
        request_ms: int = _REQUEST_MS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`patience_seconds` is how long a send is tried again before it fails, by `clock` (seconds, any origin)."""
        self._clock = clock
        self._broker = broker
        self._partitions = partitions
        self._ends = ends
        self._patience_seconds = patience_seconds
        self._request_ms = request_ms
        self._producer: AIOKafkaProducer | None = None
        self.unavailable = ""

    async def start(self) -> None:
        """Connect.

        Raises:
            UnavailableError: the broker does not answer.
        """
        producer = AIOKafkaProducer(
            bootstrap_servers=self._broker,
            acks="all",
            max_batch_size=_BATCH_BYTES,
            max_request_size=_BATCH_BYTES + 100_000,
            request_timeout_ms=self._request_ms,
        )
        try:
            await producer.start()
        except KafkaError as error:
            await producer.stop()
            raise UnavailableError(f"broker {self._broker}: {error}") from error
        self._producer = producer

    async def stop(self) -> None:
        """Disconnect; what was sent and awaited is with the broker."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def send(self, entries: Iterable[Entry]) -> None:
        """Send entries in their order; on return every record is acknowledged and `ends` is moved.

        Tries again while the broker does not answer, from the first record that was not acknowledged, so a record
        may stand twice in the log but never behind one that came after it.

        Raises:
            UnavailableError: the broker has not answered for `patience_seconds`, or this is not started (any more).
        """
        waiting = self._by_place(entries)
        give_up = self._clock() + self._patience_seconds
        pause = _RETRY_SECONDS
        while True:
            places = list(waiting)
            if self._producer is None:
                raise UnavailableError("the publisher is not started")
            producer = self._producer
            results = await asyncio.gather(*(self._send_rows(producer, place, waiting) for place in places))
            reason = next((text for text in results if text), "")
            self.unavailable = reason
            if not reason:
                return
            if self._clock() + pause > give_up:
                raise UnavailableError(reason)
            _log.warning("the broker does not take records; trying again", broker=self._broker, reason=reason)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _RETRY_SECONDS_MAX)

    def _by_place(self, entries: Iterable[Entry]) -> dict[Place, list[tuple[int, bytes, bytes]]]:
        """Stamp, key and value by partition; a mark goes into every partition."""
        count = self._partitions
        found: defaultdict[Place, list[tuple[int, bytes, bytes]]] = defaultdict(list)
        for entry in entries:
            topic, stamp = entry.topic, entry.arrived_at_ms
            for key, value in entry.rows:
                if key == MARK_KEY:
                    for partition in range(count):
                        found[topic, partition].append((stamp, key, value))
                else:
                    found[topic, _partition_of(key, count)].append((stamp, key, value))
        return dict(found)

    async def _send_rows(
        self, producer: AIOKafkaProducer, place: Place, waiting: dict[Place, list[tuple[int, bytes, bytes]]]
    ) -> str:
        """Send what waits for one partition, taking away what was acknowledged; the reason where it failed."""
        topic, partition = place
        while rows := waiting[place]:
            batch, count = _build(producer, rows)
            try:
                acknowledged = await producer.send_batch(batch, topic, partition=partition)
                offset = (await acknowledged).offset
            except (KafkaError, ConnectionError, TimeoutError) as error:
                return f"{topic}/{partition}: {error!r}"
            del rows[:count]
            self._ends[place] = max(self._ends.get(place, 0), offset + count)
        del waiting[place]
        return ""


def _build(producer: AIOKafkaProducer, rows: Sequence[tuple[int, bytes, bytes]]) -> tuple[Any, int]:
    """A closed batch of the first rows, as many as fit but at least one, and how many they are."""
    batch = producer.create_batch()
    append = batch.append
    for stamp, key, value in rows:
        if append(timestamp=stamp, key=key, value=value) is None:
            break
    batch.close()
    return batch, batch.record_count()
