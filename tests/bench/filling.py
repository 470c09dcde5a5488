"""Fills a topic with records, keyed by the project's own partitioner, in large acknowledged batches."""

from collections.abc import Iterable

from aiokafka import AIOKafkaProducer

from streams.contracts.topics import partition_of

Ends = dict[tuple[str, int], int]
"""The next offset of every partition that was written to."""


async def fill(
    broker: str, topic: str, partitions: int, rows: Iterable[tuple[bytes, bytes]], stamp_ms: int | None = None
) -> Ends:
    """Write keys and values in their order; returns where each partition ends."""
    places: dict[bytes, int] = {}
    ends: Ends = {}
    producer = AIOKafkaProducer(bootstrap_servers=broker, acks="all", max_batch_size=900_000, max_request_size=1 << 20)
    await producer.start()
    try:
        batches = [producer.create_batch() for _ in range(partitions)]

        async def send(place: int) -> None:
            batch = batches[place]
            batch.close()
            answer = await (await producer.send_batch(batch, topic, partition=place))
            ends[topic, place] = answer.offset + batch.record_count()
            batches[place] = producer.create_batch()

        for key, value in rows:
            place = places.get(key)
            if place is None:
                place = places[key] = partition_of(key, partitions)
            if batches[place].append(timestamp=stamp_ms, key=key, value=value) is None:
                await send(place)
                batches[place].append(timestamp=stamp_ms, key=key, value=value)
        for place in range(partitions):
            if batches[place].record_count():
                await send(place)
    finally:
        await producer.stop()
    return ends
