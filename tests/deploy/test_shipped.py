from pathlib import Path

import pytest

from deploy.shipped import HALLS, hall_folder, mapping_folders
from streams.contracts.errors import UnreadableError


def test_a_shipped_hall_goes_by_its_name_and_another_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "hall.yaml").touch()
    assert hall_folder("pingliang") == HALLS / "pingliang"
    assert hall_folder(str(tmp_path)) == tmp_path


def test_a_folder_without_a_hall_is_refused_with_what_is_shipped(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="or one of boston, pingliang, wabo"):
        hall_folder(str(tmp_path))


def test_mappings_of_shipped_halls_come_before_those_of_the_caller(tmp_path: Path) -> None:
    shipped = mapping_folders()
    assert HALLS / "boston" / "sources" in shipped
    assert all(any(folder.glob("*.yaml")) for folder in shipped)
    assert mapping_folders(tmp_path) == [*shipped, tmp_path]
