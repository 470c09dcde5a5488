from importlib.metadata import version

from typer.testing import CliRunner

from deploy.command_line import app


def test_hallwatch_and_what_it_stands_on_are_named_with_versions() -> None:
    lines = CliRunner().invoke(app, ["version"]).stdout.splitlines()
    assert lines[0] == f"hallwatch {version('hallwatch')}"
    assert f"  msgspec {version('msgspec')}" in lines
    assert len(lines) > 5
