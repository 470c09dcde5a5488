"""What an export is: a sheet of rows, with its title and the definition of each figure, as bytes of one file format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Cell = str | int | float | None
"""What stands in a cell; None is an empty one."""

Kind = Literal["text", "count", "number", "share"]
"""How a column's values are shown: text, a count, a number of two digits, a share from 0 to 1 as per cent."""


@dataclass(frozen=True)
class Column:
    """One column: its heading, how its values are shown, and what exactly they are."""

    heading: str
    kind: Kind = "text"
    definition: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table to be handed out. `notes` say what it is about: period, hall, when it was made and from what.

    The same sheet gives the same bytes, whenever it is written: a closed period stays as it was.
    """

    title: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    made_at: datetime


@dataclass(frozen=True)
class Export:
    """One file format. `write` is pure; `suffix` ends the file's name, with its dot."""

    suffix: str
    media_type: str
    write: Callable[[Sheet], bytes]
