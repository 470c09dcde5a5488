import msgspec
import pytest

from streams.registry.files import FILES, HallFile, read_sheet
from streams.registry.registry import HallRegistry


@pytest.mark.parametrize("hall_file", FILES, ids=lambda hall_file: hall_file.file)
def test_each_file_fills_a_field_of_the_hall_and_knows_its_name_field(hall_file: HallFile) -> None:
    assert hall_file.holds in HallRegistry.__dataclass_fields__
    assert hall_file.name in {info.name for info in msgspec.structs.fields(hall_file.kind)}


def test_a_part_that_is_not_sound_still_declares_its_name() -> None:
    feeds = next(hall_file for hall_file in FILES if hall_file.holds == "feeds")
    sheet = read_sheet(feeds, "a:\n  way: pigeon\nb:\n")
    assert set(sheet.names) == {"a", "b"}
    assert [placed.part.name for placed in sheet.parts] == ["b"]
    assert len(sheet.notes.problems) == 1
