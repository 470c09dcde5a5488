"""The five import names come from us and from nobody else, and a wheel carries what it should."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module
from importlib.metadata import distributions
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

NAMES = ("streams", "sinks", "alerting", "dashboards", "deploy")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pinned(root: Path) -> dict[str, str]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("==") for line in lines if not line.startswith("#")]
    return {_plain(name): version for name, _, version in pairs}


def test_no_other_distribution_brings_one_of_our_import_names() -> None:
    rivals = set()
    for distribution in distributions():
        tops = {file.parts[0] for file in distribution.files or () if len(file.parts) > 1}
        if distribution.name != "hallwatch" and tops & {*NAMES, "tests"}:
            rivals.add(distribution.name)
    assert not rivals, f"these overwrite folders of ours, remove them: {rivals}"


@pytest.mark.parametrize("name", NAMES)
def test_an_import_name_is_the_folder_of_that_name(name: str, root: Path) -> None:
    file = import_module(name).__file__
    assert file is not None
    assert Path(file) == root / name / "__init__.py", f"{name} comes from {file}"


def test_no_folder_below_tests_is_a_package(root: Path) -> None:
    packages = [str(path) for path in (root / "tests").rglob("__init__.py")]
    assert not packages, f"a package below tests/ takes the name of the one it tests; remove: {packages}"


def test_the_wheel_is_made_of_the_five_packages(project: dict[str, Any]) -> None:
    assert tuple(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == NAMES


def test_the_program_exists(project: dict[str, Any]) -> None:
    module, _, function = project["project"]["scripts"]["hallwatch"].partition(":")
    assert callable(getattr(import_module(module), function))


def test_constraints_name_exact_versions_and_nothing_else(root: Path) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)]
    assert not wrong, f"only name==version belongs into constraints.txt: {wrong}"


def test_everything_that_is_asked_for_has_an_exact_version(project: dict[str, Any], root: Path) -> None:
    groups = project["dependency-groups"].values()
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"], *chain.from_iterable(groups)]
    names = {_plain(re.split(r"[\s\[<>=!~;]", line)[0]) for line in asked}
    missing = sorted(names - set(_pinned(root)))
    assert not missing, f"write the versions of these into constraints.txt: {missing}"


def test_what_is_installed_is_what_constraints_say(root: Path) -> None:
    pinned = _pinned(root)
    other = {
        d.name: (d.version, pinned[_plain(d.name)])
        for d in distributions()
        if pinned.get(_plain(d.name), d.version) != d.version
    }
    assert not other, f"installed and wanted differ, run make again: {other}"


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_built_wheel_carries_the_packages_the_front_end_and_the_halls(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--wheel-dir", str(tmp_path)]
    subprocess.run([*command, "--build-constraint", "constraints.txt"], cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("hallwatch-*.whl")
    files = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in files if ".dist-info/" not in name} == set(NAMES)
    for needed in ("dashboards/static/wall.html", "deploy/halls/pingliang/hall.yaml", "sinks/schema/"):
        assert any(name.startswith(needed) for name in files), f"the wheel lacks {needed}"
    sources = [name for name in files if name.startswith(("dashboards/web/", "dashboards/web_build"))]
    assert not sources, f"these are for the build only: {sources}"
