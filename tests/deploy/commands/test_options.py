from pathlib import Path

import pytest
from rich.table import Table

from deploy.client import RemoteStore
from deploy.commands.options import needs_data, print_table, reading_store, settings_and_folder
from deploy.embedded.data_folder import DataFolder, FolderInUseError
from deploy.settings import Settings
from streams.contracts.errors import UnavailableError
from tests.deploy.running_hall import RunningHall


def test_the_command_line_names_the_folder_before_the_settings_do(tmp_path: Path) -> None:
    file = tmp_path / "hallwatch.toml"
    file.write_text('data = "kept"\n', encoding="utf-8")
    assert settings_and_folder(file, None)[1].root == Path("kept")
    settings, folder = settings_and_folder(file, tmp_path)
    assert (settings.data, folder.root) == ("kept", tmp_path)


def test_a_folder_on_which_nothing_ever_ran_is_named_and_not_made(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "none")
    with pytest.raises(UnavailableError, match="holds no data yet"):
        needs_data(folder)
    assert not folder.root.exists()


def test_the_store_of_a_running_stack_is_read_through_it(hall: RunningHall) -> None:
    with reading_store(Settings(), DataFolder(hall.folder)) as (store, running):
        assert isinstance(store, RemoteStore)
        assert running == hall.running


def test_a_folder_owned_by_a_process_without_pages_is_in_use(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.journal.mkdir()
    with folder.owned(), pytest.raises(FolderInUseError), reading_store(Settings(), DataFolder(tmp_path)):
        pass


def test_a_table_in_a_pipe_is_as_wide_as_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(*(f"column {number}" for number in range(30)))
    table.add_row(*(f"a value of some length {number}" for number in range(30)))
    print_table(table)
    shown = capsys.readouterr().out
    assert "…" not in shown
    assert len(shown.splitlines()) == 5
    assert all(f"column {number} " in shown and f"length {number} " in shown for number in range(30))
