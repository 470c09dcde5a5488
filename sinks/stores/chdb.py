"""The embedded store: ClickHouse's engine inside this process, owned by this process alone."""

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from sinks.stores.arrow_columns import arrow_bytes, arrow_field, arrow_table
from sinks.stores.migrations import migrate, migrations
from sinks.stores.refusals import refusal
from sinks.stores.values import parameters_text, plain_rows
from streams.contracts.errors import UnavailableError
from streams.contracts.store import Answer

_SESSION = (
    "SET session_timezone = 'UTC'",
    "SET date_time_output_format = 'iso'",
    "SET output_format_json_quote_64bit_integers = 0",
    "SET output_format_json_validate_utf8 = 1",
    "SET output_format_json_named_tuples_as_objects = 0",
)
_ONE_THREAD = "SETTINGS max_threads = 1, max_insert_threads = 1"
"""Writing a few rows with many threads takes twice the time."""
_MANY = 5_000
"""From so many rows on it is quicker to let the engine read them from memory than to hand it a stream of bytes; a few
rows are written in a third of the time as a stream."""
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"})
_QUOTED = str.maketrans({"\\": "\\\\", "'": "\\'"})


class _Column(msgspec.Struct):
    name: str
    type: str


class _Reply(msgspec.Struct):
    meta: list[_Column]
    data: list[list[Any]]


_decode = msgspec.json.Decoder(_Reply).decode


class _Session(NamedTuple):
    """One thread's session and the lock of who uses it: closing a session under a running statement can hang."""

    engine: Any
    busy: threading.Lock


class ChdbStore:
    """A Store in a folder. One process at a time may have it open, and a process only one folder at a time.

    Each thread that asks has a session of its own, so a slow question holds up nobody else.
    """

    def __init__(self, folder: Path, database: str = "hallwatch") -> None:
        """Open or create it; takes some tenths of a second.

        Raises:
            UnavailableError: another process has the folder open, or it cannot be written.
        """
        path = folder.resolve()
        path.mkdir(parents=True, exist_ok=True)
        # Slow to import, and it changes the working folder for a moment while it is imported.
        from chdb import session

        self._open: Any = session.Session
        self._path = str(path)
        self._database = database
        self._lock = threading.Lock()
        self._sessions: list[_Session] = []
        self._own = threading.local()
        self._fields: dict[str, dict[str, pa.Field]] = {}
        self._closed = False
        self._own_session()

    def migrate(self) -> list[str]:
        """Bring the schema up to date; see Store."""
        return migrate(
            self.query,
            lambda sql: [(str(name), str(content)) for name, content in self.query(sql).rows],
            lambda name, content: self.insert("schema_migrations", {"name": [name], "content_hash": [content]}),
            migrations(),
        )

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Write rows given as columns; see Store."""
        rows = arrow_table(columns, self._fields_of(table))
        names = ", ".join(f"`{name}`" for name in rows.column_names)
        self._asked(lambda engine: _write(engine, table, names, rows))

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """Ask; see Store. A statement that answers nothing gives an answer without columns."""
        given = {name: _literal(value) for name, value in parameters_text(parameters).items()}
        raw: bytes = self._asked(lambda engine: bytes(engine.query(sql, "JSONCompact", params=given).bytes()))
        if not raw:
            return Answer((), [])
        reply = _decode(raw)
        types = [column.type for column in reply.meta]
        columns = list(zip(*reply.data, strict=True)) or [() for _ in types]
        return Answer(tuple(column.name for column in reply.meta), plain_rows(types, columns))

    def close(self) -> None:
        """Close every thread's session when its statement is done; nobody may ask any more."""
        with self._lock:
            self._closed = True
            closing, self._sessions = self._sessions, []
        for session in closing:
            with session.busy:
                session.engine.close()

    def _fields_of(self, table: str) -> dict[str, pa.Field]:
        if table not in self._fields:
            described = self.query(f"DESCRIBE TABLE {table}").rows
            self._fields[table] = {row[0]: arrow_field(row[0], row[1]) for row in described if row[2] != "MATERIALIZED"}
        return self._fields[table]

    def _asked(self, ask: Callable[[Any], Any]) -> Any:
        engine, busy = self._own_session()
        with busy:
            if self._closed:
                raise UnavailableError("the store is closed")
            try:
                return ask(engine)
            except RuntimeError as error:
                raise refusal(str(error)) from error

    def _own_session(self) -> _Session:
        session: _Session | None = getattr(self._own, "session", None)
        if session is None:
            with self._lock:
                if self._closed:
                    raise UnavailableError("the store is closed")
                session = self._own.session = _Session(self._opened(), threading.Lock())
                self._sessions.append(session)
        return session

    def _opened(self) -> Any:
        try:
            engine = self._open(self._path)
            for statement in (f"CREATE DATABASE IF NOT EXISTS {self._database}", f"USE {self._database}", *_SESSION):
                engine.query(statement)
        except RuntimeError as error:
            raise UnavailableError(str(error)) from error
        return engine


def _write(engine: Any, table: str, names: str, rows: pa.Table) -> None:
    if rows.num_rows < _MANY:
        with engine.send_insert(f"INSERT INTO {table} ({names}) {_ONE_THREAD}", "ArrowStream") as stream:
            stream.append(arrow_bytes(rows))
            stream.finish()
    else:
        # The engine finds `rows` by its name among this function's variables.
        engine.query(f"INSERT INTO {table} ({names}) SELECT {names} FROM Python(rows) {_ONE_THREAD}")


def _literal(value: str | int | float | list[str]) -> str | int | float:
    """Text escaped as the engine reads a parameter; a list written out as an array."""
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    if isinstance(value, list):
        return "[" + ",".join(f"'{element.translate(_QUOTED)}'" for element in value) + "]"
    return value
