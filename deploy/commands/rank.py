"""`hallwatch rank`: a period's ranking from facts, as files."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from deploy.client import StackClient
from deploy.clock import wall_now_ms
from deploy.commands.options import (
    Data,
    Lang,
    SettingsFile,
    name_one_of,
    print_table,
    reading_store,
    settings_and_folder,
)
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.running import running_stack
from deploy.logs import set_up_logs
from deploy.reporting import write_ranking
from deploy.settings import Settings
from deploy.shelf import RegistryShelf
from deploy.wiring import collect_parts
from streams.contracts.codec import encode
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.ranking import Ranking
from streams.registry.registry import HallRegistry


def rank(
    period: Annotated[str, typer.Option(help="2015, 2015-Q1, 2015-03 or 2015-W10.")],
    board: Annotated[str, typer.Option(help="org, item, window or staff.")] = "org",
    hall: Annotated[str, typer.Option(help="The hall, where the folder holds several.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the files (default: in the data folder).")] = None,
    lang: Lang = "zh",
    publish: Annotated[bool, typer.Option("--publish", help="Also keep the ranking as a fact of its own.")] = False,
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Rank the subjects of a board over a period; writes one file in each format."""
    settings, folder = settings_and_folder(settings_file, data)
    exports = collect_parts().exports
    with reading_store(settings, folder) as (store, _):
        ranked = _hall(RegistryShelf(folder.registry), hall)
        try:
            ranking, files = write_ranking(
                store,
                ranked,
                period,
                board,
                from_ms(wall_now_ms()),
                exports,
                out or folder.reports,
                lang,
            )
        except ValueError as error:
            raise UnreadableError(str(error)) from error
    _show(ranking)
    for file in files:
        typer.echo(file)
    if publish:
        _publish(folder, settings, ranking)
        typer.echo(f"{board} {period}: kept as a fact")


def _publish(folder: DataFolder, settings: Settings, ranking: Ranking) -> None:
    """Through the running stack, or by one that is started for it."""
    running = folder.running()
    if running:
        with closing(StackClient(running)) as client:
            client.post("/api/rankings", encode(ranking))
        return

    async def publish() -> None:
        async with running_stack(
            folder, settings, wall_now_ms, pages=False, speed=lambda: 1.0, console=Console(stderr=True)
        ) as up:
            await up.stack.publish_ranking(ranking)

    set_up_logs("warning")
    uvloop.run(publish())


def _hall(shelf: RegistryShelf, code: str) -> HallRegistry:
    halls = {name: hall for version in shelf for name, hall in shelf[version].halls.items()}
    if code in halls:
        return halls[code]
    if not code and len(halls) == 1:
        return next(iter(halls.values()))
    raise name_one_of(halls)


def _show(ranking: Ranking) -> None:
    table = Table("place", "code", "name", "score", "on time", "finished", "open overdue", "yellow", "red")
    for row in ranking.rows:
        rate = row.figures.get("on_time_rate")
        cells = (
            row.place,
            row.subject,
            row.name,
            row.score,
            None if rate is None else f"{rate:.1%}",
            *(row.figures.get(name) for name in ("finished", "open_overdue", "yellow", "red")),
        )
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    print_table(table)
