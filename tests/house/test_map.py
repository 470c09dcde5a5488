"""The map in ARCHITECTURE.md shows the packages that there are, no more and no fewer."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

_LINE = re.compile(r"^\| `([a-z_.]+)/?` \|", re.MULTILINE)


@pytest.fixture(scope="module")
def architecture(root: Path) -> str:
    return (root / "ARCHITECTURE.md").read_text(encoding="utf-8")


def _section(text: str, title: str) -> str:
    _, found, rest = text.partition(f"\n## {title}\n")
    assert found, f"ARCHITECTURE.md needs a section '## {title}'"
    return rest.partition("\n## ")[0]


def test_the_map_lists_exactly_the_packages_that_exist(architecture: str, modules: list[Any]) -> None:
    listed = _LINE.findall(_section(architecture, "The map"))
    packages = {module.name for module in modules if module.path.name == "__init__.py"}
    assert len(listed) == len(set(listed)), "a package stands twice on the map"
    assert not packages - set(listed), f"add a line to the map for: {sorted(packages - set(listed))}"
    assert not set(listed) - packages, f"take from the map what is gone: {sorted(set(listed) - packages)}"


def test_the_floors_told_are_the_floors_checked(architecture: str, root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}
    checked = [set(re.findall(r"[a-z_.]+", layer)) for layer in contracts["floors"]["layers"]]
    rows = [line for line in _section(architecture, "The floors").splitlines() if re.match(r"\| \d", line)]
    told = [set(re.findall(r"`([a-z_.]+)`", row.split("|")[2])) for row in rows]
    assert told == checked, "the table under 'The floors' and the contract in pyproject.toml differ"
