from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.wiring import collect_parts
from streams.contracts.errors import UnreadableError
from tests.deploy.running_hall import RANK, RunningHall, said


def test_a_running_stack_ranks_as_its_idle_folder_did_into_one_file_a_format(hall: RunningHall, tmp_path: Path) -> None:
    shown = said(hall.folder, *RANK, "--out", str(tmp_path))
    table, files = hall.idle[RANK].rsplit("┘\n", 1)
    assert shown.startswith(table)
    suffixes = [export.suffix for export in collect_parts().exports.values()]
    assert files.split() == [str(hall.folder / "reports" / f"boston-org-2015-01{suffix}") for suffix in suffixes]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(f"boston-org-2015-01{end}" for end in suffixes)
    assert "open overdue" in table
    assert "PWDx" in table


def test_a_published_ranking_is_a_fact(hall: RunningHall, tmp_path: Path) -> None:
    shown = said(hall.folder, *RANK, "--board", "item", "--publish", "--out", str(tmp_path))
    assert shown.endswith("item 2015-01: kept as a fact\n")
    hall.settle()
    question = "SELECT board, period FROM rankings FINAL WHERE hall = 'boston'"
    assert said(hall.folder, "sql", question, "--format", "csv").splitlines()[1:] == ["item,2015-01"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--period", "2015-13", "--hall", "boston"], "2015-13"),
        (["--period", "2015", "--hall", "boston", "--board", "moods"], "moods"),
        (["--period", "2015"], "name one of boston, pingliang"),
    ],
)
def test_what_cannot_be_ranked_is_named(words: list[str], reason: str, hall: RunningHall) -> None:
    refused = CliRunner().invoke(app, ["rank", *words, "--data", str(hall.folder)]).exception
    assert isinstance(refused, UnreadableError)
    assert reason in str(refused)
