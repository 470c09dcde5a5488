import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.shipped import hall_folder
from streams.contracts.errors import UnreadableError
from tests.deploy.running_hall import RunningHall, city_log, said

pytestmark = pytest.mark.usefixtures("logs")
COUNT = ("sql", "SELECT count() FROM case_events FINAL WHERE hall = 'boston'", "--format", "csv")


def test_a_file_is_imported_into_an_idle_folder(hall: RunningHall) -> None:
    assert hall.imported.stdout == "4 events of 2 cases taken in, 0 set aside\n"


def test_the_same_file_into_the_running_stack_changes_nothing_and_a_bad_row_is_told(
    hall: RunningHall, tmp_path: Path
) -> None:
    before = said(hall.folder, *COUNT)
    file = city_log(tmp_path, "3,sometime,,,ONTIME,Open,Sign Repair,Q,BTDT,S,R,Call")
    done = CliRunner().invoke(app, ["import", str(file), "--data", str(hall.folder)])
    assert done.exit_code == 1, done.exception
    assert "1 set aside: " in done.stdout
    assert done.stdout.endswith("4 events of 2 cases taken in, 1 set aside\n")
    assert said(hall.folder, *COUNT) == before
    letters = said(hall.folder, "sql", "SELECT place FROM dead_letters FINAL", "--format", "csv")
    assert f"{file.name}, line 4" in letters


def test_a_hall_that_is_not_in_force_in_the_running_stack_is_named(hall: RunningHall, tmp_path: Path) -> None:
    file = city_log(tmp_path)
    folder = shutil.copytree(hall_folder("boston"), tmp_path / "salem", ignore=shutil.ignore_patterns("sources"))
    told = folder / "hall.yaml"
    told.write_text(told.read_text(encoding="utf-8").replace("code: boston", "code: salem"), encoding="utf-8")
    words = ["import", str(file), "--hall", str(folder), "--data", str(hall.folder)]
    refused = CliRunner().invoke(app, words).exception
    assert isinstance(refused, UnreadableError)
    assert "hallwatch registry apply salem" in str(refused)
