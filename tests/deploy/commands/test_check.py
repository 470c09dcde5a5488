import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.shipped import hall_folder


@pytest.mark.parametrize("name", ["boston", "pingliang", "wabo"])
def test_every_shipped_hall_is_in_order(name: str) -> None:
    done = CliRunner().invoke(app, ["check", name, "--lang", "en"])
    assert (done.exit_code, done.stdout) == (0, f"{hall_folder(name)}: ok\n")


def test_what_is_wrong_is_named_with_file_line_and_field_in_either_language(tmp_path: Path) -> None:
    folder = shutil.copytree(hall_folder("pingliang"), tmp_path / "hall")
    people = folder / "people.csv"
    lines = people.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace(",C02,", ",C99,")
    people.write_text("\n".join(lines) + "\n", encoding="utf-8")
    chinese, english = (CliRunner().invoke(app, ["check", str(folder), "--lang", lang]) for lang in ("zh", "en"))
    assert chinese.exit_code == english.exit_code == 1
    for done in (chinese, english):
        assert "people.csv:4 org" in done.stdout
        assert "C99" in done.stdout
        assert "orgs.csv:3 chief_representative" in done.stdout
    assert english.stdout.endswith(f"{folder}: 2 problems\n")
    assert chinese.stdout.endswith(f"{folder}: 2 个问题\n")
