"""The door to a Kafka that keeps its own log: no journal stands before it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from deploy.broker_topics import make_topics
from deploy.server.registry_topic import RegistryTopic
from deploy.settings import Settings, SettingsError
from deploy.wiring import REGISTRY_MARKED
from streams.contracts.mark import RegistryMark
from streams.contracts.registry_part import RegistryRecord
from streams.contracts.topics import REGISTRY, TOPICS
from streams.intake.door import Door
from streams.intake.publisher import Publisher
from streams.registry.registry import HallRegistry
from streams.registry.versions import combine, key_of, to_parts


@asynccontextmanager
async def server_door(settings: Settings, now: Callable[[], int]) -> AsyncIterator[Door]:
    """A door whose calls return when Kafka has acknowledged the records; they fail when it is away for long.

    Topics that are missing are made.

    Raises:
        UnavailableError: Kafka does not answer.
        SettingsError: a topic is there with another number of partitions.
    """
    server, partitions = settings.server, settings.stream.partitions
    make = partial(make_topics, server.brokers, TOPICS, partitions, server.replication)
    try:
        await asyncio.get_running_loop().run_in_executor(None, make)
    except ValueError as error:
        raise SettingsError(f"[stream] partitions: {error}") from error
    publisher = Publisher(server.brokers, partitions, {}, patience_seconds=settings.stream.patience_seconds)
    door = Door(None, publisher, now)
    await publisher.start()
    try:
        await door.start()
        try:
            yield door
        finally:
            await door.stop()
    finally:
        await publisher.stop()


async def apply_hall(door: Door, registries: RegistryTopic, hall: HallRegistry, now: Callable[[], int]) -> str:
    """Put a hall's data in force beside what is in force; returns the registry version.

    The marks come last, and again when the same is applied again: whatever broke in between is then made whole.

    Raises:
        UnreadableError: another hall has a feed of the same name.
        UnavailableError: Kafka does not answer.
    """
    registry = combine(registries[registries.look()], hall)
    manifest, parts = to_parts(registry, now())
    records: list[RegistryRecord] = [*parts, manifest]
    await door.accept(REGISTRY, [(key_of(record), record) for record in records])
    for topic in REGISTRY_MARKED:
        await door.mark(topic, RegistryMark(version=registry.version))
    return registry.version
