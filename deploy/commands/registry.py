"""`hallwatch registry`: put a hall's data in force, and see what is in force."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from deploy.client import StackClient
from deploy.clock import wall_now_ms
from deploy.commands.options import Data, Lang, SettingsFile, settings_and_folder
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.running import running_stack
from deploy.logs import set_up_logs
from deploy.server.registry_topic import RegistryTopic
from deploy.server.server_door import apply_hall, server_door
from deploy.settings import Settings
from deploy.shelf import RegistryShelf
from deploy.shipped import hall_folder
from streams.contracts.words import Words
from streams.registry.loading import check_hall, load_hall
from streams.registry.registry import Registry

_PROBLEMS_SHOWN = 10
registry_commands = typer.Typer(help="Put a hall's registry in force; list what is kept.", no_args_is_help=True)


@registry_commands.command("apply")
def apply(
    hall: Annotated[str, typer.Argument(help="A hall folder, or a shipped hall by name.")],
    lang: Lang = "zh",
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Publish a hall's folder as a new version and put it in force, in the running stack or in an idle data folder.

    Where the settings name a Kafka ([server] brokers): for the workers that run against it.
    """
    settings, folder = settings_and_folder(settings_file, data)
    set_up_logs("warning")
    path = hall_folder(hall)
    problems = check_hall(path)
    if problems:
        for problem in problems[:_PROBLEMS_SHOWN]:
            typer.echo(problem.text(lang), err=True)
        told = Words(
            f"{path}：{len(problems)} 个问题，未生效；请看 hallwatch check {hall}",
            f"{path}: {len(problems)} problems, nothing applied: see hallwatch check {hall}",
        )
        typer.echo(told.in_language(lang), err=True)
        raise typer.Exit(1)
    running = folder.running()
    if settings.server.brokers:
        version = uvloop.run(_apply_on_server(settings, path))
    elif running:
        with closing(StackClient(running)) as client:
            version = client.post("/api/registry", str(path.resolve()).encode()).json()["version"]
    else:
        version = uvloop.run(_apply(folder, settings, path))
    typer.echo(Words(f"台账 {version} 已生效", f"registry {version} is in force").in_language(lang))


async def _apply(folder: DataFolder, settings: Settings, path: Path) -> str:
    async with running_stack(
        folder, settings, wall_now_ms, pages=False, speed=lambda: 1.0, console=Console(stderr=True)
    ) as running:
        return await running.stack.apply_hall(load_hall(path))


async def _apply_on_server(settings: Settings, path: Path) -> str:
    async with server_door(settings, wall_now_ms) as door:
        return await apply_hall(door, RegistryTopic(settings.server.brokers), load_hall(path), wall_now_ms)


@registry_commands.command("list")
def list_versions(lang: Lang = "zh", data: Data = None, settings_file: SettingsFile = None) -> None:
    """Every version that the data folder, or the Kafka of the settings, keeps, with its halls."""
    settings, folder = settings_and_folder(settings_file, data)
    kept: Mapping[str, Registry] = RegistryShelf(folder.registry)
    where = str(folder.root)
    if settings.server.brokers:
        kept = topic = RegistryTopic(settings.server.brokers)
        where = settings.server.brokers
        topic.look()
    versions = [version for version in kept if version]
    for version in versions:
        typer.echo(f"{version}  {', '.join(kept[version].halls)}")
    if not versions:
        told = Words(
            f"{where} 中还没有台账：hallwatch registry apply <大厅>",
            f"{where} holds no registry yet: hallwatch registry apply <hall>",
        )
        typer.echo(told.in_language(lang))
