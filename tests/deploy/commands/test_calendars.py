import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.client import StackClient
from deploy.command_line import app
from deploy.embedded.data_folder import DataFolder
from deploy.shipped import hall_folder
from streams.contracts.case_event import Accepted
from streams.contracts.codec import encode
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.instants import from_ms
from tests.deploy.running_hall import PAST_MS


def test_a_notice_is_imported_and_the_next_steps_are_named(tmp_path: Path) -> None:
    folder = shutil.copytree(hall_folder("pingliang"), tmp_path / "hall")
    notice = tmp_path / "2027.yaml"
    notice.write_text("year: 2027\nfree:\n  2027-01-01: 元旦\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["calendar", "import-notice", str(notice), "--hall", str(folder), "--lang", "en"])
    assert done.exit_code == 0
    assert "calendar china: version 2027, published up to 2027-12-31" in done.stdout
    assert f"hallwatch registry apply {folder}" in done.stdout


def test_a_wrong_notice_is_an_error_that_names_its_line(tmp_path: Path) -> None:
    folder = shutil.copytree(hall_folder("pingliang"), tmp_path / "hall")
    notice = tmp_path / "2027.yaml"
    notice.write_text("year: 2027\nfree:\n  2026-01-01: 元旦\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["calendar", "import-notice", str(notice), "--hall", str(folder), "--lang", "en"])
    assert isinstance(done.exception, UnreadableError)
    assert "2027.yaml:3 free.2026-01-01" in str(done.exception)


@pytest.mark.parametrize("command", [["preview", "calendars.yaml"], ["horizon"]])
def test_a_folder_without_data_is_named(command: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["calendar", *command, "--data", str(tmp_path / "none")])
    assert isinstance(done.exception, UnavailableError)
    assert "holds no data yet" in str(done.exception)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """The data folder of a running stack with one open case."""
    data = tmp_path / "data"
    words = ["up", "--port", "0", "--hall", "pingliang", "--lang", "en", "--data", str(data)]
    stack = subprocess.Popen(
        [sys.executable, "-m", "deploy", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert stack.stdout is not None
        for line in stack.stdout:
            if line.startswith(b"wall:"):
                break
        running = DataFolder(data).running()
        assert running is not None
        client = StackClient(running)
        accepted = Accepted(
            event_id="1",
            feed="approvals",
            case_no="pingliang/1",
            occurred_at=from_ms(PAST_MS),
            org="C02",
            item="C02-001",
        )
        client.post("/api/intake/events", encode(accepted))
        assert client.post("/api/settle", b"").json() == {"settled": True}
        client.close()
        yield data
    finally:
        stack.send_signal(signal.SIGTERM)
        stack.communicate(timeout=300)


def test_a_running_stack_is_asked_without_being_changed(running: Path, tmp_path: Path) -> None:
    file = tmp_path / "calendars.yaml"
    file.write_text('china:\n  zone: Asia/Shanghai\n  version: "every day"\n  base: none\n', encoding="utf-8")
    for _ in range(2):
        words = ["calendar", "preview", str(file), "--lang", "en", "--data", str(running)]
        seen = CliRunner().invoke(app, words)
        assert seen.exit_code == 0, seen.output
        assert "pingliang/1\n  promised limit  " in seen.stdout
        assert "1 cases, 2 clocks move" in seen.stdout
    horizon = CliRunner().invoke(app, ["calendar", "horizon", "--lang", "en", "--data", str(running)])
    assert horizon.stdout.startswith("pingliang  ")
