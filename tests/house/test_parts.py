"""Every module has its mirrored test, and every part binds its one constant."""

import ast
from pathlib import Path
from typing import Any

import pytest

UNTESTED = {
    "streams/contracts/store.py": "a protocol; both stores pass tests/sinks/stores",
    "streams/engine/process.py": "a protocol; every process passes its own tests",
    "streams/engine/log.py": "a protocol; the adapters pass their own tests",
    "streams/engine/counts.py": "values without behaviour",
    "streams/engine/slots.py": "a value without behaviour",
    "streams/processes/case/settings.py": "a value without behaviour",
    "streams/engine/on_faust/link.py": "a value without behaviour",
    "streams/engine/on_faust/settings.py": "a value without behaviour",
    "streams/registry/snapshot.py": "values without behaviour; tests/streams/registry/test_loading.py fills each",
    "streams/limits/limit.py": "a value without behaviour",
}
"""Modules without a test file of their own, and why."""

PARTS = {
    "streams/rules": "RULE",
    "streams/sources": "SOURCE",
    "sinks/destinations": "DESTINATION",
    "alerting/channels": "CHANNEL",
    "dashboards/exports": "EXPORT",
}
"""The folders that hold parts, and the constant that each part binds."""

FREE = ("tests/house", "tests/flow", "tests/live", "tests/browser", "tests/bench")
"""Folders of tests that mirror no package."""


def _mirror(path: Path) -> str:
    return str(Path("tests") / path.parent / f"test_{path.name}")


def _bound(tree: ast.Module) -> set[str]:
    names = set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_every_module_has_its_mirrored_test(modules: list[Any], root: Path) -> None:
    mirrors = {str(m.path): _mirror(m.path) for m in modules if m.path.name != "__init__.py"}
    missing = [mirror for path, mirror in mirrors.items() if path not in UNTESTED and not (root / mirror).is_file()]
    assert not missing, f"write these tests, or say in UNTESTED why not: {missing}"


def test_modules_listed_without_a_test_exist_and_have_none(root: Path) -> None:
    gone = [path for path in UNTESTED if not (root / path).is_file() or (root / _mirror(Path(path))).is_file()]
    assert not gone, f"take these out of UNTESTED: {gone}"


def test_every_test_stands_in_a_folder_that_mirrors_a_package(test_modules: list[Any], root: Path) -> None:
    astray = [
        str(m.path)
        for m in test_modules
        if not str(m.path).startswith(FREE) and not (root / m.path.parent.relative_to("tests")).is_dir()
    ]
    assert not astray, f"move these tests beside what they test: {astray}"


@pytest.mark.parametrize(("folder", "constant"), PARTS.items())
def test_every_part_binds_its_one_constant(folder: str, constant: str, modules: list[Any]) -> None:
    inside = [m for m in modules if str(m.path).startswith(folder + "/") and m.path.name != "__init__.py"]
    assert inside, f"{folder} is empty"
    without = [str(m.path) for m in inside if constant not in _bound(m.tree)]
    assert not without, f"bind {constant} in these, or move them out of the folder of parts: {without}"
