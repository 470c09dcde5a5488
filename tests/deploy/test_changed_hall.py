import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from deploy.changed_hall import changed_hall, import_notice
from deploy.shipped import hall_folder
from streams.contracts.errors import UnreadableError
from streams.registry.loading import check_hall, load_hall

PINGLIANG = load_hall(hall_folder("pingliang"))
NOTICE = "year: 2027\nfree:\n  2027-01-01..2027-01-03: 元旦\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(hall_folder("pingliang"), tmp_path / "hall")


def written(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_whole_folder_takes_the_place_of_the_hall(folder: Path) -> None:
    assert changed_hall(PINGLIANG, folder) == PINGLIANG
    with pytest.raises(UnreadableError, match="folder of hall boston, not of pingliang"):
        changed_hall(PINGLIANG, hall_folder("boston"))


def test_a_calendars_file_changes_the_calendars_and_nothing_else(tmp_path: Path) -> None:
    file = written(tmp_path, "new.yaml", "china:\n  zone: Asia/Shanghai\n  version: x\n  base: weekend\n")
    changed = changed_hall(PINGLIANG, file)
    assert changed.calendars[0].version == "x"
    assert replace(changed, calendars=PINGLIANG.calendars) == PINGLIANG


def test_an_hours_file_changes_the_hours_whatever_it_is_called(tmp_path: Path) -> None:
    file = written(tmp_path, "thursday.yaml", "hall:\n  weekdays:\n    4: [08:30-12:00]\n")
    changed = changed_hall(PINGLIANG, file)
    assert changed.hours[0].weekdays == {4: ("08:30-12:00",)}
    assert replace(changed, hours=PINGLIANG.hours) == PINGLIANG


def test_a_notice_changes_the_calendar_it_names_or_the_halls_own(tmp_path: Path) -> None:
    changed = changed_hall(PINGLIANG, written(tmp_path, "2027.yaml", NOTICE))
    assert changed.calendars[0].unknown_from == date(2028, 1, 1)
    with pytest.raises(UnreadableError, match="has no calendar japan"):
        changed_hall(PINGLIANG, written(tmp_path, "2027.yaml", NOTICE + "calendar: japan\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("year: 2027\nfree:\n  2026-01-01: 元旦\n", r"x\.yaml:3 free\.2026-01-01: is not in 2027"),
        ("year: 2029\nfree:\n  2029-01-01: 元旦\n", "2027 is not published"),
        ("china:\n  zone: Asia/Shanghai\n", r"x\.yaml:1 version: is required"),
        ("other:\n  zone: Asia/Shanghai\n  version: x\n", "china is not there"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        changed_hall(PINGLIANG, written(tmp_path, "x.yaml", text))
    with pytest.raises(UnreadableError, match=r"gone\.yaml"):
        changed_hall(PINGLIANG, tmp_path / "gone.yaml")


def test_an_imported_notice_stands_in_the_folder_as_a_new_version_that_checks(folder: Path, tmp_path: Path) -> None:
    new = import_notice(written(tmp_path, "2027.yaml", NOTICE), folder)
    assert new is not None
    assert check_hall(folder) == []
    assert load_hall(folder).calendars == (new,)
    assert (new.version, new.free[date(2027, 1, 2)]) == ("2027", "元旦")
    shipped = (hall_folder("pingliang") / "calendars.yaml").read_text(encoding="utf-8")
    assert (folder / "calendars.yaml").read_text(encoding="utf-8").splitlines()[:2] == shipped.splitlines()[:2]


def test_the_same_notice_again_makes_no_version(folder: Path, tmp_path: Path) -> None:
    notice = written(tmp_path, "2027.yaml", NOTICE)
    assert import_notice(notice, folder) is not None
    before = (folder / "calendars.yaml").read_bytes()
    assert import_notice(notice, folder) is None
    assert (folder / "calendars.yaml").read_bytes() == before


def test_a_wrong_notice_leaves_the_folder_as_it_was(folder: Path, tmp_path: Path) -> None:
    before = (folder / "calendars.yaml").read_bytes()
    with pytest.raises(UnreadableError):
        import_notice(written(tmp_path, "2029.yaml", "year: 2029\nfree:\n  2029-01-01: 元旦\n"), folder)
    assert (folder / "calendars.yaml").read_bytes() == before
