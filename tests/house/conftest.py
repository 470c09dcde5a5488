"""What the tests of the house look at: the folder, the modules, the texts."""

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("streams", "sinks", "alerting", "dashboards", "deploy")


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root of the project, its dotted name, its text and its tree."""

    path: Path
    name: str
    text: str
    tree: ast.Module


def read_module(path: Path) -> Module:
    """The module in a file below the root."""
    text = path.read_text(encoding="utf-8")
    inside = path.relative_to(ROOT)
    parts = inside.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(inside, name, text, ast.parse(text))


def read_folder(folder: Path) -> list[Module]:
    """Every module below a folder, in order of path; what a package manager put there is not ours."""
    return [read_module(path) for path in sorted(folder.rglob("*.py")) if "node_modules" not in path.parts]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Every module of the five packages."""
    return [module for package in PACKAGES for module in read_folder(ROOT / package)]


@pytest.fixture(scope="session")
def test_modules() -> list[Module]:
    """Every module below tests/."""
    return read_folder(ROOT / "tests")


@pytest.fixture(scope="session")
def kept_files() -> list[Path]:
    """Every file that git keeps or would keep, from the root of the project."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in sorted(listed.split("\0")) if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def kept_texts(kept_files: list[Path]) -> dict[Path, str]:
    """The text of every kept file that is text."""
    texts = {}
    for path in kept_files:
        raw = (ROOT / path).read_bytes()
        if b"\0" not in raw[:8000]:
            texts[path] = raw.decode("utf-8", errors="replace")
    return texts
