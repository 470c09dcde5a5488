"""A broker that dies under a running stack: the program ends and says so, and the next start has everything."""

import os
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from deploy.client import StackClient
from deploy.embedded.data_folder import DataFolder, Running
from streams.contracts.codec import encode
from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark
from tests.deploy.embedded.stacks import FEED, MINUTES, MORNING_MS, accepted
from tests.flow.end_state import begin


def _up(folder: Path) -> tuple[subprocess.Popen[str], Running]:
    """A stack with the hall in force, live."""
    started = begin("up", "--hall", "pingliang", "--port", "0", folder=folder)
    end = time.monotonic() + 300
    while time.monotonic() < end and started.poll() is None:
        running = DataFolder(folder).running()
        if running:
            try:
                status = httpx.get(running.address + "/api/status", timeout=60).json()
            except httpx.HTTPError:
                status = {}
            if status.get("live") and "pingliang" in status["halls"]:
                return started, running
        time.sleep(0.05)
    started.kill()
    raise AssertionError(started.communicate())


def _broker_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    (broker,) = [int(child) for child in children if b"tansu" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return broker


@pytest.mark.long
def test_a_stack_that_loses_its_broker_ends_and_the_next_has_everything(tmp_path: Path) -> None:
    first, running = _up(tmp_path)
    client = StackClient(running)
    client.post("/api/intake/events", b"\n".join(encode(accepted(number)) for number in range(20)))
    os.kill(_broker_of(first.pid), signal.SIGKILL)
    client.close()
    out, err = first.communicate(timeout=120)
    assert first.returncode in (1, 70), (out, err)  # 70: a library waited for the dead broker without end
    assert "broker has ended" in err

    second, running = _up(tmp_path)
    try:
        client = StackClient(running)
        late = HorizonMark(feed=FEED, horizon_at=from_ms(MORNING_MS + (MINUTES + 1) * 60_000))
        client.post("/api/intake/marks", encode(late))
        assert client.post("/api/settle", b"").json() == {"settled": True}
        question = b'{"query": "SELECT count() FROM findings FINAL WHERE level = \'yellow\'"}'
        assert client.post("/api/sql", question).json()["rows"] == [[20]]
        client.close()
    finally:
        second.terminate()
        second.communicate(timeout=120)
    assert second.returncode == 0
