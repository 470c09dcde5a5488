"""The two stores that the shared suite runs on: chDB, and a real ClickHouse on loopback where npm can bring one."""

import contextlib
import ctypes
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import sinks.destinations
from sinks.destination import Destination
from sinks.rows import Batch, sort_out, table_columns
from sinks.stores.chdb import ChdbStore
from sinks.stores.clickhouse import ClickHouseSettings, ClickHouseStore
from streams.contracts.errors import UnavailableError
from streams.contracts.store import Store
from streams.parts import find_parts
from tests.sinks.facts import Kept

PACKAGE = "@chdb/lib-linux-x64-gnu"
RELEASE = "26.7.3-stable.1"
"""The newest release whose library can listen; it is not the package's latest tag."""
_CACHE = Path.home() / ".cache" / "hallwatch-tests" / f"clickhouse-{RELEASE}"
_FOREVER = (
    "SELECT sum(sleepEachRow(1)) FROM numbers(100000000) "
    "SETTINGS max_block_size=1, function_sleep_max_microseconds_per_block=0 FORMAT Null"
)

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
    """A ClickHouse server of ours on a free port of loopback; skipped where npm cannot bring one."""
    library = _library()
    if library is None:
        pytest.skip(f"no ClickHouse server: npm and {PACKAGE} {RELEASE} are needed")
    port, http_port = _free_port(), _free_port()
    folder = _CACHE / f"data-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    server = subprocess.Popen(
        ["env", "TZ=Asia/Shanghai", sys.executable, __file__, str(library), str(folder), str(port), str(http_port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(server, port)
        yield port
    finally:
        # It does not heed SIGTERM; a kill loses nothing that it has acknowledged.
        server.send_signal(signal.SIGKILL)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


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


def _library() -> Path | None:
    library = _CACHE / "node_modules" / PACKAGE / "libchdb.so"
    if library.exists():
        return library
    npm = shutil.which("npm")
    if npm is None or sys.platform != "linux":
        return None
    _CACHE.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(subprocess.SubprocessError):
        subprocess.run(
            [npm, "install", "--prefix", str(_CACHE), "--no-fund", "--no-audit", "--silent", f"{PACKAGE}@{RELEASE}"],
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=110,
        )
    return library if library.exists() else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(server: "subprocess.Popen[bytes]", port: int) -> None:
    probe = ClickHouseStore(ClickHouseSettings(host="127.0.0.1", port=port, database="default"))
    give_up = time.monotonic() + 30
    while True:
        try:
            probe.query("SELECT 1")
        except UnavailableError:
            assert server.poll() is None, "the ClickHouse server ended at once"
            assert time.monotonic() < give_up, "the ClickHouse server does not answer"
            time.sleep(0.05)
        else:
            probe.close()
            return


def _listen(library: str, folder: str, port: str, http_port: str) -> None:
    """Run as the server itself: the library carries the whole of `clickhouse local`, which can be told to listen."""
    so = ctypes.CDLL(library)
    arguments = [
        "clickhouse",
        "--multiquery",
        f"--path={folder}",
        "--listen_host=127.0.0.1",
        f"--tcp_port={port}",
        f"--http_port={http_port}",
        "--logger.log=/dev/null",
        f"--query=SYSTEM START LISTEN TCP; {_FOREVER}",
    ]
    given = (ctypes.c_char_p * (len(arguments) + 1))(*[argument.encode() for argument in arguments], None)
    so.query_stable_v2(len(arguments), given)


if __name__ == "__main__":
    _listen(*sys.argv[1:5])
