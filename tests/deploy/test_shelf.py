from pathlib import Path

import pytest

from deploy.shelf import RegistryShelf, UnknownVersionError
from deploy.shipped import hall_folder
from streams.registry.loading import load_hall
from tests.deploy.embedded.stacks import MORNING_MS, PINGLIANG


def test_versions_build_on_each_other_and_are_read_again_from_their_files(tmp_path: Path) -> None:
    shelf = RegistryShelf(tmp_path / "registry")
    first = shelf.with_hall("", PINGLIANG, MORNING_MS)
    both = shelf.with_hall(first, load_hall(hall_folder("boston")), MORNING_MS)
    again = RegistryShelf(tmp_path / "registry")
    assert set(again) == {"", first, both}
    assert len(again) == 3
    assert sorted(again[both].halls) == ["boston", "pingliang"]
    assert again[first].halls == {"pingliang": PINGLIANG}
    assert again[first].version == first


def test_the_same_hall_is_the_same_version_and_is_kept_once(tmp_path: Path) -> None:
    shelf = RegistryShelf(tmp_path)
    first = shelf.with_hall("", PINGLIANG, MORNING_MS)
    (file,) = tmp_path.iterdir()
    before = file.read_bytes()
    assert shelf.with_hall("", PINGLIANG, MORNING_MS + 1) == first
    assert shelf.with_hall(first, PINGLIANG, MORNING_MS + 1) == first
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]


def test_a_version_comes_with_every_part_that_its_manifest_counts(tmp_path: Path) -> None:
    shelf = RegistryShelf(tmp_path)
    version = shelf.with_hall("", PINGLIANG, MORNING_MS)
    kept = shelf.kept(version)
    assert kept.manifest.version == version
    assert sum(kept.manifest.counts.values()) == len(kept.parts)


def test_before_anything_is_kept_there_is_the_registry_without_halls(tmp_path: Path) -> None:
    shelf = RegistryShelf(tmp_path / "none")
    assert list(shelf) == [""]
    assert shelf[""].halls == {}
    with pytest.raises(UnknownVersionError, match="f00"):
        shelf["f00"]
