"""The whole embedded road, from the door to facts in the store, next to a plain aiokafka loop on the same topic.

The road stamps, journals with fsync, produces, judges, keeps state, tells, and writes facts to the store; the loop only
reads and decodes what the road has produced. So the ratio says what everything that hallwatch promises costs.
"""

import asyncio
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.clock import VirtualClock
from deploy.demo.hall_day import TakenOn, hall_day
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.running import running_stack
from deploy.embedded.stack import Stack
from deploy.logs import set_up_logs
from deploy.settings import Settings, TellingSettings, WebSettings
from deploy.shipped import hall_folder
from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import decoder_of
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark
from streams.contracts.topics import CASE_EVENTS
from streams.registry.loading import load_hall
from streams.registry.registry import HallRegistry
from tests.bench.results import Figure, machine, ratio, report, spread

CASES = 6_000
REPEATS = 3
BATCH = 1_000


def main() -> None:
    """Run both, interleaved, each repeat on a fresh folder, and report."""
    set_up_logs("warning")
    print(f"  {machine()}")
    hall = load_hall(hall_folder("pingliang"))
    script = hall_day(hall, 1, date(2026, 11, 23), CASES, days=5)
    events = [(entry.at_ms, entry.event) for entry in script.entries if not isinstance(entry.event, TakenOn)]
    road: list[float] = []
    busy: list[float] = []
    loop: list[float] = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory(prefix="hallwatch-bench-") as folder:
            ours, worked, theirs = asyncio.run(_repeat(Path(folder), hall, events))
        road.append(len(events) / ours)
        busy.append(worked / len(events) * 1e6)
        loop.append(len(events) / theirs)
    print(f"  {len(events):,} events; the road {spread(road)} events/s; a plain loop {spread(loop)} events/s")
    report(
        [
            Figure("embedded road: events judged, told and stored", median(road), "events/s"),
            Figure("embedded road: processor time an event, all threads", median(busy), "µs"),
            Figure("embedded road / plain aiokafka loop that only reads", ratio(road, loop), "×"),
        ]
    )


async def _repeat(folder: Path, hall: HallRegistry, events: list[tuple[int, CaseEvent]]) -> tuple[float, float, float]:
    """Seconds of the road, its processor time, and seconds of the loop over the same records.

    `events` come with when they were sent: the clock goes with them, and so does what the feed is complete until.
    """
    clock = VirtualClock(events[0][0])
    # Five days pass in seconds: on such a clock an answer of a channel seems to take hours.
    settings = Settings(web=WebSettings(port=0), telling=TellingSettings(answer_seconds=30 * 86_400))
    async with running_stack(DataFolder(folder), settings, clock, pages=False, speed=lambda: 1.0) as running:
        stack = running.stack
        stack.marks_live_feeds = False
        await stack.apply_hall(hall)
        began, worked = perf_counter(), process_time()
        for start in range(0, len(events), BATCH):
            batch = events[start : start + BATCH]
            now_ms, last = batch[-1]
            clock.jump(now_ms)
            await stack.accept(CASE_EVENTS, [(event.case_no, event) for _, event in batch])
            await stack.mark(CASE_EVENTS, HorizonMark(feed=last.feed, horizon_at=from_ms(now_ms)))
        if not await stack.drained():
            raise RuntimeError("the road did not come to rest")
        ours, busy = perf_counter() - began, process_time() - worked
        return ours, busy, await _plain_loop(stack, len(events))


async def _plain_loop(stack: Stack, count: int) -> float:
    """Read and decode the same topic once, CRC checks on as in the road."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.stream.address,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=50,
        check_crcs=True,
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(CASE_EVENTS.name, number) for number in range(stack.settings.stream.partitions)]
        consumer.assign(partitions)
        decode = decoder_of(CASE_EVENTS)
        seen = 0
        began = perf_counter()
        while seen < count:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    if record.key != MARK_KEY:
                        decode(record.value)
                        seen += 1
        return perf_counter() - began
    finally:
        await consumer.stop()


if __name__ == "__main__":
    main()
