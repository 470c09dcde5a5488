import csv
import io
from datetime import UTC, datetime

from dashboards.export import Column, Sheet
from dashboards.exports.csv_file import EXPORT

SHEET = Sheet(
    title="排名",
    notes=("统计期",),
    columns=(Column("名次", "count"), Column("部门"), Column("得分", "number")),
    rows=[(1, '市监局, "一"\n二', 98.5), (None, "=HYPERLINK(1)", None)],
    made_at=datetime(2015, 4, 1, tzinfo=UTC),
)


def test_excel_sees_that_it_is_utf_8() -> None:
    assert EXPORT.write(SHEET).startswith("\ufeff名次,部门,得分\r\n".encode())


def test_rows_come_back_as_they_went_and_formulas_as_text() -> None:
    rows = list(csv.reader(io.StringIO(EXPORT.write(SHEET).decode("utf-8-sig"), newline="")))
    assert rows == [["名次", "部门", "得分"], ["1", '市监局, "一"\n二', "98.5"], ["", "'=HYPERLINK(1)", ""]]
