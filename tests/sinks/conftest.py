"""The two stores that the shared suite runs on: chDB, and a real ClickHouse on loopback where npm can bring one."""

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import sinks.destinations
from sinks.destination import Destination
from sinks.rows import Batch, sort_out, table_columns
from sinks.stores.chdb import ChdbStore
from sinks.stores.clickhouse import ClickHouseSettings, ClickHouseStore
from streams.contracts.store import Store
from streams.parts import find_parts
from tests.sinks.clickhouse_server import running_clickhouse
from tests.sinks.facts import Kept

OpenStore = Callable[[str], Store]
Keep = Callable[[str, Sequence[Kept]], None]
_names = itertools.count()
_STORES = ("chdb", pytest.param("clickhouse", marks=pytest.mark.live))


@pytest.fixture(scope="session")
def chdb_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one folder for every test: a process can have only one open at a time. Tests have databases of their own."""
    return tmp_path_factory.mktemp("chdb")


@pytest.fixture(scope="session")
def clickhouse_port() -> Iterator[int]:
    """The port of a ClickHouse server of ours."""
    with running_clickhouse() as port:
        yield port


@pytest.fixture(scope="module", params=_STORES)
def open_store(request: pytest.FixtureRequest, chdb_folder: Path) -> Iterator[OpenStore]:
    """Opens a database of the store under test, as often as is asked; all are closed in the end."""
    opened: list[Store] = []

    def open_database(database: str) -> Store:
        store: Store
        if request.param == "chdb":
            store = ChdbStore(chdb_folder, database)
        else:
            port = request.getfixturevalue("clickhouse_port")
            store = ClickHouseStore(ClickHouseSettings(host="127.0.0.1", port=port, database=database))
        opened.append(store)
        return store

    yield open_database
    for store in opened:
        store.close()


@pytest.fixture
def database() -> str:
    """The name of a database that nobody else uses."""
    return f"test_{os.getpid()}_{next(_names)}"


@pytest.fixture
def store(open_store: OpenStore, database: str) -> Store:
    """The store under test, empty, its schema up to date."""
    opened = open_store(database)
    opened.migrate()
    return opened


@pytest.fixture(scope="module")
def module_store(open_store: OpenStore) -> Store:
    """One store for all tests of a module."""
    opened = open_store(f"test_{os.getpid()}_{next(_names)}")
    opened.migrate()
    return opened


@pytest.fixture(scope="module")
def keep(module_store: Store) -> Keep:
    """Writes records of a topic as the sink does."""
    destinations = find_parts(sinks.destinations, "DESTINATION", Destination)

    def write(topic: str, records: Sequence[Kept]) -> None:
        rows = sort_out(destinations, [Batch(topic, 0, records)])
        assert not rows.letters
        for name, facts in rows.facts.items():
            for table, columns in table_columns(destinations[name], facts):
                module_store.insert(table, columns)

    return write
