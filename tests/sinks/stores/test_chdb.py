"""What only the embedded store can show; everything else is in the shared suite."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sinks.stores.chdb import ChdbStore
from streams.contracts.errors import UnavailableError
from tests.sinks.facts import FACTS

_ELSEWHERE = """
import sys
from pathlib import Path
from sinks.stores.chdb import ChdbStore
from streams.contracts.errors import UnavailableError
try:
    store = ChdbStore(Path(sys.argv[1]), sys.argv[2])
except UnavailableError:
    print("unavailable")
else:
    print(store.query("SELECT count() FROM commands FINAL").rows[0][0])
    if sys.argv[3:]:
        store.insert("commands", {name: [value] for name, value in (pair.split("=") for pair in sys.argv[3:])})
        print("written", flush=True)
        sys.stdin.read()
"""


def elsewhere(folder: Path, database: str, *columns: str) -> "subprocess.Popen[str]":
    """Another process that opens the folder, and writes a row and waits if it is given one."""
    return subprocess.Popen(
        [sys.executable, "-c", _ELSEWHERE, str(folder), database, *columns],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def opened(chdb_folder: Path, database: str) -> Iterator[ChdbStore]:
    store = ChdbStore(chdb_folder, database)
    store.migrate()
    yield store
    store.close()


def test_the_folder_belongs_to_one_process(opened: ChdbStore, chdb_folder: Path, database: str) -> None:
    with elsewhere(chdb_folder, database) as other:
        assert other.communicate(timeout=300)[0] == "unavailable\n"
    opened.close()
    with elsewhere(chdb_folder, database) as other:
        assert other.communicate(timeout=300)[0] == "0\n"


def test_what_was_acknowledged_survives_a_kill(opened: ChdbStore, chdb_folder: Path, database: str) -> None:
    opened.close()
    with elsewhere(chdb_folder, database, "command_id=c1", "why=安排") as other:
        assert other.stdout is not None
        assert [other.stdout.readline() for _ in range(2)] == ["0\n", "written\n"]
        other.kill()
    again = ChdbStore(chdb_folder, database)
    assert again.query("SELECT command_id, why FROM commands").rows == [("c1", "安排")]
    again.close()


def test_a_second_folder_is_refused_while_one_is_open(opened: ChdbStore, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        ChdbStore(tmp_path / "other")
    assert opened.query("SELECT 1").rows == [(1,)]


def test_every_column_that_a_destination_fills_exists_and_can_be_written(opened: ChdbStore) -> None:
    for table in FACTS:
        described = opened.query(f"DESCRIBE TABLE {table}").rows
        computed = {row[0] for row in described if row[2] == "MATERIALIZED"}
        assert computed == ({"content_hash", "version"} if table == "case_events" else set())
