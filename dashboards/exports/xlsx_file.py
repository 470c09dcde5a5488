"""XLSX to be read and printed: title, frozen headings, one page wide, the definitions on a sheet of their own."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell as PaperCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dashboards.export import Cell, Column, Export, Kind, Sheet

_FORMATS: dict[Kind, str] = {"text": "@", "count": "#,##0", "number": "0.00", "share": "0.0%"}
_WIDEST, _NARROWEST = 40, 8
_LINE = Border(bottom=Side(style="thin", color="999999"))
_SHADE = PatternFill("solid", fgColor="E8EEF5")
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
_FIRST_INSTANT = (1980, 1, 1, 0, 0, 0)
"""The earliest that an archive can say; every piece of the file carries it, so equal sheets are equal bytes."""


def write(sheet: Sheet) -> bytes:
    """The workbook."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = _NOT_IN_A_TITLE.sub(" ", sheet.title)[:31]
    _put(page, 1, 1, sheet.title).font = Font(size=16, bold=True)
    for row, note in enumerate(sheet.notes, start=2):
        _put(page, row, 1, note).font = Font(color="666666")
    headings = len(sheet.notes) + 3
    for position, column in enumerate(sheet.columns, start=1):
        _put_column(page, headings, position, column, [row[position - 1] for row in sheet.rows])
    _lay_out(page, headings)
    _define(book.create_sheet("口径 Definitions"), sheet)
    written = io.BytesIO()
    book.save(written)
    return _without_clock(written.getvalue(), sheet)


def _put(page: Worksheet, row: int, column: int, value: Cell) -> PaperCell:
    cell = page.cell(row, column)
    assert isinstance(cell, PaperCell)
    cell.value = value
    # A text is a text, also where it begins like a formula: names come from other people's systems.
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _put_column(page: Worksheet, headings: int, position: int, column: Column, values: Sequence[Cell]) -> None:
    heading = _put(page, headings, position, column.heading)
    heading.font, heading.fill, heading.border = Font(bold=True), _SHADE, _LINE
    heading.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    for row, value in enumerate(values, start=headings + 1):
        _put(page, row, position, value).number_format = _FORMATS[column.kind]
    texts = [column.heading, *(_shown(value, column.kind) for value in values)]
    page.column_dimensions[get_column_letter(position)].width = _width(texts)


def _lay_out(page: Worksheet, headings: int) -> None:
    """Headings that stay, on the screen and on every printed page; one page wide."""
    page.freeze_panes = f"A{headings + 1}"
    page.print_title_rows = f"{headings}:{headings}"
    page.page_setup.paperSize = int(page.PAPERSIZE_A4)
    page.page_setup.orientation = "landscape"
    _fit_to_width(page)
    footer = page.oddFooter
    assert footer is not None
    footer.center.text = "&P / &N"


def _fit_to_width(page: Worksheet) -> None:
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0


def _define(page: Worksheet, sheet: Sheet) -> None:
    """The definition of every figure, so that each place can be checked and defended."""
    page.column_dimensions["A"].width = 24
    page.column_dimensions["B"].width = 110
    _fit_to_width(page)
    defined = [column for column in sheet.columns if column.definition]
    for row, column in enumerate(defined, start=1):
        _put(page, row, 1, column.heading).font = Font(bold=True)
        _put(page, row, 2, column.definition).alignment = Alignment(wrap_text=True, vertical="top")


def _shown(value: Cell, kind: Kind) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)) and kind in ("number", "share"):
        return "100.0%" if kind == "share" else f"{value:.2f}"
    return str(value)


def _width(texts: Sequence[str]) -> float:
    """The width that holds every text, in characters; a Chinese one is as wide as two."""
    wide = max(sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text) for text in texts)
    return float(min(_WIDEST, max(_NARROWEST, wide + 2)))


def _without_clock(written: bytes, sheet: Sheet) -> bytes:
    """The same workbook with the sheet's own instant in place of the writer's clock."""
    made = sheet.made_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as before, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            piece = before.read(name)
            if name == "docProps/core.xml":
                piece = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*(</dcterms)", rb"\g<1>" + made + rb"\g<2>", piece)
            after.writestr(zipfile.ZipInfo(name, _FIRST_INSTANT), piece, zipfile.ZIP_DEFLATED)
    return result.getvalue()


EXPORT = Export(
    suffix=".xlsx",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write=write,
)
