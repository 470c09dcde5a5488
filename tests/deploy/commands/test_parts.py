from dataclasses import fields

from typer.testing import CliRunner

from deploy.command_line import app
from deploy.wiring import collect_parts


def test_every_part_stands_under_its_kind() -> None:
    lines = CliRunner().invoke(app, ["parts"]).stdout.splitlines()
    parts = collect_parts()
    kinds = [(line, at) for at, line in enumerate(lines) if not line.startswith(" ")]
    assert [line for line, _ in kinds] == [f"{field.name}:" for field in fields(parts)]
    ends = [at for _, at in kinds[1:]] + [len(lines)]
    for (kind, begin), end in zip(kinds, ends, strict=True):
        assert [line.split()[0] for line in lines[begin + 1 : end]] == list(getattr(parts, kind[:-1]))
