import asyncio
from collections import Counter

import pytest

from deploy.broker_topics import make_topics
from deploy.server.registry_topic import RegistryTopic
from deploy.server.server_door import apply_hall, server_door
from deploy.settings import SettingsError
from streams.contracts.codec import decode_mark
from streams.contracts.errors import UnavailableError
from streams.contracts.mark import MARK_KEY, RegistryMark
from streams.contracts.topics import CASE_EVENTS, FINDINGS, TOPICS
from tests.deploy.embedded.stacks import MORNING_MS, PINGLIANG, accepted
from tests.deploy.server.server_hall import PARTITIONS, records_in, settings_for


def now() -> int:
    return MORNING_MS


def test_a_hall_is_in_force_by_a_mark_in_each_input_partition_and_again_when_applied_again(broker: str) -> None:
    async def story() -> None:
        async with server_door(settings_for(broker), now) as door:
            registries = RegistryTopic(broker)
            version = await apply_hall(door, registries, PINGLIANG, now)
            assert await apply_hall(door, registries, PINGLIANG, now) == version
        for topic in (CASE_EVENTS, FINDINGS):
            marks = await records_in(broker, topic, 2 * PARTITIONS)()
            assert Counter(partition for partition, _, _ in marks) == dict.fromkeys(range(PARTITIONS), 2)
            assert {key for _, key, _ in marks} == {MARK_KEY}
            assert {decode_mark(value) for _, _, value in marks} == {RegistryMark(version=version)}

    asyncio.run(story())


def test_what_the_door_has_taken_is_with_the_broker(broker: str) -> None:
    async def story() -> None:
        async with server_door(settings_for(broker), now) as door:
            await door.accept(CASE_EVENTS, [("pingliang/1", accepted(1))])
        ((_, key, _),) = await records_in(broker, CASE_EVENTS, 1)()
        assert key == b"pingliang/1"

    asyncio.run(story())


def test_a_broker_with_other_partitions_or_none_at_all_is_told(broker: str) -> None:
    async def story(address: str) -> None:
        async with server_door(settings_for(address), now):
            raise AssertionError("it must not open")

    make_topics(broker, TOPICS, 4)
    with pytest.raises(SettingsError, match=r"\[stream\] partitions: topic case-events has 4 partitions, not 2"):
        asyncio.run(story(broker))
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:1: .*; broker 127\.0\.0\.1:2: "):
        asyncio.run(story("127.0.0.1:1,127.0.0.1:2"))
