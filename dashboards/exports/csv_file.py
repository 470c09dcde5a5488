"""CSV as spreadsheets open it: UTF-8 with a byte order mark, or Excel shows Chinese as rubbish."""

import csv
import io

from dashboards.export import Cell, Export, Sheet

_BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(sheet: Sheet) -> bytes:
    """Headings and rows and nothing else, so that programs can read it too."""
    text = io.StringIO(newline="")
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow([column.heading for column in sheet.columns])
    writer.writerows([[_plain(cell) for cell in row] for row in sheet.rows])
    return text.getvalue().encode()


def _plain(cell: Cell) -> str | int | float:
    """Text that a spreadsheet would take for a formula is quoted as text: names come from other people's systems."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return "'" + cell
    return cell


EXPORT = Export(suffix=".csv", media_type="text/csv; charset=utf-8", write=write)
