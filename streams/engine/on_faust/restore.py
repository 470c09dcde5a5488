"""Bulk restore: changelogs are read in whole batches, many partitions at once."""

import asyncio
from collections.abc import Callable, Collection

from aiokafka import AIOKafkaConsumer, TopicPartition

_POLL_MAX = 20_000


async def read_changelogs(
    broker: str,
    places: Collection[TopicPartition],
    load: Callable[[TopicPartition, bytes, bytes | None], None],
    *,
    fetch_wait_ms: int,
    check_crcs: bool,
) -> dict[TopicPartition, int]:
    """Hand every record of these partitions to `load`; returns the end of each.

    Reads up to the high watermark that fetches tell, since the embedded broker's own answer for the end is that of
    its last batch's beginning.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker,
        enable_auto_commit=False,
        max_partition_fetch_bytes=8 << 20,
        fetch_max_bytes=32 << 20,
        check_crcs=check_crcs,
        fetch_max_wait_ms=fetch_wait_ms,
    )
    await consumer.start()
    try:
        ends: dict[TopicPartition, int] = await consumer.end_offsets(list(places))
        open_places = {place for place in places if ends[place]}
        if open_places:
            consumer.assign(list(open_places))
            await consumer.seek_to_beginning(*open_places)
        while open_places:
            fetched = await consumer.getmany(*open_places, timeout_ms=200, max_records=_POLL_MAX)
            for place, records in fetched.items():
                for record in records:
                    load(place, record.key, record.value)
            for place in list(open_places):
                highwater = consumer.highwater(place)
                reached = await consumer.position(place)
                if highwater is not None and reached >= max(ends[place], highwater):
                    open_places.discard(place)
                    ends[place] = reached
            await asyncio.sleep(0)
        return ends
    finally:
        await consumer.stop()
