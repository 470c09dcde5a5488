"""Reads a hall's folder: CSV and YAML files that its office edits (design section 7)."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from streams.contracts.errors import UnreadableError
from streams.registry.checking import check_sheets
from streams.registry.files import FILES, HALL, HallFile, Sheet, read_sheet
from streams.registry.problem import Notes, Problem, problems_text
from streams.registry.registry import HallRegistry

_SUFFIXES = frozenset({".csv", ".yaml", ".yml"})


def load_hall(folder: Path, rule_ids: Collection[str] | None = None) -> HallRegistry:
    """The hall in `folder`; `rule_ids` are the rules that exist, where the caller knows them.

    Raises:
        UnreadableError: something is wrong with the folder; the reason lists every problem, one a line.
    """
    hall, problems = read_hall(folder, rule_ids)
    if hall is None:
        told = problems_text(problems)
        raise UnreadableError(told.en, zh=told.zh, field=folder.name)
    return hall


def check_hall(folder: Path, rule_ids: Collection[str] | None = None) -> list[Problem]:
    """Everything that is wrong with the folder, in the order of files and lines; empty: it can be applied."""
    return read_hall(folder, rule_ids)[1]


def read_hall(folder: Path, rule_ids: Collection[str] | None = None) -> tuple[HallRegistry | None, list[Problem]]:
    """The hall, absent where there is any problem, and all problems."""
    if not folder.is_dir():
        return None, [
            Problem(file=folder.name, line=0, field="", reason_zh="没有这个文件夹", reason_en="there is no such folder")
        ]
    sheets = {hall_file.holds: _sheet(folder, hall_file) for hall_file in FILES}
    check_sheets(sheets, rule_ids)
    problems = _strangers(folder)
    for sheet in sheets.values():
        problems += sorted(sheet.notes.problems, key=lambda problem: problem.line)
    if problems:
        return None, problems
    parts: dict[str, Any] = {
        holds: tuple(placed.part for placed in sheet.parts) for holds, sheet in sheets.items() if holds != HALL.holds
    }
    return HallRegistry(hall=sheets[HALL.holds].parts[0].part, **parts), []


def _sheet(folder: Path, hall_file: HallFile) -> Sheet:
    sheet = Sheet(Notes(hall_file.file))
    try:
        raw = (folder / hall_file.file).read_bytes()
    except FileNotFoundError:
        if hall_file.required:
            sheet.notes.add(0, "", "缺少这个文件", "this file is missing")
        return sheet
    except OSError as error:
        sheet.notes.add(0, "", f"无法读取({error.strerror})", f"cannot be read ({error.strerror})")
        return sheet
    try:
        # Spreadsheet programs put a byte order mark in front of UTF-8; it is no part of the first column's name.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        sheet.notes.add(line, "", "不是 UTF-8 编码,请另存为 UTF-8", "is not UTF-8; save it as UTF-8")
        return sheet
    return read_sheet(hall_file, text)


def _strangers(folder: Path) -> list[Problem]:
    """Files that look like a hall's and are none of them: mostly a name with a slip of the pen."""
    known = {hall_file.file for hall_file in FILES}
    return [
        Problem(
            file=name, line=0, field="", reason_zh="未知文件,不会被读取", reason_en="unknown file; it would not be read"
        )
        for name in sorted(entry.name for entry in folder.iterdir() if entry.is_file() and entry.suffix in _SUFFIXES)
        if name not in known
    ]
