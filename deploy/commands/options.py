"""Options that several commands share, and how they find what they work on."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.client import RemoteStore, StackClient
from deploy.embedded.data_folder import DataFolder, Running
from deploy.settings import Settings, read_settings
from deploy.stores import open_store
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.store import Store
from streams.contracts.words import Language

SettingsFile = Annotated[Path | None, typer.Option("--settings", help="Settings file (default: hallwatch.toml).")]
Data = Annotated[Path | None, typer.Option("--data", help="Data folder (default: the settings', else ./data).")]


@dataclass
class Spoken:
    """The language that a command was asked to speak; its errors are told in it, too."""

    language: Language = "zh"


def _speak(context: typer.Context, language: Language) -> Language:
    spoken = context.find_object(Spoken)
    if spoken is not None:
        spoken.language = language
    return language


Lang = Annotated[Language, typer.Option("--lang", help="中文 zh, English en.", is_eager=True, callback=_speak)]
_WIDE = 100_000


def settings_and_folder(file: Path | None, data: Path | None) -> tuple[Settings, DataFolder]:
    """The settings, and the data folder that they or the command line name."""
    settings = read_settings(file)
    return settings, DataFolder(data or Path(settings.data))


def needs_data(folder: DataFolder) -> None:
    """Raises UnavailableError when nothing has ever run on the folder."""
    if not folder.store.exists() and not folder.journal.exists():
        zh = f"{folder.root} 中还没有数据：先用 hallwatch up、demo 或 import"
        raise UnavailableError(f"{folder.root} holds no data yet: start with hallwatch up, demo or import", zh=zh)


@contextmanager
def reading_store(settings: Settings, folder: DataFolder) -> Iterator[tuple[Store, Running | None]]:
    """The store to read from: through the stack that runs on the folder, else opened here while the folder is idle.

    Raises:
        FolderInUseError: a process that serves no pages owns the folder.
    """
    running = folder.running()
    if running:
        remote = RemoteStore(StackClient(running))
        try:
            yield remote, running
        finally:
            remote.close()
        return
    needs_data(folder)
    with folder.owned():
        store = open_store(settings.store, folder.store)
        try:
            store.migrate()
            yield store, None
        finally:
            store.close()


def name_one_of(halls: Iterable[str]) -> UnreadableError:
    """The error where several halls, or none, are there to choose from."""
    there = ", ".join(sorted(halls))
    zh = f"请指明其一：{there or '还没有大厅'}"
    return UnreadableError(f"name one of {there or 'no halls yet'}", zh=zh, field="--hall")


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal; whole where there is none, as in a pipe: a cut number is a wrong one."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=Console(width=_WIDE).measure(table).maximum)
    console.print(table)
