"""What a store can do; chDB and ClickHouse stand behind it (sinks/stores)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class Answer(NamedTuple):
    """What a query returned: column names and rows of plain Python values."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Store(Protocol):
    """A column store that speaks ClickHouse's SQL. Calls block; callers bring threads."""

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns the names of the migrations that were run now."""

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Write rows given as columns of equal length; a repeated row must collapse, never count twice.

        Raises:
            UnavailableError: the store does not answer; nothing or all of it was written.
        """

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """Ask; parameters are written `{name:Type}` in the SQL.

        Raises:
            UnavailableError: the store does not answer.
            ValueError: the store refuses the statement; the text is the store's own.
        """

    def close(self) -> None:
        """Let go of files, connections and threads."""
