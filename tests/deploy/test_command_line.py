import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command_line import app, main

_LEAST = {
    "import": ["import", "cases.csv"],
    "confirm": ["confirm", "a", "--person", "b"],
    "registry apply": ["registry", "apply", "pingliang"],
    "calendar import-notice": ["calendar", "import-notice", "2027.yaml", "--hall", "pingliang"],
    "check": ["check"],
    "explain": ["explain", "a/1"],
    "rank": ["rank", "--period", "2015"],
    "oracle": ["oracle"],
    "calendar preview": ["calendar", "preview", "calendars.yaml"],
    "calendar horizon": ["calendar", "horizon"],
}
"""Every command that speaks two languages, with the least it must be given."""


def test_every_command_has_its_line_of_help() -> None:
    shown = CliRunner().invoke(app, ["--help"]).stdout
    for module in (Path(__file__).parents[2] / "deploy" / "commands").glob("[a-z]*.py"):
        name = {"import_file": "import", "calendars": "calendar"}.get(module.stem, module.stem)
        assert module.stem == "options" or f" {name} " in shown, name


@pytest.mark.parametrize("words", _LEAST.values(), ids=_LEAST)
def test_a_language_that_is_not_spoken_is_refused_with_those_that_are(words: list[str]) -> None:
    refused = CliRunner().invoke(app, [*words, "--lang", "fr"])
    assert refused.exit_code == 2
    assert "'--lang'" in refused.stderr
    assert "'zh', 'en'" in refused.stderr


@pytest.mark.parametrize(
    ("asked", "begin"),
    [
        ((), "hallwatch: 没有大厅 nowhere：请给出含有 hall.yaml 的文件夹，或者 boston"),
        (("--lang", "en"), "hallwatch: no hall 'nowhere': give a folder with a hall.yaml, or one of boston"),
        (("--lang=zh",), "hallwatch: 没有大厅 nowhere"),
    ],
)
def test_what_the_user_can_mend_is_one_line_in_the_language_asked_for_without_a_traceback(
    asked: tuple[str, ...], begin: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["hallwatch", "check", "nowhere", *asked])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith(begin)
    assert told.count("\n") == 1
