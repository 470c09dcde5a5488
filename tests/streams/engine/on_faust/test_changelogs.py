"""The changelogs of an engine, made before anybody joins."""

import asyncio

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from streams.contracts.errors import UnavailableError
from streams.engine.log import CHANGELOG_BYTES_MAX
from streams.engine.on_faust.changelogs import make_changelogs
from streams.engine.on_faust.settings import EngineSettings
from tests.streams.engine.on_faust.hall import PARTITIONS

SETTINGS = EngineSettings(partitions=PARTITIONS)
NAMES = ("hallwatch-a-changelog", "hallwatch-b-changelog")


async def _counts(broker: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
    finally:
        await admin.close()


async def _made_twice_and_checked(broker: str) -> None:
    await make_changelogs(broker, NAMES[:1], SETTINGS)
    await make_changelogs(broker, NAMES, SETTINGS)
    found = await _counts(broker)
    assert [found.get(name) for name in NAMES] == [PARTITIONS, PARTITIONS]
    with pytest.raises(ValueError, match=f"topic {NAMES[0]} has {PARTITIONS} partitions, not {PARTITIONS * 2}"):
        await make_changelogs(broker, NAMES, EngineSettings(partitions=PARTITIONS * 2))


def test_changelogs_are_made_once_and_their_partitions_are_checked(broker: str) -> None:
    asyncio.run(_made_twice_and_checked(broker))


@pytest.mark.live
def test_changelogs_are_there_on_a_real_kafka_when_the_call_returns(kafka: str) -> None:
    async def keeping() -> str:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
        await admin.start()
        try:
            asked = ConfigResource(ConfigResourceType.TOPIC, NAMES[0], {"cleanup.policy": "", "max.message.bytes": ""})
            (answer,) = await admin.describe_configs([asked])
            return repr(answer)
        finally:
            await admin.close()

    asyncio.run(_made_twice_and_checked(kafka))
    told = asyncio.run(keeping())
    assert "compact" in told
    assert str(CHANGELOG_BYTES_MAX) in told


def test_without_a_process_nobody_is_asked_and_a_broker_that_is_away_is_unavailable() -> None:
    asyncio.run(make_changelogs("127.0.0.1:1", (), SETTINGS))
    with pytest.raises(UnavailableError, match=r"broker 127\.0\.0\.1:1"):
        asyncio.run(make_changelogs("127.0.0.1:1", NAMES, SETTINGS))
