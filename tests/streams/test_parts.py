from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from streams.parts import find_parts

Folder = Callable[[str, dict[str, str]], ModuleType]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Makes a package of parts out of file names and their texts."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(package: str, files: dict[str, str]) -> ModuleType:
        for name, text in {"__init__.py": "", **files}.items():
            path = tmp_path / package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return import_module(package)

    return make


def test_parts_are_known_by_the_names_of_their_files_in_their_order(folder: Folder) -> None:
    package = folder("parts_in_order", {"second.py": "PART = 2", "first.py": "PART = 1"})
    assert list(find_parts(package, "PART", int).items()) == [("first", 1), ("second", 2)]


def test_parts_in_folders_below_are_found(folder: Folder) -> None:
    package = folder("parts_below", {"group/__init__.py": "", "group/deep.py": "PART = 3"})
    assert find_parts(package, "PART", int) == {"deep": 3}


def test_an_empty_folder_has_no_parts(folder: Folder) -> None:
    assert find_parts(folder("parts_of_nothing", {}), "PART", int) == {}


@pytest.mark.parametrize("text", ["", "PART = 'text'"], ids=["none", "of another kind"])
def test_a_module_without_its_part_is_refused_and_named(text: str, folder: Folder) -> None:
    package = folder("parts_" + ("wrong" if text else "missing"), {"stray.py": text})
    with pytest.raises(TypeError, match=r"\.stray must bind PART to a int"):
        find_parts(package, "PART", int)


def test_two_parts_of_one_name_are_refused(folder: Folder) -> None:
    files = {"a/__init__.py": "", "b/__init__.py": "", "a/same.py": "PART = 1", "b/same.py": "PART = 2"}
    with pytest.raises(ValueError, match="another module has the name same"):
        find_parts(folder("parts_twice", files), "PART", int)


def test_a_module_that_cannot_be_imported_stops_the_program(folder: Folder) -> None:
    with pytest.raises(ZeroDivisionError):
        find_parts(folder("parts_broken", {"broken.py": "PART = 1 / 0"}), "PART", int)
