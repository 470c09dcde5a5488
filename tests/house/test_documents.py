"""What the documents tell people to type and to open is there."""

import re
from importlib import import_module
from pathlib import Path

import msgspec
import pytest
import typer

from deploy.settings import ServerSettings, StreamSettings
from streams.contracts.metrics import METRICS

_PROGRAM = re.compile(r"(?:^|[`/ ])hallwatch ([a-z]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def documents(root: Path) -> dict[Path, str]:
    """Every document that people read, by path."""
    return {path: path.read_text(encoding="utf-8") for path in [*root.glob("*.md"), *root.glob("docs/**/*.md")]}


def _typed(text: str) -> str:
    """What stands in code, in blocks and in lines."""
    blocks = re.findall(r"```(?:sh|text)?\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", text)])


def test_every_root_document_is_there(root: Path) -> None:
    for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "DECISIONS.md"):
        assert (root / name).is_file(), f"{name} is missing"


def test_links_between_the_documents_lead_somewhere(documents: dict[Path, str]) -> None:
    broken = [
        f"{path.name}: {target}"
        for path, text in documents.items()
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
        if not (path.parent / target).exists()
    ]
    assert not broken, f"these links lead nowhere: {broken}"


def test_files_named_in_the_documents_exist(documents: dict[Path, str], root: Path) -> None:
    pattern = re.compile(
        r"`((?:streams|sinks|alerting|dashboards|deploy|tests|docs|\.ci)/[\w./-]*\w|\w+\.toml|\w+\.txt)/?`"
    )
    made = ("dashboards/static", "hallwatch.toml")
    gone = [
        f"{path.name}: {name}"
        for path, text in documents.items()
        for name in pattern.findall(text)
        if name not in made and not (root / name).exists()
    ]
    assert not gone, f"these are named and not there: {gone}"


def test_every_metric_stands_in_its_document(documents: dict[Path, str], root: Path) -> None:
    rows = set(re.findall(r"^\| `(hallwatch_\w+)`", documents[root / "docs" / "metrics.md"], re.MULTILINE))
    assert rows == {metric.name for metric in METRICS}


def test_every_setting_of_the_stream_stands_in_its_document(documents: dict[Path, str], root: Path) -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", documents[root / "docs" / "operations.md"], re.MULTILINE))
    for settings in (StreamSettings, ServerSettings):
        for field in msgspec.structs.fields(settings):
            assert field.name in told, f"{field.name} is not told of"
            shown = str(field.default or "–").removesuffix(".0")
            assert told[field.name].removesuffix(".0") == shown, field.name


def test_make_targets_named_in_the_documents_exist(documents: dict[Path, str], root: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for text in documents.values() for name in re.findall(r"\bmake ([a-z-]+)", _typed(text))}
    assert named, "the documents name no target"
    assert not named - targets, f"no such target in the Makefile: {sorted(named - targets)}"


def test_commands_named_in_the_documents_exist(documents: dict[Path, str]) -> None:
    program = typer.main.get_command(import_module("deploy.command_line").app)
    commands: dict[str, object] = getattr(program, "commands", {})
    named = {name for text in documents.values() for name in _PROGRAM.findall(_typed(text))}
    assert named, "the documents name no command"
    assert not named - set(commands), f"hallwatch has no such command: {sorted(named - set(commands))}"
