"""Finds the one part that each module of a folder declares; the folder listing is the register."""

from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import TypeVar

Part = TypeVar("Part")


def find_parts(folder: ModuleType, constant: str, kind: type[Part]) -> dict[str, Part]:
    """Import every module below `folder` and take its `constant`; keyed by the module's own name.

    Raises:
        TypeError: a module does not bind `constant` to a `kind`; names the module.
        ValueError: two modules have one name.
    """
    found: dict[str, Part] = {}
    for info in walk_packages(folder.__path__, folder.__name__ + "."):
        if info.ispkg:
            continue
        part = getattr(import_module(info.name), constant, None)
        if not isinstance(part, kind):
            raise TypeError(f"{info.name} must bind {constant} to a {kind.__name__}")
        name = info.name.rpartition(".")[2]
        if name in found:
            raise ValueError(f"{info.name}: another module has the name {name}")
        found[name] = part
    return dict(sorted(found.items()))
