"""`hallwatch import`: a file through the real road, from source to store, with a progress bar."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from deploy.client import RemoteDoor, StackClient
from deploy.clock import wall_now_ms
from deploy.commands.options import Data, SettingsFile, settings_and_folder
from deploy.embedded.data_folder import DataFolder, Running
from deploy.embedded.running import running_stack
from deploy.importing import check_mapping, halls_in_force, import_job, with_bar
from deploy.logs import set_up_logs
from deploy.settings import Settings
from streams.contracts.errors import UnavailableError
from streams.intake.file_import import FileImport, ImportResult
from streams.registry.registry import HallRegistry

_REASONS_SHOWN = 10
_console = Console(stderr=True)


def import_file(
    file: Annotated[Path, typer.Argument(help="The file; gz is opened by itself.")],
    source: Annotated[str, typer.Option(help="A source or a mapping by name (default: by the file's name).")] = "",
    hall: Annotated[
        str,
        typer.Option(help="A hall in force by its code, or a hall folder (default: the mapping's)."),
    ] = "",
    mappings: Annotated[Path | None, typer.Option(help="A folder with more mapping files.")] = None,
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Import a file: into the running stack, else into an idle data folder.

    Exit code 0: every piece became an event; 1: some were set aside, with their reasons.
    """
    settings, folder = settings_and_folder(settings_file, data)
    set_up_logs("warning")
    job, registry = import_job(
        file, folder, source=source, hall=hall, mappings=mappings, in_force=halls_in_force(folder)
    )
    running = folder.running()
    if running:
        result, stored = _into_running(job, running)
    else:
        result, stored = uvloop.run(_into_folder(job, registry, folder, settings))
    _report(result, stored)
    raise typer.Exit(1 if result.dead or not stored else 0)


async def _into_folder(
    job: FileImport, hall: HallRegistry, folder: DataFolder, settings: Settings
) -> tuple[ImportResult, bool]:
    async with running_stack(
        folder, settings, wall_now_ms, pages=False, speed=lambda: 1.0, console=_console
    ) as running:
        await running.stack.apply_hall(hall)
        work = asyncio.create_task(
            with_bar(lambda progress: job.run(running.stack, wall_now_ms, progress), job.path, _console)
        )
        stop = asyncio.create_task(running.stopping.wait())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not work.done():
            work.cancel()
            raise UnavailableError("the import was stopped; what was taken in is kept, import the file again")
        with _console.status("judging and storing …"):
            stored = await running.stack.drained()
        return work.result(), stored


def _into_running(job: FileImport, running: Running) -> tuple[ImportResult, bool]:
    client = StackClient(running)
    try:
        feeds = client.get("/api/status")["feeds"]
        check_mapping(job.mapping, feeds)
        job = replace(job, feeds=feeds)
        door = RemoteDoor(client, job.path.name)
        result = asyncio.run(with_bar(lambda progress: job.run(door, wall_now_ms, progress), job.path, _console))
        with _console.status("judging and storing …"):
            stored = bool(client.post("/api/settle", b"").json()["settled"])
        return result, stored
    finally:
        client.close()


def _report(result: ImportResult, stored: bool) -> None:
    if result.broken and not result.events:
        typer.echo(f"  the file is refused: {result.broken}")
    else:
        for reason, count in result.reasons.most_common(_REASONS_SHOWN):
            where = result.places[reason] if count == 1 else f"first: {result.places[reason]}"
            typer.echo(f"  {count:>8,} set aside: {reason} ({where})")
        if result.broken:
            typer.echo("  the file breaks off there; how far its feed is complete is not moved")
    if not stored:
        typer.echo("  the store does not answer: the facts are kept and will be stored when it does")
    typer.echo(f"{result.events:,} events of {result.cases:,} cases taken in, {result.dead:,} set aside")
