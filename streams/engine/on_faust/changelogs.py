"""The changelogs of an engine: there, and seen to be there, before anybody joins the group.

Faust would make them while its consumer joins. A Kafka that has made a topic does not show it at once; whoever deals
out the partitions meanwhile leaves the changelogs out, and a worker with inputs but without their state can only end.
"""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from streams.contracts.errors import UnavailableError
from streams.engine.log import CHANGELOG_BYTES_MAX
from streams.engine.on_faust.settings import EngineSettings

_CONFIG = {
    "cleanup.policy": "compact",
    "min.compaction.lag.ms": str(3_600_000),
    "max.message.bytes": str(CHANGELOG_BYTES_MAX),
}
"""An owner must have time to write a row again that stands before a void one, before compaction removes the good one.

A row may be larger than the megabyte that a broker takes by itself."""

_LOOK_SECONDS = 0.05


async def make_changelogs(broker: str, names: Sequence[str], settings: EngineSettings) -> None:
    """Make the changelogs that are missing; returns when the broker shows them all.

    `broker`: host:port, several with commas.

    Raises:
        UnavailableError: the broker does not answer, refuses, or does not show them within the engine's patience.
        ValueError: one is there with another number of partitions; names it.
    """
    if not names:
        return
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.split(","))
    try:
        await admin.start()
        new = [NewTopic(name, settings.partitions, settings.replication, topic_configs=_CONFIG) for name in names]
        _check(await admin.create_topics(new))
        await _seen(admin, names, settings)
    except (KafkaError, OSError) as error:
        raise UnavailableError(f"broker {broker}: {error!r}") from error
    finally:
        await admin.close()


def _check(answer: Any) -> None:
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error(name)


async def _seen(admin: AIOKafkaAdminClient, names: Sequence[str], settings: EngineSettings) -> None:
    give_up = monotonic() + settings.patience_seconds
    while True:
        found = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
        for name in names:
            if found.get(name, settings.partitions) != settings.partitions:
                raise ValueError(f"topic {name} has {found[name]} partitions, not {settings.partitions}")
        missing = [name for name in names if name not in found]
        if not missing:
            return
        if monotonic() > give_up:
            raise UnavailableError(f"the broker has made {', '.join(missing)} and does not show it")
        await asyncio.sleep(_LOOK_SECONDS)
