import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.shipped import hall_folder
from streams.contracts.errors import UnreadableError


def test_a_notice_is_imported_and_the_next_steps_are_named(tmp_path: Path) -> None:
    folder = shutil.copytree(hall_folder("pingliang"), tmp_path / "hall")
    notice = tmp_path / "2027.yaml"
    notice.write_text("year: 2027\nfree:\n  2027-01-01: 元旦\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["calendar", "import-notice", str(notice), "--hall", str(folder)])
    assert done.exit_code == 0
    assert "calendar china: version 2027, published up to 2027-12-31" in done.stdout
    assert f"hallwatch registry apply {folder}" in done.stdout


def test_a_wrong_notice_is_an_error_that_names_its_line(tmp_path: Path) -> None:
    folder = shutil.copytree(hall_folder("pingliang"), tmp_path / "hall")
    notice = tmp_path / "2027.yaml"
    notice.write_text("year: 2027\nfree:\n  2026-01-01: 元旦\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["calendar", "import-notice", str(notice), "--hall", str(folder)])
    assert isinstance(done.exception, UnreadableError)
    assert "2027.yaml:3 free.2026-01-01" in str(done.exception)


@pytest.mark.parametrize("command", [["preview", "calendars.yaml"], ["horizon"]])
def test_a_folder_without_data_is_named(command: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["calendar", *command, "--data", str(tmp_path / "none")])
    assert isinstance(done.exception, FileNotFoundError)
    assert "holds no data yet" in str(done.exception)
