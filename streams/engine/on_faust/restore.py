"""Reading back in bulk: many partitions at once, whole batches, up to offsets that are known to be written."""

import asyncio
from collections.abc import Callable, Mapping
from time import monotonic

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.engine.log import Hand, Place
from streams.engine.on_faust.lean import read_leanly

_POLL_MAX = 20_000


class StuckError(Exception):
    """Reading back does not get on."""


async def read_stretches(
    broker: str,
    stretches: Mapping[Place, tuple[int, int]],
    hand: Hand,
    *,
    fetch_max_wait_ms: int,
    check_crcs: bool,
    patience_seconds: float,
    clock: Callable[[], float] = monotonic,
) -> None:
    """Hand over what stands from the first offset up to, and without, the second one of each partition.

    Compaction may have removed any of it. `clock`: what patience is measured with, in seconds.

    Raises:
        StuckError: for `patience_seconds` nothing came; names the partitions and how far they are.
    """
    left = {TopicPartition(*place): end for place, (start, end) in stretches.items() if start < end}
    if not left:
        return
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker,
        max_partition_fetch_bytes=8 << 20,
        fetch_max_bytes=32 << 20,
        check_crcs=check_crcs,
        fetch_max_wait_ms=fetch_max_wait_ms,
    )  # without a group nothing is committed
    await consumer.start()
    read_leanly(consumer._fetcher, {place.topic for place in left})
    try:
        consumer.assign(list(left))
        for place in left:
            consumer.seek(place, stretches[Place(*place)][0])
        moved = clock()
        while left:
            fetched = await consumer.getmany(*left, timeout_ms=200, max_records=_POLL_MAX)
            for place, records in fetched.items():
                while records and records[-1].offset >= left[place]:
                    records.pop()
                hand(Place(*place), records)
                moved = clock()
            for place, end in list(left.items()):
                if await consumer.position(place) >= end:
                    del left[place]
            if left and clock() - moved > patience_seconds:
                at = [f"{tp.topic}/{tp.partition}: {await consumer.position(tp)} of {end}" for tp, end in left.items()]
                raise StuckError(f"reading back, nothing came for {patience_seconds:.0f} s; {', '.join(sorted(at))}")
            await asyncio.sleep(0)
    finally:
        await consumer.stop()
