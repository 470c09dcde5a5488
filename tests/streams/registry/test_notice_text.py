from datetime import date
from pathlib import Path

import pytest

from deploy.shipped import HALLS
from streams.contracts.errors import UnreadableError
from streams.registry.files import FILES, read_sheet
from streams.registry.notice import YearNotice, with_notice
from streams.registry.notice_text import rewritten
from streams.registry.snapshot import CalendarData

CALENDARS = next(file for file in FILES if file.holds == "calendars")
ODD_NAMES = {
    date(2027, 1, 1): "New Year's Day: first",
    date(2027, 1, 4): 'a "quoted" # name\\',
    date(2027, 1, 5): "",
    date(2027, 1, 6): "2027",
}


def calendars(text: str) -> dict[str, CalendarData]:
    sheet = read_sheet(CALENDARS, text)
    assert sheet.notes.problems == []
    return {placed.part.code: placed.part for placed in sheet.parts}


@pytest.mark.parametrize("file", sorted(HALLS.glob("*/calendars.yaml")), ids=lambda path: path.parent.name)
def test_what_is_written_reads_back_and_every_remark_stays_in_its_place(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for code, old in calendars(text).items():
        year = 2027
        for _ in range(3):  # a file that has been edited can be edited again
            new = with_notice(old, YearNotice(year=year, free=ODD_NAMES, working={date(2027, 1, 9): "调休"}))
            text = rewritten(text, new)
            assert calendars(text)[code] == new
            old = new
    remarks = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == remarks


def test_other_calendars_and_remarks_between_them_are_left_alone() -> None:
    text = """# top
a:
  zone: Asia/Shanghai
  version: "1" # first
  base: weekend
  free:
    # a remark inside the list goes with it
    2026-01-01: old

# about b
b:
  zone: Asia/Shanghai
  version: "7"
"""
    old = calendars(text)
    new = with_notice(old["a"], YearNotice(year=2027, free={date(2027, 1, 1): "元旦"}))
    written = rewritten(text, new)
    assert calendars(written) == {"a": new, "b": old["b"]}
    assert written.endswith('\n\n# about b\nb:\n  zone: Asia/Shanghai\n  version: "7"\n')
    assert written.startswith("# top\na:\n")


@pytest.mark.parametrize(
    "text",
    [
        "b:\n  version: '1'\n",
        "a: {zone: Asia/Shanghai, version: '1'}\n",
        "a:\n  version: '1'\n  free: {2026-01-01: x}\n",
        "a:\n",
        "- a\n",
    ],
)
def test_a_file_that_cannot_be_edited_line_by_line_is_refused(text: str) -> None:
    calendar = CalendarData(code="a", zone="Asia/Shanghai", version="2")
    with pytest.raises(UnreadableError, match="edit it by hand"):
        rewritten(text, calendar)
