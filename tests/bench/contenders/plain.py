"""Job J as a plain aiokafka loop with two dicts: offsets are committed, nothing else is durable."""

import sys
import time
import uuid

import msgspec
import uvloop
from aiokafka import AIOKafkaConsumer

from tests.bench.contenders.stopwatch import Stopwatch, told
from tests.bench.counting import SPAN_MS, Noted


async def main() -> None:
    """Count."""
    job = told()
    watch = Stopwatch(job)
    decode = msgspec.json.Decoder(Noted).decode
    totals: dict[str, int] = {}
    spans: dict[tuple[str, int], int] = {}
    consumer = AIOKafkaConsumer(
        job.topic,
        bootstrap_servers=job.broker,
        group_id=uuid.uuid4().hex,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 << 20,
        fetch_max_bytes=32 << 20,
        fetch_max_wait_ms=50,
        check_crcs=True,  # as the engine does
    )
    await consumer.start()
    count, committed = 0, time.monotonic()
    while not watch.look(count):
        for records in (await consumer.getmany(timeout_ms=1_000, max_records=5_000)).values():
            for record in records:
                event = decode(record.value or b"")
                case = event.case_id
                totals[case] = totals.get(case, 0) + 1
                span = case, event.ts // SPAN_MS
                spans[span] = spans.get(span, 0) + 1
            count += len(records)
        if time.monotonic() - committed > 0.25:
            await consumer.commit()
            committed = time.monotonic()
    watch.answer()
    sys.stdout.flush()
    await consumer.stop()


if __name__ == "__main__":
    uvloop.run(main())
