import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.shipped import hall_folder
from tests.deploy.running_hall import RunningHall, said

pytestmark = pytest.mark.usefixtures("logs")


def test_a_hall_is_put_in_force_in_the_running_stack_and_again_changes_nothing(
    hall: RunningHall, tmp_path: Path
) -> None:
    folder = shutil.copytree(hall_folder("pingliang"), tmp_path / "hall")
    people = folder / "people.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("唐明强", "唐明"), encoding="utf-8")
    said_first, said_again = (said(hall.folder, "registry", "apply", str(folder), "--lang", "en") for _ in range(2))
    assert said_first == said_again
    version = said_first.removeprefix("registry ").removesuffix(" is in force\n")
    with hall.client() as client:
        assert client.get("/api/status")["registry"] == version
        assert client.get("/api/status")["halls"] == ["boston", "pingliang"]
    assert f"{version}  boston, pingliang\n" in said(hall.folder, "registry", "list")


def test_a_wrong_hall_is_not_applied(hall: RunningHall, tmp_path: Path) -> None:
    kept = said(hall.folder, "registry", "list")
    folder = shutil.copytree(hall_folder("pingliang"), tmp_path / "hall")
    (folder / "hall.yaml").write_text("code: pingliang\n", encoding="utf-8")
    refused = CliRunner().invoke(app, ["registry", "apply", str(folder), "--lang", "en", "--data", str(hall.folder)])
    assert refused.exit_code == 1
    assert "nothing applied: see hallwatch check" in refused.stderr
    assert "hall.yaml" in refused.stderr
    assert said(hall.folder, "registry", "list") == kept


def test_an_empty_folder_says_how_a_hall_comes_into_it(tmp_path: Path) -> None:
    assert said(tmp_path, "registry", "list", "--lang", "en") == (
        f"{tmp_path} holds no registry yet: hallwatch registry apply <hall>\n"
    )
