from datetime import UTC, datetime

import pytest

import dashboards.exports
from dashboards.export import Column, Export, Sheet
from streams.parts import find_parts

EXPORTS = find_parts(dashboards.exports, "EXPORT", Export)
SHEET = Sheet(
    title="排名", notes=(), columns=(Column("部门"), Column("得分", "number")), rows=[("市监局", 1.5)],
    made_at=datetime(2015, 4, 1, tzinfo=UTC),
)  # fmt: skip


def test_suffixes_are_told_apart() -> None:
    suffixes = [export.suffix for export in EXPORTS.values()]
    assert len(set(suffixes)) == len(suffixes) >= 2
    assert all(suffix.startswith(".") for suffix in suffixes)


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_sheet_gives_the_same_bytes_and_another_gives_others(name: str) -> None:
    write = EXPORTS[name].write
    assert write(SHEET) == write(SHEET)
    other = Sheet(SHEET.title, SHEET.notes, SHEET.columns, [("市监局", 2.5)], SHEET.made_at)
    assert write(SHEET) != write(other)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_sheet_without_rows_can_be_written(name: str) -> None:
    assert EXPORTS[name].write(Sheet("x", ("n",), SHEET.columns, [], SHEET.made_at))
