import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.embedded.data_folder import FolderInUseError
from streams.contracts.errors import UnreadableError
from tests.deploy.running_hall import RunningHall

pytestmark = pytest.mark.usefixtures("logs")


def test_the_hall_is_put_in_force_and_the_pages_are_named(hall: RunningHall) -> None:
    applied, pages = hall.greeting.splitlines()
    assert applied.startswith("hall pingliang: registry ")
    assert pages.startswith(f"wall: {hall.running.address}/wall    console: {hall.running.address}/ ")


@pytest.mark.usefixtures("logs")
def test_a_second_stack_on_the_folder_is_refused_and_the_first_named(hall: RunningHall) -> None:
    refused = CliRunner().invoke(app, ["up", "--port", "0", "--data", str(hall.folder)]).exception
    assert isinstance(refused, FolderInUseError)
    assert hall.running.address in str(refused)


def test_a_hall_that_is_not_there_is_told_before_anything_starts(hall: RunningHall) -> None:
    refused = CliRunner().invoke(app, ["up", "--hall", "atlantis", "--data", str(hall.folder)]).exception
    assert isinstance(refused, UnreadableError)
    assert "no hall 'atlantis'" in str(refused)
