"""One worker of one role against servers; as many as there are partitions may share a role."""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog
from rich.console import Console

from deploy.coming_up import start_bars
from deploy.embedded.data_folder import DataFolder
from deploy.server.registry_topic import RegistryTopic
from deploy.server.role_openings import OPENINGS, OpenRole, Surroundings
from deploy.server.server_door import server_door
from deploy.settings import Settings
from deploy.tasks import Tasks
from deploy.wiring import Role, collect_parts, engine_settings
from streams.engine.on_faust.engine import Engine

_log = structlog.get_logger()
READING_BACK = "读回状态 reading state back"


async def run_role(
    name: str,
    settings: Settings,
    folder: DataFolder,
    now: Callable[[], int],
    stopping: asyncio.Event,
    console: Console | None = None,
    on_broken: Callable[[], object] = lambda: None,
) -> bool:
    """Work as one of a role's workers until `stopping` is set; False when it had to end by itself, see the log.

    `folder` holds the store where that is no server. `console` shows how far reading back is. `on_broken` is called
    when it begins to end by itself.

    Raises:
        FolderInUseError: the store is no server, and another worker has it.
        UnavailableError: Kafka does not answer at the start.
        SettingsError: a topic is there with another number of partitions.
    """
    broken = asyncio.Event()

    def ends() -> None:
        broken.set()
        on_broken()

    tasks = Tasks(ends)
    async with server_door(settings, now) as door:
        registries = RegistryTopic(settings.server.brokers)
        around = Surroundings(collect_parts(), settings, registries, door, folder, now, tasks)
        async with OPENINGS[name](around) as opened:
            try:
                with start_bars(console) as tell:
                    engine = _engine(opened.role, settings, now, partial(tell, READING_BACK))
                    up = asyncio.Event()
                    tasks.start(_live(engine, opened, up))
                    await _first_of(up, stopping, broken)
                await _first_of(stopping, broken)
                await engine.stop()
            finally:
                await tasks.cancel()
    return not broken.is_set()


def _engine(role: Role, settings: Settings, now: Callable[[], int], on_restore: Callable[[int, int], None]) -> Engine:
    return Engine(
        role.name,
        settings.server.brokers,
        settings=engine_settings(settings.stream, settings.server),
        now=now,
        ends={},
        processes=role.processes,
        readers=role.readers,
        on_dead=lambda letter: _log.warning("record set aside", place=letter.place, reason=letter.reason),
        on_restore=on_restore,
    )


async def _live(engine: Engine, opened: OpenRole, up: asyncio.Event) -> None:
    """Work until the engine fails, and raise what it has failed of."""
    await engine.start()
    _log.info("holding partitions", role=opened.role.name)
    await engine.caught_up()
    if not engine.failed.done():
        opened.go_live()
        up.set()
        _log.info("up", role=opened.role.name)
    await engine.failed


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
