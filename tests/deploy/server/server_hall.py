"""What the tests of roles against a broker of their own share: settings, events, and waiting for what comes of them."""

import asyncio
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.settings import ServerSettings, Settings, StreamSettings
from streams.contracts.topics import FINDINGS, Topic

PARTITIONS = 2


def settings_for(brokers: str) -> Settings:
    """Settings of workers on this broker."""
    stream = StreamSettings(partitions=PARTITIONS)
    return Settings(server=ServerSettings(brokers=brokers), stream=stream)


async def wait_for(what: str, is_so: Callable[[], Awaitable[bool]], seconds: float = 300.0) -> None:
    """Wait until something is so; generous, for a machine may be busy."""
    end = asyncio.get_running_loop().time() + seconds
    while not await is_so():
        assert asyncio.get_running_loop().time() < end, f"{what}: it did not come true"
        await asyncio.sleep(0.1)


def records_in(
    brokers: str, topic: Topic, at_least: int = 0
) -> Callable[[], Awaitable[list[tuple[int, bytes, bytes]]]]:
    """Function that tells all records of a topic by now, waiting for so many: partition, key and value."""

    async def read() -> list[tuple[int, bytes, bytes]]:
        found: list[tuple[int, bytes, bytes]] = []
        consumer = AIOKafkaConsumer(
            bootstrap_servers=brokers, enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=50
        )
        await consumer.start()
        try:
            places = [TopicPartition(topic.name, number) for number in range(PARTITIONS)]
            consumer.assign(places)
            idle = 0
            while idle < 4 or len(found) < at_least:  # the embedded broker tells too small ends
                fetched = await consumer.getmany(timeout_ms=150)
                idle = 0 if fetched else idle + 1
                found += [(tp.partition, one.key, one.value) for tp, some in fetched.items() for one in some]
        finally:
            await consumer.stop()
        return found

    return read


def findings_are_stored(brokers: str) -> Callable[[], Awaitable[bool]]:
    """Function that tells whether findings are there and the sink has said of all of them that they are safe."""

    async def look() -> bool:
        written = await records_in(brokers, FINDINGS)()
        by_partition = [sum(1 for one in written if one[0] == number) for number in range(PARTITIONS)]
        consumer = AIOKafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False, group_id="hallwatch-sink")
        await consumer.start()
        try:
            committed = [await consumer.committed(TopicPartition(FINDINGS.name, n)) for n in range(PARTITIONS)]
        finally:
            await consumer.stop()
        marks = PARTITIONS  # of the registry version, one in each
        return len(written) > marks and all((at or 0) >= size for at, size in zip(committed, by_partition, strict=True))

    return look
