"""Sends records at a steady rate from a process of its own: `python -m tests.bench.paced '{…}'`, a `Pace` as JSON.

Every record carries the instant at which it was to be sent, so a sender that falls behind makes nothing look quicker.
"""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import msgspec
import uvloop
from aiokafka import AIOKafkaProducer

from streams.contracts.topics import CASE_EVENTS, partition_of
from tests.bench.brokers import ROOT
from tests.bench.counting import NOTED, PARTITIONS, noted
from tests.bench.open_cases import step_started
from tests.bench.waiting import key_of

_TICK_SECONDS = 0.005
_encode = msgspec.json.Encoder().encode
_place_of = lru_cache(maxsize=1 << 16)(partition_of)


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """So many records a second, for so long; `keys` is of how many subjects, `offset_ms` of the receiver's clock."""

    broker: str
    topic: str
    rate: int
    seconds: float
    keys: int
    offset_ms: int = 0


@contextmanager
def pacing(pace: Pace) -> Iterator["subprocess.Popen[bytes]"]:
    """A sender that runs meanwhile."""
    child = subprocess.Popen([sys.executable, "-m", "tests.bench.paced", msgspec.json.encode(pace).decode()], cwd=ROOT)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
        child.wait()


async def _send(pace: Pace) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=pace.broker, acks="all", max_batch_size=900_000)
    await producer.start()
    acknowledged: list[Any] = []
    chance = random.Random(3)
    begun, sent = time.time(), 0
    while sent < pace.rate * pace.seconds:
        wanted = min(int((time.time() - begun) * pace.rate), int(pace.rate * pace.seconds))
        batches: dict[int, Any] = {}
        for number in range(sent, wanted):
            at_ms = int((begun + number / pace.rate) * 1000) + pace.offset_ms
            key, value = _record(pace.topic, number, chance.randrange(pace.keys), at_ms)
            place = _place_of(key, PARTITIONS)
            batch = batches.get(place)
            if batch is None:
                batch = batches[place] = producer.create_batch()
            if batch.append(timestamp=at_ms, key=key, value=value) is None:
                acknowledged.append(await producer.send_batch(batch, pace.topic, partition=place))
                batch = batches[place] = producer.create_batch()
                batch.append(timestamp=at_ms, key=key, value=value)
        for place, batch in batches.items():
            acknowledged.append(await producer.send_batch(batch, pace.topic, partition=place))
        sent = wanted
        await asyncio.sleep(_TICK_SECONDS)
    await asyncio.gather(*acknowledged)
    await producer.stop()


def _record(topic: str, number: int, key: int, at_ms: int) -> tuple[bytes, bytes]:
    if topic == NOTED.name:
        return noted(number, key, at_ms)
    assert topic == CASE_EVENTS.name
    return key_of(key).encode(), _encode(step_started(number, key_of(key), at_ms))


if __name__ == "__main__":
    uvloop.run(_send(msgspec.json.decode(sys.argv[1], type=Pace)))
