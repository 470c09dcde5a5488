"""The store as a server: ClickHouse over its native protocol, columnar both ways."""

import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec
from clickhouse_driver import Client
from clickhouse_driver.errors import Error, NetworkError, ServerException, SocketTimeoutError

from sinks.stores.migrations import migrate, migrations
from sinks.stores.refusals import refusal
from sinks.stores.values import parameters_text, plain_rows
from streams.contracts.errors import UnavailableError
from streams.contracts.store import Answer

Result = TypeVar("Result")

_CLOSING_SECONDS = 5.0
"""How long closing waits for a question under way; a connection that is busy for longer ends with its thread."""


class _Connection(NamedTuple):
    """One thread's connection and the lock of who uses it: the driver bears no second thread, not even to close."""

    client: Client
    busy: threading.Lock


class ClickHouseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server is. Timeouts in seconds: a server that says nothing for so long does not answer."""

    host: str = "localhost"
    port: int = 9000
    database: str = "hallwatch"
    user: str = "default"
    password: str = ""
    secure: bool = False
    connect_seconds: float = 5.0
    answer_seconds: float = 60.0

    def __repr__(self) -> str:
        """Without the password."""
        return f"ClickHouseSettings({self.user}@{self.host}:{self.port}/{self.database})"


class ClickHouseStore:
    """A Store on a ClickHouse server (24.8 or newer). Each thread that asks has a connection of its own."""

    def __init__(self, settings: ClickHouseSettings) -> None:
        """Nothing is connected yet: the server may still be down."""
        self._settings = settings
        self._lock = threading.Lock()
        self._connections: list[_Connection] = []
        self._own = threading.local()
        self._closed = False

    def migrate(self) -> list[str]:
        """Bring the schema up to date; see Store."""
        bare = self._client("default")
        self._answered(lambda _: bare.execute(f"CREATE DATABASE IF NOT EXISTS {self._settings.database}"))
        bare.disconnect()
        return migrate(
            self.query,
            lambda sql: [(str(name), str(content)) for name, content in self.query(sql).rows],
            lambda name, content: self.insert("schema_migrations", {"name": [name], "content_hash": [content]}),
            migrations(),
        )

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Write rows given as columns; see Store."""
        if len({len(values) for values in columns.values()}) != 1:
            raise ValueError(f"columns of unequal length for {table}")
        names = ", ".join(f"`{name}`" for name in columns)
        sql = f"INSERT INTO {table} ({names}) VALUES"
        self._answered(lambda client: client.execute(sql, list(columns.values()), columnar=True))

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """Ask; see Store. A statement that answers nothing gives an answer without columns."""
        given = parameters_text(parameters)
        columns, described = self._answered(
            lambda client: client.execute(sql, given, with_column_types=True, columnar=True)
        )
        types = [type_name for _, type_name in described]
        return Answer(tuple(name for name, _ in described), plain_rows(types, columns or [() for _ in types]))

    def close(self) -> None:
        """Close every thread's connection; nobody may ask any more."""
        with self._lock:
            self._closed = True
            closing, self._connections = self._connections, []
        for client, busy in closing:
            if busy.acquire(timeout=_CLOSING_SECONDS):
                client.disconnect()
                busy.release()

    def _own_connection(self) -> _Connection:
        connection: _Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = _Connection(self._client(self._settings.database), threading.Lock())
            with self._lock:
                self._connections.append(connection)
        return connection

    def _client(self, database: str) -> Client:
        settings = self._settings
        return Client(
            settings.host,
            port=settings.port,
            database=database,
            user=settings.user,
            password=settings.password,
            secure=settings.secure,
            compression="lz4",
            connect_timeout=settings.connect_seconds,
            send_receive_timeout=settings.answer_seconds,
            settings={"server_side_params": True, "session_timezone": "UTC", "use_client_time_zone": True},
        )

    def _answered(self, ask: Callable[[Client], Result]) -> Result:
        client, busy = self._own_connection()
        with busy:
            if self._closed:
                raise UnavailableError("the store is closed")
            try:
                return ask(client)
            except ServerException as error:
                raise refusal(str(error.message), error.code) from error
            except (NetworkError, SocketTimeoutError, OSError, EOFError) as error:
                raise UnavailableError(str(error)) from error
            except (Error, TypeError, AttributeError, struct.error) as error:
                raise ValueError(str(error)) from error
