import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.embedded.children import start_broker, stop_child
from deploy.server.registry_topic import RegistryTopic, newest_halls
from deploy.server.server_door import apply_hall, server_door
from deploy.shelf import UnknownVersionError
from deploy.shipped import hall_folder
from streams.contracts.errors import UnavailableError
from streams.contracts.registry_part import RegistryRecord
from streams.contracts.topics import REGISTRY
from streams.registry.loading import load_hall
from streams.registry.registry import HallRegistry, Registry
from streams.registry.versions import combine, key_of, to_parts
from tests.deploy.embedded.stacks import MORNING_MS, PINGLIANG
from tests.deploy.server.server_hall import settings_for

BOSTON = load_hall(hall_folder("boston"))


async def _apply(broker: str, hall: HallRegistry, at_ms: int) -> str:
    async with server_door(settings_for(broker), lambda: at_ms) as door:
        return await apply_hall(door, RegistryTopic(broker), hall, lambda: at_ms)


def test_a_version_that_was_published_meanwhile_is_found_when_it_is_asked_for(broker: str) -> None:
    async def story() -> None:
        first = await _apply(broker, PINGLIANG, MORNING_MS)
        registries = RegistryTopic(broker)
        assert (list(registries), len(registries), registries[""].halls) == ([""], 1, {})
        assert registries[first].halls == {"pingliang": PINGLIANG}
        both = await _apply(broker, BOSTON, MORNING_MS + 1)
        assert sorted(registries[both].halls) == ["boston", "pingliang"]
        assert registries[first].halls == {"pingliang": PINGLIANG}
        assert set(registries) == {"", first, both}
        with pytest.raises(UnknownVersionError):
            registries["none"]

    asyncio.run(story())


def test_the_newest_version_is_the_one_that_was_published_last(broker: str) -> None:
    async def story() -> None:
        assert newest_halls(broker) == {}, "a broker without the topic"
        first = await _apply(broker, PINGLIANG, MORNING_MS)
        moved = combine(Registry(version="", halls={}), BOSTON)
        async with server_door(settings_for(broker), lambda: MORNING_MS) as door:
            manifest, parts = to_parts(moved, MORNING_MS + 5)
            records: list[RegistryRecord] = [*parts[:-1], manifest]
            await door.accept(REGISTRY, [(key_of(record), record) for record in records])
            assert RegistryTopic(broker).look() == first, "of the other one a part is missing"
            await door.accept(REGISTRY, [(key_of(parts[-1]), parts[-1])])
        assert RegistryTopic(broker).look() == moved.version
        assert set(newest_halls(broker)) == {"boston"}

    asyncio.run(story())


@contextmanager
def _gone() -> Iterator[str]:
    child, address = start_broker()
    stop_child(child)
    yield address


def test_a_broker_that_does_not_answer_is_unavailable() -> None:
    with _gone() as address, pytest.raises(UnavailableError, match=address):
        RegistryTopic(address).look()
