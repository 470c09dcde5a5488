import asyncio
import itertools
import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from streams.contracts.errors import UnavailableError
from streams.contracts.mark import MARK_KEY
from streams.contracts.topics import partition_of
from streams.intake.journal import Entry
from streams.intake.publisher import Publisher

PARTITIONS = 4
NewBroker = Callable[[], tuple[subprocess.Popen[bytes], str]]


async def log_of(broker: str, topic: str, ends: dict[tuple[str, int], int]) -> dict[int, list[ConsumerRecord]]:
    """All records of a topic, by partition, read up to what the publisher says the ends are."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    found: dict[int, list[ConsumerRecord]] = {}
    try:
        for partition in range(PARTITIONS):
            place = TopicPartition(topic, partition)
            consumer.assign([place])
            records = found[partition] = []
            while len(records) < ends.get((topic, partition), 0):
                records += (await consumer.getmany(timeout_ms=200)).get(place, [])
    finally:
        await consumer.stop()
    return found


def test_records_go_to_their_partition_in_order_with_the_stamps_given(broker: str) -> None:
    async def run() -> None:
        ends: dict[tuple[str, int], int] = {}
        publisher = Publisher(broker, PARTITIONS, ends)
        await publisher.start()
        entries = [
            Entry(1_500_000_000_000 + n, "case-events", [(b"h/%d" % (i % 7), b"%d:%d" % (n, i)) for i in range(50)])
            for n in range(20)
        ]
        await publisher.send(entries[:10])
        await publisher.send(entries[10:])
        await publisher.stop()

        found = await log_of(broker, "case-events", ends)

        expected: dict[int, list[tuple[int, bytes, bytes]]] = {p: [] for p in range(PARTITIONS)}
        for entry in entries:
            for key, value in entry.rows:
                expected[partition_of(key, PARTITIONS)].append((entry.arrived_at_ms, key, value))
        assert {p: [(r.timestamp, r.key, r.value) for r in found[p]] for p in found} == expected
        assert ends == {("case-events", p): len(rows) for p, rows in expected.items() if rows}

    asyncio.run(run())


def test_a_mark_stands_in_every_partition_behind_what_came_before(broker: str) -> None:
    async def run() -> None:
        ends: dict[tuple[str, int], int] = {}
        publisher = Publisher(broker, PARTITIONS, ends)
        await publisher.start()
        rows = [(b"h/%d" % i, b"v") for i in range(100)]
        await publisher.send([Entry(5, "case-events", rows), Entry(6, "case-events", [(MARK_KEY, b"mark")])])
        await publisher.stop()

        found = await log_of(broker, "case-events", ends)

        assert [found[p][-1].key for p in range(PARTITIONS)] == [MARK_KEY] * PARTITIONS
        assert sum(len(records) for records in found.values()) == 100 + PARTITIONS

    asyncio.run(run())


def test_more_than_one_batch_of_a_partition_keeps_its_order(broker: str) -> None:
    async def run() -> None:
        ends: dict[tuple[str, int], int] = {}
        publisher = Publisher(broker, PARTITIONS, ends)
        await publisher.start()
        rows = [(b"h/1", b"%06d" % i + b"x" * 100_000) for i in range(30)]
        await publisher.send([Entry(1, "cases", rows)])
        await publisher.stop()

        found = await log_of(broker, "cases", ends)

        assert [r.value[:6] for r in found[partition_of(b"h/1", PARTITIONS)]] == [b"%06d" % i for i in range(30)]

    asyncio.run(run())


def test_a_broker_that_stands_still_is_waited_for_and_no_record_is_lost(new_broker: NewBroker) -> None:
    child, broker = new_broker()

    async def run() -> None:
        ends: dict[tuple[str, int], int] = {}
        publisher = Publisher(broker, PARTITIONS, ends, request_ms=300)
        await publisher.start()
        await publisher.send([Entry(1, "cases", [(b"h/%d" % i, b"before") for i in range(20)])])
        os.kill(child.pid, signal.SIGSTOP)
        sending = asyncio.create_task(
            publisher.send([Entry(2, "cases", [(b"h/%d" % i, b"during") for i in range(20)])])
        )
        while not publisher.unavailable:
            await asyncio.sleep(0.02)
        assert not sending.done()
        os.kill(child.pid, signal.SIGCONT)
        await sending
        assert publisher.unavailable == ""
        await publisher.stop()

        found = await log_of(broker, "cases", ends)

        during = {r.key for records in found.values() for r in records if r.value == b"during"}
        assert during == {b"h/%d" % i for i in range(20)}

    asyncio.run(run())


def test_patience_has_an_end_where_one_is_set(new_broker: NewBroker) -> None:
    child, broker = new_broker()

    async def run() -> None:
        seconds: Iterator[float] = itertools.repeat(0.0)
        publisher = Publisher(broker, PARTITIONS, {}, patience_seconds=30, request_ms=300, clock=lambda: next(seconds))
        await publisher.start()
        await publisher.send([Entry(1, "cases", [(b"h/1", b"v")])])
        child.kill()
        seconds = iter([0.0, 14.0, 28.0, 42.0])
        with pytest.raises(UnavailableError, match="cases/"):
            await publisher.send([Entry(2, "cases", [(b"h/1", b"w")])])
        assert list(seconds) == []
        await publisher.stop()

    asyncio.run(run())


def test_no_broker_at_all_is_said_when_starting() -> None:
    async def run() -> None:
        with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:1"):
            await Publisher("127.0.0.1:1", PARTITIONS, {}).start()

    asyncio.run(run())


def test_a_publisher_that_is_not_started_or_stopped_refuses_at_once(new_broker: NewBroker) -> None:
    child, broker = new_broker()

    async def run() -> None:
        publisher = Publisher(broker, PARTITIONS, {}, request_ms=300)
        entry = Entry(1, "cases", [(b"h/1", b"v")])
        with pytest.raises(UnavailableError, match="not started"):
            await publisher.send([entry])
        await publisher.start()
        child.kill()
        sending = asyncio.create_task(publisher.send([entry]))
        while not publisher.unavailable:
            await asyncio.sleep(0.02)
        await publisher.stop()
        with pytest.raises(UnavailableError, match="not started"):
            await sending

    asyncio.run(run())
