import io
import time
from datetime import UTC, datetime

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from dashboards.export import Column, Sheet
from dashboards.exports.xlsx_file import EXPORT

SHEET = Sheet(
    title="排名/2015: 三月",
    notes=("统计期：2015-03", "生成时间：今天"),
    columns=(
        Column("名次", "count", "按得分"),
        Column("部门"),
        Column("得分", "number", "满分一百"),
        Column("按时办结率", "share"),
    ),
    rows=[(1, "平凉市市场监督管理局", 98.5, 0.985), (None, "=HYPERLINK(1)", None, None)],
    made_at=datetime(2015, 4, 1, 9, 30, tzinfo=UTC),
)


def opened() -> Workbook:
    return load_workbook(io.BytesIO(EXPORT.write(SHEET)))


def test_title_notes_headings_and_rows_stand_where_they_belong() -> None:
    page = opened().worksheets[0]
    assert page.title == "排名 2015  三月"
    assert [page.cell(row, 1).value for row in (1, 2, 3)] == ["排名/2015: 三月", "统计期：2015-03", "生成时间：今天"]
    assert [page.cell(5, column).value for column in range(1, 5)] == ["名次", "部门", "得分", "按时办结率"]
    assert [page.cell(6, column).value for column in range(1, 5)] == [1, "平凉市市场监督管理局", 98.5, 0.985]
    assert [page.cell(7, column).value for column in range(1, 5)] == [None, "=HYPERLINK(1)", None, None]


def test_a_text_that_looks_like_a_formula_is_a_text() -> None:
    assert opened().worksheets[0].cell(7, 2).data_type == "s"


def test_numbers_are_shown_as_their_column_says() -> None:
    page = opened().worksheets[0]
    assert [page.cell(6, column).number_format for column in (1, 3, 4)] == ["#,##0", "0.00", "0.0%"]


def test_it_prints_one_page_wide_with_headings_on_every_page() -> None:
    page = opened().worksheets[0]
    properties = page.sheet_properties.pageSetUpPr
    assert properties is not None
    assert properties.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.freeze_panes == "A6"
    assert page.print_title_rows == "$5:$5"


def test_columns_are_as_wide_as_their_chinese_needs() -> None:
    widths = opened().worksheets[0].column_dimensions
    assert widths["B"].width >= 2 * len("平凉市市场监督管理局")
    assert widths["A"].width == 8


def test_figures_are_defined_on_a_sheet_of_their_own() -> None:
    page = opened().worksheets[1]
    assert [(row[0].value, row[1].value) for row in page.iter_rows()] == [("名次", "按得分"), ("得分", "满分一百")]


def test_a_closed_period_is_the_same_file_whenever_it_is_written() -> None:
    first = EXPORT.write(SHEET)
    time.sleep(2.1)  # longer than the grain of an archive's stamps
    assert EXPORT.write(SHEET) == first
    assert load_workbook(io.BytesIO(first)).properties.modified == datetime(2015, 4, 1, 9, 30)  # noqa: DTZ001
