"""What is told while a stack comes up: after months there may be millions of rows and a long journal to take in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

Told = Callable[[str, int, int], None]
"""Function of (what is under way, how much of it is done, of how much)."""

SNAPSHOT = "读取快照 reading the snapshot"
ROWS = "恢复状态 restoring rows"
JOURNAL = "重放日志 replaying the journal"


def nobody(what: str, done: int, total: int) -> None:
    """Nobody wants to know."""
    del what, done, total


@contextmanager
def start_bars(console: Console | None) -> Iterator[Told]:
    """A bar for each thing that is under way, gone when all is up; none without a console or a terminal."""
    if console is None:
        yield nobody
        return
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what)
            bars.update(tasks[what], completed=done, total=total)

        yield tell
