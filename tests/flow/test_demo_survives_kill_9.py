"""Kill -9 in the middle of a demo, people told and alerts taken on; run again: the same end as undisturbed."""

import signal
import time
from pathlib import Path

import httpx
import pytest

from deploy.embedded.data_folder import DataFolder
from tests.flow.end_state import begin, begin_to_kill, end_state, finish

DEMO = ("demo", "--once", "--seed", "7", "--port", "0")
IN_FLIGHT = 4
"""How many tellings may have been answered when a kill comes, with no receipt on disk yet: a webhook's `at_once`."""
SHORT = ("--cases", "100", "--seconds", "5")
LONG = ("--cases", "150", "--seconds", "8")


def _tellings(folder: Path) -> list[str]:
    """Every telling that the department received, in order: its idempotency key and what it says."""
    file = folder / "received.txt"
    return file.read_text().splitlines() if file.exists() else []


def _keys(folder: Path) -> list[str]:
    return [telling.split(" ", 1)[0] for telling in _tellings(folder)]


def _taken_on(folder: Path) -> int:
    """How many alerts somebody has taken on, as the pages of the running demo tell it."""
    running = DataFolder(folder).running()
    if running is None:
        return 0
    try:
        alerts = httpx.get(f"{running.address}/api/alerts", params={"limit": 500}, timeout=60).json()
    except httpx.HTTPError:
        return 0
    return sum(1 for alert in alerts if alert.get("acknowledged_by"))


def _kill_after(tellings: int, acknowledged: int, size: tuple[str, ...], folder: Path) -> None:
    killed = begin_to_kill(*DEMO, *size, folder=folder)
    try:
        end = time.monotonic() + 300
        while time.monotonic() < end and killed.poll() is None:
            if len(_keys(folder)) >= tellings and _taken_on(folder) >= acknowledged:
                break
            time.sleep(0.05)
    finally:
        killed.send_signal(signal.SIGKILL)
        out, err = killed.communicate()
    assert killed.returncode == -signal.SIGKILL, f"the demo ended by itself\n{out}\n{err}"


def _ends_as_undisturbed(tmp_path: Path, size: tuple[str, ...], *kills: tuple[int, int]) -> None:
    calm, stormy = tmp_path / "calm", tmp_path / "stormy"
    undisturbed = begin(*DEMO, *size, folder=calm)
    for tellings, acknowledged in kills:
        _kill_after(tellings, acknowledged, size, stormy)
    again = finish(begin(*DEMO, *size, folder=stormy))
    whole = finish(undisturbed)
    assert whole.returncode == 0, whole.stdout
    assert again.returncode == 0, again.stdout
    state = end_state(calm)
    assert state["alerts"], "nobody was told anything: the demo shows nothing"
    assert end_state(stormy) == state
    # One that was killed between the answer and its receipt tells again, word for word, and the receiver knows the key;
    # tests/flow/test_nothing_is_told_again.py shows that what has a receipt is not told again.
    assert len(set(_tellings(stormy))) == len(set(_keys(stormy))), "a telling was received twice in different words"
    assert len(_keys(stormy)) - len(set(_keys(stormy))) <= len(kills) * IN_FLIGHT
    assert set(_keys(stormy)) == set(_keys(calm))


def test_a_killed_demo_ends_as_one_that_was_not(tmp_path: Path) -> None:
    _ends_as_undisturbed(tmp_path, SHORT, (8, 2))


@pytest.mark.long
def test_a_demo_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    _ends_as_undisturbed(tmp_path, LONG, (1, 0), (8, 1), (14, 3))
