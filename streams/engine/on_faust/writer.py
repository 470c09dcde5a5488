"""The log as Faust's producer writes it: whole batches, acknowledged on return."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from streams.engine.log import Entry, Place

_YIELD_EVERY = 2000


class Writer:
    """Appends through the producer of a Faust app."""

    def __init__(
        self,
        producer: Callable[[], Any],
        partitions: int,
        ends: dict[tuple[str, int], int],
        on_written: Callable[[Place, int], None],
    ) -> None:
        """`ends`: next offset of every partition written to, shared by all who write.

        `on_written`: told each partition with the offset of the last record acknowledged in it.
        """
        self._producer = producer
        self._partitions = partitions
        self._ends = ends
        self._on_written = on_written

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has."""
        del topic  # the same for all, by our own rule
        return self._partitions

    async def append(self, batches: Mapping[Place, Sequence[Entry]]) -> None:
        """Write entries in order; on return all are acknowledged.

        Raises:
            aiokafka.errors.KafkaError: the broker refused or does not answer.
        """
        producer = self._producer()
        sent: list[tuple[Place, int]] = []
        answers: list[Any] = []
        for place, entries in batches.items():
            builder = producer.create_batch()
            for number, (key, value, timestamp) in enumerate(entries, 1):
                if builder.append(timestamp=timestamp, key=key, value=value) is None:
                    sent.append((place, builder.record_count()))
                    answers.append(await producer.send_batch(builder, place.topic, partition=place.partition))
                    builder = producer.create_batch()
                    if builder.append(timestamp=timestamp, key=key, value=value) is None:
                        raise ValueError(f"{place.topic}: a record of {len(value)} bytes is larger than a batch")
                if number % _YIELD_EVERY == 0:
                    await asyncio.sleep(0)
            sent.append((place, builder.record_count()))
            answers.append(await producer.send_batch(builder, place.topic, partition=place.partition))
        for (place, count), answer in zip(sent, await asyncio.gather(*answers), strict=True):
            next_offset = answer.offset + count
            self._on_written(place, next_offset - 1)
            if next_offset > self._ends.get((place.topic, place.partition), 0):
                self._ends[place.topic, place.partition] = next_offset
