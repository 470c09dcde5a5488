"""Facts in a real store, written as the sink writes them."""

import contextlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

import sinks.destinations
from sinks.destination import Destination, Fact
from sinks.rows import table_columns
from sinks.stores.chdb import ChdbStore
from sinks.stores.clickhouse import ClickHouseSettings, ClickHouseStore
from streams.contracts.store import Store
from streams.parts import find_parts
from tests.sinks.clickhouse_server import running_clickhouse

_DESTINATIONS = find_parts(sinks.destinations, "DESTINATION", Destination)
STAMP_MS = 1_709_256_600_000
"""2024-03-01 09:30 in Shanghai: the stamp of every record."""


STORES = ("chdb", pytest.param("clickhouse", marks=pytest.mark.live))
"""The parameters of a fixture that opens a store of each kind."""


@contextmanager
def empty_store(kind: str, folder: Path) -> Iterator[Store]:
    """A store of this kind with its schema and nothing in it."""
    with contextlib.ExitStack() as opened:
        store: Store
        if kind == "chdb":
            store = ChdbStore(folder)
        else:
            port = opened.enter_context(running_clickhouse())
            store = ClickHouseStore(ClickHouseSettings(host="127.0.0.1", port=port))
        opened.callback(store.close)
        store.migrate()
        yield store


def forget_everything(store: Store) -> None:
    """Empty every table."""
    for destination in _DESTINATIONS.values():
        for table in destination.tables:
            store.query(f"TRUNCATE TABLE {table}")


def put(store: Store, facts: Iterable[msgspec.Struct]) -> None:
    """Write facts into the tables of their kinds."""
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        (name,) = [name for name, made in _DESTINATIONS.items() if isinstance(fact, made.kinds)]
        by_name.setdefault(name, []).append(Fact(fact, STAMP_MS))
    for name, kept in by_name.items():
        for table, columns in table_columns(_DESTINATIONS[name], kept):
            store.insert(table, columns)
