"""From the instant an event was to be sent until it is worked on, at 20,000 events a second: job J with its state.

The sender is a process of its own. An event counts as worked on when the process has seen it; its state is durable
with the next checkpoint, a quarter of a second later at most. A plain aiokafka loop, which keeps nothing, takes its
turn with the same sender: what it is late by is the machine's and the broker's.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from statistics import median, quantiles

import msgspec
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.broker_topics import make_topics
from streams.contracts.topics import DEAD_LETTERS
from streams.engine.on_faust.engine import Engine, EngineSettings
from streams.engine.process import Output
from tests.bench.brokers import embedded
from tests.bench.counting import CASES, NOTED, PARTITIONS, Counted, Counting, Noted
from tests.bench.paced import Pace, pacing
from tests.bench.results import Figure, machine, report

RATE = 20_000
SLOWER = (15_000, 10_000, 5_000)
FASTER = (30_000, 40_000, 60_000)
REPEATS = 3
WARM_SECONDS = 3
SECONDS = 10
MUST_MS, AIM_MS = 200.0, 60.0
_PATIENCE_SECONDS = 20.0


class Watched(Counting):
    """Job J; notes how late each event is worked on."""

    def __init__(self) -> None:
        """Nothing noted."""
        self.delays_ms: list[float] = []

    def on_event(self, state: Counted, event: Noted, now_ms: int) -> Iterable[Output]:
        """Count, then note."""
        super().on_event(state, event, now_ms)
        self.delays_ms.append(time.time_ns() / 1e6 - event.ts)
        return ()


def main() -> None:
    """Both in turn at the rate that must hold, then other rates for the highest at which the engine does."""
    print(f"  {machine()}")
    ours, plain = [], []
    for _ in range(REPEATS):
        ours.append(_percentiles("engine", RATE))
        plain.append(_percentiles("plain loop", RATE))
    half, most = (median(each) for each in zip(*ours, strict=True))
    holds = RATE if most < MUST_MS else 0
    for rate in FASTER if holds else SLOWER:
        within = _percentiles("engine", rate)[1] < MUST_MS
        holds = rate if within else holds
        if within == (rate < RATE):
            break
    report(
        [
            Figure("event → worked on at 20,000/s, P99", most, "ms", MUST_MS, AIM_MS, at_most=True),
            Figure("event → worked on at 20,000/s, P50", half, "ms"),
            Figure("event → read by a plain aiokafka loop at 20,000/s, P99", median(each[1] for each in plain), "ms"),
            Figure("highest rate tried with P99 below 200 ms", holds, "events/s"),
        ]
    )


def _percentiles(contender: str, rate: int) -> tuple[float, float]:
    """P50 and P99 in milliseconds at a rate."""
    with embedded() as broker:
        make_topics(broker, (NOTED, DEAD_LETTERS), PARTITIONS)
        delays = uvloop.run((_engine if contender == "engine" else _plain)(broker, rate))
    cuts = quantiles(delays[rate * WARM_SECONDS :], n=100)
    told = ", ".join(f"P{part} {cuts[part - 1]:.0f} ms" for part in (50, 90, 99))
    print(f"  {contender} at {rate:,}/s: {told}", flush=True)
    return cuts[49], cuts[98]


async def _engine(broker: str, rate: int) -> list[float]:
    watched = Watched()
    engine = Engine(
        f"bench-latency-{time.time_ns()}",
        broker,
        settings=EngineSettings(partitions=PARTITIONS),
        now=lambda: time.time_ns() // 1_000_000,
        ends={},
        processes=[watched],
    )
    await engine.start()
    await _sent(broker, rate, watched.delays_ms, lambda: asyncio.sleep(0.05))
    await engine.stop()
    return watched.delays_ms


async def _plain(broker: str, rate: int) -> list[float]:
    delays_ms: list[float] = []
    decode = msgspec.json.Decoder(Noted).decode
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker, enable_auto_commit=False, fetch_max_wait_ms=50, auto_offset_reset="earliest"
    )
    await consumer.start()
    consumer.assign([TopicPartition(NOTED.name, number) for number in range(PARTITIONS)])

    async def poll() -> None:
        for records in (await consumer.getmany(timeout_ms=1_000, max_records=5_000)).values():
            for record in records:
                delays_ms.append(time.time_ns() / 1e6 - decode(record.value or b"").ts)

    await _sent(broker, rate, delays_ms, poll)
    await consumer.stop()
    return delays_ms


async def _sent(broker: str, rate: int, delays_ms: list[float], step: Callable[[], Awaitable[None]]) -> None:
    """Have events sent and take steps until all are there; one that does not come is as late as patience allows."""
    seconds = WARM_SECONDS + SECONDS
    with pacing(Pace(broker=broker, topic=NOTED.name, rate=rate, seconds=seconds, keys=CASES)) as sender:
        give_up = time.monotonic() + seconds + _PATIENCE_SECONDS
        while len(delays_ms) < rate * seconds:
            if sender.poll():
                raise RuntimeError("the sender broke")
            if time.monotonic() > give_up:
                missing = rate * seconds - len(delays_ms)
                print(f"  at {rate:,}/s {missing:,} events did not come in {_PATIENCE_SECONDS:.0f} s")
                delays_ms += [_PATIENCE_SECONDS * 1000] * missing
            await step()


if __name__ == "__main__":
    main()
