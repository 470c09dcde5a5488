"""`hallwatch import`: a file through the real road, from source to store, with a progress bar."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from deploy.client import RemoteDoor, StackClient
from deploy.clock import wall_now_ms
from deploy.commands.options import Data, Lang, SettingsFile, settings_and_folder
from deploy.embedded.data_folder import DataFolder, Running
from deploy.embedded.running import running_stack
from deploy.importing import check_mapping, halls_in_force, import_job, with_bar
from deploy.logs import set_up_logs
from deploy.server.registry_topic import newest_halls
from deploy.server.server_door import server_door
from deploy.settings import Settings
from streams.contracts.errors import UnavailableError
from streams.contracts.words import Language, Words
from streams.intake.file_import import FileImport, ImportResult
from streams.intake.normalise import feeds_of
from streams.registry.registry import HallRegistry, Registry

_REASONS_SHOWN = 10
_STORING = Words("正在计算和保存……", "judging and storing …")
_console = Console(stderr=True)


def import_file(
    file: Annotated[Path, typer.Argument(help="The file; gz is opened by itself.")],
    source: Annotated[str, typer.Option(help="A source or a mapping by name (default: by the file's name).")] = "",
    hall: Annotated[
        str,
        typer.Option(help="A hall in force by its code, or a hall folder (default: the mapping's)."),
    ] = "",
    mappings: Annotated[Path | None, typer.Option(help="A folder with more mapping files.")] = None,
    lang: Lang = "zh",
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Import a file: into the running stack, else into an idle data folder.

    Where the settings name a Kafka ([server] brokers): for the workers that run against it.

    Exit code 0: every piece became an event; 1: some were set aside, with their reasons.
    """
    settings, folder = settings_and_folder(settings_file, data)
    set_up_logs("warning")
    brokers = settings.server.brokers
    in_force = newest_halls(brokers) if brokers else halls_in_force(folder)
    job, registry = import_job(file, folder, source=source, hall=hall, mappings=mappings, in_force=in_force)
    running = folder.running()
    if brokers:
        check_mapping(job.mapping, feeds_of(Registry(version="", halls=in_force)))
        result, stored = uvloop.run(_onto_server(job, settings)), True
    elif running:
        result, stored = _into_running(job, running, lang)
    else:
        result, stored = uvloop.run(_into_folder(job, registry, folder, settings, lang))
    for line in report(result, lang, stored=stored):
        typer.echo(line)
    raise typer.Exit(1 if result.dead or not stored else 0)


async def _into_folder(
    job: FileImport, hall: HallRegistry, folder: DataFolder, settings: Settings, lang: Language
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
            reason = "the import was stopped; what was taken in is kept, import the file again"
            raise UnavailableError(reason, zh="导入被中止；已接收的会保留，请重新导入这个文件")
        with _console.status(_STORING.in_language(lang)):
            stored = await running.stack.drained()
        return work.result(), stored


async def _onto_server(job: FileImport, settings: Settings) -> ImportResult:
    async with server_door(settings, wall_now_ms) as door:
        return await with_bar(lambda progress: job.run(door, wall_now_ms, progress), job.path, _console)


def _into_running(job: FileImport, running: Running, lang: Language) -> tuple[ImportResult, bool]:
    client = StackClient(running)
    try:
        feeds = client.get("/api/status")["feeds"]
        check_mapping(job.mapping, feeds)
        job = replace(job, feeds=feeds)
        door = RemoteDoor(client, job.path.name)
        result = asyncio.run(with_bar(lambda progress: job.run(door, wall_now_ms, progress), job.path, _console))
        with _console.status(_STORING.in_language(lang)):
            stored = bool(client.post("/api/settle", b"").json()["settled"])
        return result, stored
    finally:
        client.close()


def report(result: ImportResult, lang: Language, *, stored: bool) -> Iterator[str]:
    """What became of a file, line by line: what was set aside and why, then the sum."""
    if result.broken and not result.events:
        yield Words("  文件未被接收：", "  the file is refused: ").in_language(lang) + result.broken.text(lang)
    else:
        for reason, count in result.reasons.most_common(_REASONS_SHOWN):
            place = result.places[reason]
            first = Words("首个：", "first: ") if count > 1 else Words("", "")
            yield Words(
                f"  {count:>8,} 条未接收：{reason.zh}（{first.zh}{place.zh}）",
                f"  {count:>8,} set aside: {reason.en} ({first.en}{place.en})",
            ).in_language(lang)
        if len(result.reasons) > _REASONS_SHOWN:
            more = len(result.reasons) - _REASONS_SHOWN
            yield Words(f"  还有 {more} 种原因", f"  and {more} more reasons").in_language(lang)
        if result.broken:
            yield Words(
                "  文件在此中断；数据完整时点不前移",
                "  the file breaks off there; how far its feed is complete is not moved",
            ).in_language(lang)
    if not stored:
        yield Words(
            "  存储没有应答：数据已保留，恢复后会写入",
            "  the store does not answer: the facts are kept and will be stored when it does",
        ).in_language(lang)
    yield Words(
        f"接收 {result.cases:,} 个办件的 {result.events:,} 个事件，{result.dead:,} 条未接收",
        f"{result.events:,} events of {result.cases:,} cases taken in, {result.dead:,} set aside",
    ).in_language(lang)
