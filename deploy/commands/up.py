"""`hallwatch up`: broker, store, roles and pages in one go."""

from typing import Annotated

import typer
import uvloop
from rich.console import Console

from deploy.clock import wall_now_ms
from deploy.commands.options import Data, Lang, SettingsFile, settings_and_folder
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.running import running_stack
from deploy.logs import set_up_logs
from deploy.settings import Settings
from deploy.shipped import hall_folder
from streams.contracts.words import Language, Words
from streams.registry.loading import load_hall


def run_up(
    hall: Annotated[list[str] | None, typer.Option(help="Put this hall in force: a shipped one or a folder.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the pages; 0 takes a free one.")] = None,
    lang: Lang = "zh",
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Start everything and stay up until Ctrl-C or SIGTERM."""
    settings, folder = settings_and_folder(settings_file, data)
    if port is not None:
        settings = settings.with_port(port)
    set_up_logs()
    raise typer.Exit(uvloop.run(_up(folder, settings, hall or [], lang)))


async def _up(folder: DataFolder, settings: Settings, halls: list[str], lang: Language) -> int:
    loaded = [load_hall(hall_folder(hall)) for hall in halls]
    async with running_stack(folder, settings, wall_now_ms, speed=lambda: 1.0, console=Console(stderr=True)) as running:
        for hall in loaded:
            version = await running.stack.apply_hall(hall)
            told = Words(f"大厅 {hall.hall.code}：台账 {version}", f"hall {hall.hall.code}: registry {version}")
            typer.echo(told.in_language(lang))
        if not running.stack.registry.halls:
            told = Words(
                "还没有生效的大厅：hallwatch registry apply <大厅>",
                "no hall is in force yet: hallwatch registry apply <hall>",
            )
            typer.echo(told.in_language(lang))
        address = running.address
        told = Words(
            f"大屏：{address}/wall    控制台：{address}/    （Ctrl-C 结束）",
            f"wall: {address}/wall    console: {address}/    (Ctrl-C ends)",
        )
        typer.echo(told.in_language(lang))
        await running.stopping.wait()
        typer.echo(Words("正在停止：做完手头的事……", "stopping: finishing what is under way …").in_language(lang))
    return 1 if running.crashed.is_set() else 0
