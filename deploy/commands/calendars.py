"""`hallwatch calendar`: what a changed calendar would do, a yearly notice into a hall's folder, the horizon."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from dashboards.reader import Reader
from deploy.calendar_horizon import calendar_horizons
from deploy.calendar_words import clock_text, finding_text, imported_texts, summary_text
from deploy.changed_hall import changed_hall, import_notice
from deploy.client import StackClient
from deploy.clock import wall_now_ms
from deploy.commands.options import Data, Lang, SettingsFile, name_one_of, reading_store, settings_and_folder
from deploy.embedded.mark_history import MarkHistory
from deploy.embedded.marks_seen import kept_marks
from deploy.explaining import Grounds
from deploy.previewing import preview_hall
from deploy.shelf import RegistryShelf
from deploy.shipped import hall_folder
from deploy.wiring import collect_parts
from streams.contracts.store import Store
from streams.contracts.words import Words
from streams.registry.registry import HallRegistry

_SHOWN = 20
_console = Console(highlight=False, soft_wrap=True)
_progress = Console(stderr=True)

calendar_commands = typer.Typer(help="Calendars as data: preview, yearly notices, the horizon.", no_args_is_help=True)


@calendar_commands.command("preview")
def preview(
    file: Annotated[Path, typer.Argument(help="A changed calendars.yaml or hours.yaml, a notice, or a hall folder.")],
    hall: Annotated[str, typer.Option(help="The hall by its code, where several are in force.")] = "",
    everything: Annotated[bool, typer.Option("--all", help=f"Show every case, not the first {_SHOWN}.")] = False,
    lang: Lang = "zh",
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """List which open clocks a change moves, by how much, and which findings appear, move or vanish; apply nothing."""
    with _in_force(data, settings_file) as (store, grounds, now_ms):
        current = _hall(grounds, hall, now_ms)
        changed = changed_hall(current, file)
        reader = Reader(store)
        try:
            with Progress(console=_progress, transient=True) as bar:
                found = asyncio.run(preview_hall(reader, grounds, changed, now_ms, _told(bar)))
        finally:
            reader.close()
    zone = changed.calendar_of("").midnights.zone
    for case in found if everything else found[:_SHOWN]:
        _console.print(case.case_no, markup=False)
        for clock in case.clocks:
            _console.print(f"  {clock_text(clock, zone, lang)}", markup=False)
        for finding in case.findings:
            _console.print(f"  {finding_text(finding, zone, lang)}", markup=False)
    if len(found) > _SHOWN and not everything:
        typer.echo("…")
    typer.echo(summary_text(found, lang))


@calendar_commands.command("import-notice")
def import_yearly_notice(
    file: Annotated[Path, typer.Argument(help="The notice: year, free days and make-up days as YAML.")],
    hall: Annotated[Path, typer.Option(help="The hall folder whose calendars.yaml is edited.")],
    lang: Lang = "zh",
) -> None:
    """Turn a yearly notice into a new version of a hall's calendar, in its folder; nothing is in force yet."""
    new = import_notice(file, hall_folder(str(hall)))
    if new is None:
        told = Words("日历已按此通知登记，未作改动", "the calendar says so already, nothing was written")
        typer.echo(told.in_language(lang))
        return
    for line in imported_texts(new, hall):
        typer.echo(line.in_language(lang))


@calendar_commands.command("horizon")
def horizon(lang: Lang = "zh", data: Data = None, settings_file: SettingsFile = None) -> None:
    """How far each hall's days are published and how many open clocks stand beyond. Exit code 1: a notice is due."""
    with _in_force(data, settings_file) as (store, grounds, now_ms):
        reader = Reader(store)
        try:
            counts = asyncio.run(reader.provisional_clocks())
        finally:
            reader.close()
        registry = grounds.registries[grounds.history.version_at(now_ms)]
        horizons = calendar_horizons(registry, counts, now_ms)
    for one in horizons:
        until = one.known_until or Words("无止期", "no end").in_language(lang)
        typer.echo(f"{one.hall}  {until}  {one.open_clocks:,}")
        if one.alarm:
            typer.echo(f"  {one.notice_en if lang == 'en' else one.notice_zh}")
    raise typer.Exit(1 if any(one.alarm for one in horizons) else 0)


@contextmanager
def _in_force(data: Path | None, settings_file: Path | None) -> Iterator[tuple[Store, Grounds, int]]:
    """The store, what is in force, and the time by the product's clock: of a running stack, or of an idle folder."""
    settings, folder = settings_and_folder(settings_file, data)
    with reading_store(settings, folder) as (store, running):
        if running:
            with closing(StackClient(running)) as client:
                history = msgspec.convert(client.get("/api/marks"), MarkHistory)
                now_ms = int(client.get("/api/status")["now_ms"])
        else:
            history, now_ms = kept_marks(folder).history, wall_now_ms()
        yield store, Grounds(RegistryShelf(folder.registry), collect_parts().rules, history), now_ms


def _hall(grounds: Grounds, code: str, now_ms: int) -> HallRegistry:
    halls = grounds.registries[grounds.history.version_at(now_ms)].halls
    if code in halls:
        return halls[code]
    if not code and len(halls) == 1:
        return next(iter(halls.values()))
    raise name_one_of(halls)


def _told(bar: Progress) -> Callable[[int, int], None]:
    task = bar.add_task("")
    return lambda done, total: bar.update(task, completed=done, total=total)
