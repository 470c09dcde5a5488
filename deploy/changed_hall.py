"""A hall with a changed calendar: out of a hall folder, one of its files, or a yearly notice."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

from deploy.embedded.data_folder import write_safely
from streams.contracts.errors import UnreadableError
from streams.registry.files import FILES, read_sheet
from streams.registry.loading import load_hall
from streams.registry.notice import YearNotice, is_notice, read_notice, with_notice
from streams.registry.notice_text import rewritten
from streams.registry.problem import Problem, problems_text
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import CalendarData

_KINDS = {hall_file.holds: hall_file for hall_file in FILES}


def changed_hall(hall: HallRegistry, path: Path) -> HallRegistry:
    """The hall as `path` would make it: its whole folder, a calendars.yaml or hours.yaml, or a notice.

    Raises:
        UnreadableError: the path cannot be read, or does not fit the hall; says every problem.
    """
    if path.is_dir():
        loaded = load_hall(path)
        if loaded.hall.code != hall.hall.code:
            ours, theirs = hall.hall.code, loaded.hall.code
            zh = f"是大厅 {theirs} 的文件夹，不是 {ours} 的"
            raise UnreadableError(f"is the folder of hall {theirs}, not of {ours}", zh=zh, field=str(path))
        return loaded
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error), zh=f"无法读取（{error}）", field=str(path)) from error
    if is_notice(text):
        notice = _notice(text, path)
        calendars = [_settled(one, notice, path) if one.code == _meant(hall, notice) else one for one in hall.calendars]
        if _meant(hall, notice) not in {one.code for one in calendars}:
            zh = f"大厅 {hall.hall.code} 没有日历 {notice.calendar}"
            raise UnreadableError(f"hall {hall.hall.code} has no calendar {notice.calendar}", zh=zh, field="calendar")
        return replace(hall, calendars=tuple(calendars))
    return _with_file(hall, text, path)


def import_notice(path: Path, folder: Path) -> CalendarData | None:
    """Write a notice into a hall folder's calendars.yaml; the new version of the calendar. Other text stays.

    None where the calendar says so already: then nothing is written.

    Raises:
        UnreadableError: the notice or the folder is wrong, or the file is written in a way that cannot be edited.
    """
    hall = load_hall(folder)
    changed = changed_hall(hall, path)
    new = next((one for one in changed.calendars if one not in hall.calendars), None)
    if new is None:
        return None
    file = folder / _KINDS["calendars"].file
    try:
        text = rewritten(file.read_text(encoding="utf-8-sig"), new)
    except UnreadableError as error:
        raise UnreadableError(error.reason, zh=error.words.zh, field=str(file)) from error
    if _with_file(hall, text, file).calendars != changed.calendars:
        reason = "would not read back as it was written: edit it by hand"
        raise UnreadableError(reason, zh="写回后会读成别的内容，请手工修改", field=str(file))
    write_safely(file, text.encode())
    return new


def _notice(text: str, path: Path) -> YearNotice:
    notice, problems = read_notice(text, path.name)
    if notice is None:
        raise _wrong(problems, path)
    return notice


def _meant(hall: HallRegistry, notice: YearNotice) -> str:
    return notice.calendar or hall.hall.calendar


def _settled(calendar: CalendarData, notice: YearNotice, path: Path) -> CalendarData:
    try:
        return with_notice(calendar, notice)
    except UnreadableError as error:
        raise UnreadableError(error.reason, zh=error.words.zh, field=str(path)) from error


def _with_file(hall: HallRegistry, text: str, path: Path) -> HallRegistry:
    """The hall with its calendars, or its hours, out of a file: told apart by name, else by what stands in it."""
    kind = "hours" if path.name == _KINDS["hours"].file or "\n  weekdays:" in text else "calendars"
    sheet = read_sheet(_KINDS[kind], text)
    if sheet.notes.problems:
        raise _wrong(sheet.notes.problems, path)
    parts = tuple(placed.part for placed in sheet.parts)
    missing = {part.code for part in getattr(hall, kind)} - {part.code for part in parts}
    if missing:
        listed = ", ".join(sorted(missing))
        zh = f"缺少 {listed}，而大厅在用"
        raise UnreadableError(f"{listed} is not there, and the hall works by it", zh=zh, field=str(path))
    return replace(hall, calendars=parts) if kind == "calendars" else replace(hall, hours=parts)


def _wrong(problems: Iterable[Problem], path: Path) -> UnreadableError:
    told = problems_text(msgspec.structs.replace(problem, file=path.name) for problem in problems)
    return UnreadableError(told.en, zh=told.zh, field=str(path))
