from pathlib import Path

from typer.testing import CliRunner

from deploy.command_line import app
from streams.contracts.errors import UnavailableError, UnreadableError
from tests.deploy.running_hall import RunningHall

WORDS = ["confirm", "no-such-finding", "--person", "李主任"]


def test_what_nobody_proposed_to_withdraw_is_refused_by_the_running_stack(hall: RunningHall) -> None:
    refused = CliRunner().invoke(app, [*WORDS, "--data", str(hall.folder)]).exception
    assert isinstance(refused, UnreadableError)
    assert refused.field == "alert_id"


def test_without_a_running_stack_nobody_can_confirm(tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, [*WORDS, "--data", str(tmp_path)]).exception
    assert isinstance(refused, UnavailableError)
    assert "hallwatch up" in str(refused)


def test_who_confirms_must_be_said() -> None:
    assert CliRunner().invoke(app, WORDS[:2]).exit_code == 2
