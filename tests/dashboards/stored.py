"""Facts in a real store, written as the sink writes them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

import sinks.destinations
from sinks.destination import Destination, Fact
from sinks.rows import table_columns
from sinks.stores.chdb import ChdbStore
from streams.contracts.store import Store
from streams.parts import find_parts

_DESTINATIONS = find_parts(sinks.destinations, "DESTINATION", Destination)
STAMP_MS = 1_709_256_600_000
"""2024-03-01 09:30 in Shanghai: the stamp of every record."""


@contextmanager
def empty_store(folder: Path) -> Iterator[Store]:
    """A store with its schema and nothing in it."""
    store = ChdbStore(folder)
    store.migrate()
    try:
        yield store
    finally:
        store.close()


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
