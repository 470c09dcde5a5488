from datetime import date
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.commands.demo import DemoPlan
from streams.contracts.errors import UnreadableError

pytestmark = pytest.mark.usefixtures("logs")


def _refused(*words: str) -> UnreadableError:
    error = CliRunner().invoke(app, ["demo", *words]).exception
    assert isinstance(error, UnreadableError)
    return error


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    refused = _refused("--day", "23.11.2026", "--data", str(tmp_path / "demo"))
    assert refused.field == "--day"
    assert not (tmp_path / "demo").exists()


def test_a_folder_that_no_demo_made_is_never_cleared(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert _refused("--data", str(tmp_path)).field == "--data"
    assert (tmp_path / "thesis.txt").exists()
    assert not (tmp_path / "demo.json").exists()


def test_a_plan_that_is_finished_is_another_than_the_same_begun() -> None:
    begun = DemoPlan(hall="pingliang", seed=1, cases=6, day=date(2026, 11, 23), days=1)
    again = msgspec.json.decode(msgspec.json.encode(begun), type=DemoPlan)
    assert again == begun != msgspec.structs.replace(begun, finished=True)
