"""A stack that runs as a program of its own, on a folder that a city's log was imported into, for tests over HTTP."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from deploy.client import StackClient
from deploy.command_line import app
from deploy.embedded.data_folder import DataFolder, Running
from tests.deploy.embedded.stacks import ms

CASE = "boston/1"
"""Over its limit of the city, and closed."""

PAST_MS = ms("2024-03-04 10:00")
"""Before now by every machine's clock; a working Monday, the hall is open."""

EXPLAIN = ("explain", CASE, "--lang", "en")
SQL = ("sql", "SELECT case_no, item, org, hall, state FROM cases FINAL WHERE hall = 'boston' ORDER BY case_no")
RANK = ("rank", "--period", "2015-01", "--hall", "boston", "--lang", "en")

_LOG = """\
CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,OnTime_Status,CASE_STATUS,TYPE,QUEUE,Department,SUBJECT,REASON,Source
1,01/02/2015 09:00:00 AM,,01/30/2015 10:00:00 AM,OVERDUE,Closed,Sign Repair,Q,BTDT,S,R,Call
2,01/02/2015 09:00:00 AM,,01/02/2015 04:00:00 PM,ONTIME,Closed,Street Light Outages,Q,PWDx,S,R,Call
"""


def city_log(folder: Path, *more: str) -> Path:
    """Two cases of Boston with two events each, and more rows."""
    file = folder / "boston311-part.csv"
    file.write_text(_LOG + "".join(row + "\n" for row in more), encoding="utf-8")
    return file


def said(folder: Path, *words: str) -> str:
    """What a command says of a data folder; it must end well."""
    done = CliRunner().invoke(app, [*words, "--data", str(folder)])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


@dataclass(frozen=True)
class RunningHall:
    """`imported`: how the import ended; `idle`: what commands said before the stack was up."""

    folder: Path
    imported: subprocess.CompletedProcess[str]
    idle: dict[tuple[str, ...], str]
    greeting: str

    @property
    def running(self) -> Running:
        """How to reach it."""
        found = DataFolder(self.folder).running()
        assert found is not None
        return found

    @contextmanager
    def client(self) -> Iterator[StackClient]:
        """A client with the token."""
        client = StackClient(self.running)
        try:
            yield client
        finally:
            client.close()

    def settle(self) -> None:
        """Wait until everything is judged and stored."""
        with self.client() as client:
            assert client.post("/api/settle", b"").json() == {"settled": True}


@contextmanager
def running_hall(folder: Path) -> Iterator[RunningHall]:
    """Import, ask while idle, then run with Boston and Pingliang in force; Ctrl-C's signal must end it well."""
    data = folder / "data"
    program = [sys.executable, "-m", "deploy"]
    imported = subprocess.run(
        [*program, "import", str(city_log(folder)), "--lang", "en", "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert imported.returncode == 0, imported.stderr
    asked: tuple[tuple[str, ...], ...] = (EXPLAIN, SQL, RANK)
    idle = {words: said(data, *words) for words in asked}
    with (folder / "log").open("w+") as log:
        stack = subprocess.Popen(
            [*program, "up", "--port", "0", "--hall", "pingliang", "--lang", "en", "--data", str(data)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert stack.stdout is not None
        try:
            greeting = ""
            for line in stack.stdout:
                greeting += line
                if line.startswith("wall:"):
                    break
            yield RunningHall(data, imported, idle, greeting)
        finally:
            stack.terminate()
            try:
                stack.communicate(timeout=300)
            finally:
                stack.kill()
        log.seek(0)
        assert stack.returncode == 0, log.read()
