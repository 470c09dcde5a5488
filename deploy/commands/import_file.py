"""`hallwatch import`: a file through the real road, from source to store, with a progress bar."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
import uvloop
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.client import RemoteDoor, StackClient
from deploy.clock import wall_now_ms
from deploy.commands.options import Data, SettingsFile, settings_and_folder
from deploy.embedded.data_folder import DataFolder, Running
from deploy.embedded.running import running_stack
from deploy.logs import set_up_logs
from deploy.settings import Settings
from deploy.shipped import hall_folder, mapping_folders
from deploy.wiring import collect_parts
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.intake.file_import import FileImport, ImportResult
from streams.intake.file_import import Progress as ShowProgress
from streams.intake.mappings import choose_mapping, load_mappings
from streams.intake.mask import mask_with
from streams.registry.loading import load_hall
from streams.registry.registry import HallRegistry

_REASONS_SHOWN = 10
_console = Console(stderr=True)


def import_file(
    file: Annotated[Path, typer.Argument(help="The file; gz is opened by itself.")],
    source: Annotated[str, typer.Option(help="A source or a mapping by name (default: by the file's name).")] = "",
    hall: Annotated[str, typer.Option(help="The hall the cases belong to (default: the mapping's).")] = "",
    mappings: Annotated[Path | None, typer.Option(help="A folder with more mapping files.")] = None,
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Import a file: into the running stack, else into an idle data folder.

    Exit code 0: every piece became an event; 1: some were set aside, with their reasons.
    """
    settings, folder = settings_and_folder(settings_file, data)
    set_up_logs("warning")
    if not file.is_file():
        raise FileNotFoundError(f"{file}: no such file")
    sources = collect_parts().sources
    mapping = choose_mapping(load_mappings(mapping_folders(mappings), sources), file.name, source)
    registry = load_hall(hall_folder(hall or mapping.hall))
    job = FileImport(
        path=file,
        source=sources[mapping.source],
        mapping=mapping,
        zone=ZoneInfo(mapping.zone or registry.hall.zone),
        mask=mask_with(folder.mask_key()),
    )
    running = folder.running()
    if running:
        result, stored = _into_running(job, registry, running)
    else:
        result, stored = uvloop.run(_into_folder(job, registry, folder, settings))
    _report(result, stored)
    raise typer.Exit(1 if result.dead or not stored else 0)


async def _into_folder(
    job: FileImport, hall: HallRegistry, folder: DataFolder, settings: Settings
) -> tuple[ImportResult, bool]:
    async with running_stack(folder, settings, wall_now_ms, pages=False, speed=lambda: 1.0) as running:
        await running.stack.apply_hall(hall)
        work = asyncio.create_task(_with_bar(lambda progress: job.run(running.stack, wall_now_ms, progress), job.path))
        stop = asyncio.create_task(running.stopping.wait())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not work.done():
            work.cancel()
            raise UnavailableError("the import was stopped; what was taken in is kept, import the file again")
        with _console.status("judging and storing …"):
            stored = await running.stack.drained()
        return work.result(), stored


def _into_running(job: FileImport, hall: HallRegistry, running: Running) -> tuple[ImportResult, bool]:
    client = StackClient(running)
    try:
        if hall.hall.code not in client.get("/api/status")["halls"]:
            raise UnreadableError(f"apply it first: hallwatch registry apply {hall.hall.code}", field="hall")
        door = RemoteDoor(client, job.path.name)
        result = asyncio.run(_with_bar(lambda progress: job.run(door, wall_now_ms, progress), job.path))
        with _console.status("judging and storing …"):
            stored = bool(client.post("/api/settle", b"").json()["settled"])
        return result, stored
    finally:
        client.close()


async def _with_bar(run: Callable[[ShowProgress], Awaitable[ImportResult]], path: Path) -> ImportResult:
    bar = Progress(
        TextColumn(path.name), BarColumn(), DownloadColumn(), TimeElapsedColumn(), console=_console, transient=True
    )
    with bar:
        task = bar.add_task(path.name, total=path.stat().st_size)
        return await run(lambda done, total: bar.update(task, completed=done, total=total))


def _report(result: ImportResult, stored: bool) -> None:
    for reason, count in result.reasons.most_common(_REASONS_SHOWN):
        typer.echo(f"  {count:>8,} set aside: {reason}")
    if result.broken:
        typer.echo(f"  the file breaks off: {result.broken}")
    if not stored:
        typer.echo("  the store does not answer: the facts are kept and will be stored when it does")
    typer.echo(f"{result.events:,} events of {result.cases:,} cases taken in, {result.dead:,} set aside")
