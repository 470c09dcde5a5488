"""The whole embedded road, from the door to facts in the store, next to a plain aiokafka loop on the same topic.

The road stamps, journals with fsync, produces, judges, keeps state, tells, and writes facts to the store; the loop only
reads and decodes what the road has produced. So the ratio says what everything that hallwatch promises costs.
"""

import asyncio
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.clock import VirtualClock
from deploy.demo.hall_day import HallDay, TakenOn, hall_day
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.running import running_stack
from deploy.embedded.stack import Stack
from deploy.logs import set_up_logs
from deploy.settings import Settings, WebSettings
from deploy.shipped import hall_folder
from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import decoder_of
from streams.contracts.mark import MARK_KEY
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
    events = [entry.event for entry in script.entries if not isinstance(entry.event, TakenOn)]
    road: list[float] = []
    loop: list[float] = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory(prefix="hallwatch-bench-") as folder:
            ours, theirs = asyncio.run(_repeat(Path(folder), hall, script, events))
        road.append(len(events) / ours)
        loop.append(len(events) / theirs)
    print(f"  {len(events):,} events; the road {spread(road)} events/s; a plain loop {spread(loop)} events/s")
    report(
        [
            Figure("embedded road: events judged, told and stored", sorted(road)[len(road) // 2], "events/s"),
            Figure("embedded road / plain aiokafka loop that only reads", ratio(road, loop), "×"),
        ]
    )


async def _repeat(folder: Path, hall: HallRegistry, script: HallDay, events: list[CaseEvent]) -> tuple[float, float]:
    """Seconds of the road and of the loop over the same records."""
    clock = VirtualClock(script.ends_ms)
    settings = Settings(web=WebSettings(port=0))
    async with running_stack(DataFolder(folder), settings, clock, pages=False, speed=lambda: 1.0) as running:
        stack = running.stack
        await stack.apply_hall(hall)
        began = perf_counter()
        for start in range(0, len(events), BATCH):
            rows = [(event.case_no, event) for event in events[start : start + BATCH]]
            await stack.accept(CASE_EVENTS, rows)
        if not await stack.drained():
            raise RuntimeError("the road did not come to rest")
        ours = perf_counter() - began
        return ours, await _plain_loop(stack, len(events))


async def _plain_loop(stack: Stack, count: int) -> float:
    """Read and decode the same topic once, CRC checks on as in the road."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.stream.address, enable_auto_commit=False, fetch_max_wait_ms=50, check_crcs=True
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(CASE_EVENTS.name, number) for number in range(stack.settings.stream.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
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
