"""What a data folder holds in the end, for comparing two lives: every latest fact without its stamps."""

import json
import os
import subprocess
import sys
from pathlib import Path

from deploy.settings import StoreSettings
from deploy.stores import open_store

TABLES = {
    "case_events": "case_no, event_id, kind, occurred_at, data_version, body",
    "cases": "* EXCEPT (version, known_at, registry_version)",
    "clocks": "* EXCEPT (version, known_at)",
    "findings": "* EXCEPT (version, known_at, registry_version, tell, change)",
    "alerts": "* EXCEPT (version, known_at, told_at, acknowledged_at)",
    "pushes": "push_id, receiver, channel, reason, finding_id, subject, level, state",
    "dead_letters": "letter_id, place, reason, field",
}
"""Columns compared by table; when something became known differs between lives, what is known does not."""

_SECONDS = 500.0


def program(*words: str | Path, folder: Path) -> list[str]:
    """The command line of a command on a data folder."""
    return [sys.executable, "-m", "deploy", *map(str, words), "--data", str(folder)]


def begin(*words: str | Path, folder: Path) -> subprocess.Popen[str]:
    """Start a command on a data folder."""
    return _started(program(*words, folder=folder))


_ENDLESS = """
import asyncio
from deploy.command_line import main
from deploy.commands import demo
from deploy.embedded.stack import Stack

async def wait(*_):
    await asyncio.Event().wait()

demo._finish = Stack.stop = wait
main()
"""


def begin_to_kill(*words: str | Path, folder: Path) -> subprocess.Popen[str]:
    """Start a command that never comes to its end: on any machine it is there to be killed."""
    _, _, _, *rest = program(*words, folder=folder)
    return _started([sys.executable, "-c", _ENDLESS, *rest])


def _started(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(started: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for the end of a command; 0 and 1 are its verdicts, anything else fails the test."""
    try:
        out, err = started.communicate(timeout=_SECONDS)
    finally:
        started.kill()
    assert started.returncode in (0, 1), f"exit {started.returncode}\n{out}\n{err}"
    return subprocess.CompletedProcess(started.args, started.returncode, out, err)


def hallwatch(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command on a data folder, to its end."""
    return finish(begin(*words, folder=folder))


def answers(folder: Path, *questions: str) -> list[list[str]]:
    """The rows of each question to an idle folder's store, as JSON, in order."""
    store = open_store(StoreSettings(), folder / "store")
    try:
        found = [store.query(question) for question in questions]
    finally:
        store.close()
    return [
        sorted(json.dumps(dict(zip(one.columns, map(str, row), strict=True)), sort_keys=True) for row in one.rows)
        for one in found
    ]


def end_state(folder: Path) -> dict[str, list[str]]:
    """Every table's rows in order."""
    questions = [f"SELECT {columns} FROM {table} FINAL" for table, columns in TABLES.items()]
    return dict(zip(TABLES, answers(folder, *questions), strict=True))


def real_log(name: str) -> Path:
    """A file of real data; tests that need it are skipped where it is absent."""
    beside = Path(__file__).parents[2].parent / "shared" / "data"
    return Path(os.environ.get("HALLWATCH_TEST_DATA", beside)) / name  # noqa: TID251 - tests have no settings
