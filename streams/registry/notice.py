"""A yearly notice of free days and make-up days: read, checked, laid over a calendar, written into calendars.yaml.

A notice is a small YAML file; days may be written as stretches:

    year: 2027
    notice: 国办发明电〔2026〕7号
    free:
      2027-01-01..2027-01-03: 元旦
    working:
      2027-01-09: 元旦调休

A notice settles its year whole: what it does not list follows the week, also where an estimate had a holiday.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import msgspec

from streams.calendar.legal import legal_days
from streams.contracts.errors import UnreadableError
from streams.registry.problem import Notes, Problem
from streams.registry.snapshot import CalendarData
from streams.registry.values import WRONG, read_value
from streams.registry.written import Scalar, Table, value_of_yaml

_AS_USUAL = {True: "未列为放假,照常上班", False: "未列为上班,照常休息"}
_DAYS_MAX = 31
_KEYS = ("year", "notice", "calendar", "free", "working")


class YearNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What one notice says of one year. `calendar` names the calendar it is for; empty: the hall's own."""

    year: int
    notice: str = ""
    calendar: str = ""
    free: dict[date, str] = {}
    working: dict[date, str] = {}


def is_notice(text: str) -> bool:
    """Whether a YAML text is meant as a notice: it names a year at its top level."""
    return re.search(r"^year\s*:", text, re.MULTILINE) is not None


def read_notice(text: str, file: str) -> tuple[YearNotice | None, list[Problem]]:
    """The notice, absent where there is any problem, and all problems with their lines."""
    notes = Notes(file)
    table = value_of_yaml(text, notes)
    if table is not None and not isinstance(table, Table):
        notes.add(table.line, "", "须为“键: 值”的形式", "must be `key: value` pairs")
    if not isinstance(table, Table):
        return None, notes.problems
    for key in table.values.keys() - set(_KEYS):
        listed = ", ".join(_KEYS)
        notes.add(table.lines[key], key, f"未知字段;可用:{listed}", f"unknown; there are {listed}")
    year = read_value(table.values.get("year", Scalar(table.line, "")), int, "year", notes)
    texts = {
        name: read_value(table.values.get(name, Scalar(0, "")), str, name, notes) for name in ("notice", "calendar")
    }
    days = {name: _days(table, name, year, notes) for name in ("free", "working")}
    for day in sorted(days["free"].keys() & days["working"].keys()):
        notes.add(table.lines["working"], f"working.{day}", "既放假又上班", "is listed as free and as working")
    if not any(days.values()):
        notes.add(table.line, "free", "没有任何日期", "no day is listed")
    if notes.problems:
        return None, notes.problems
    return YearNotice(year=year, notice=texts["notice"], calendar=texts["calendar"], **days), []


def _days(table: Table, name: str, year: object, notes: Notes) -> dict[date, str]:
    listed = table.values.get(name)
    if listed is None or (isinstance(listed, Scalar) and not listed.text):
        return {}
    if not isinstance(listed, Table):
        notes.add(listed.line, name, "须为“日期: 名称”的形式", "must be `date: name` pairs")
        return {}
    found: dict[date, str] = {}
    for key, title in listed.values.items():
        line, field = listed.lines[key], f"{name}.{key}"
        named = read_value(title, str, field, notes)
        for day in _stretch(key, line, field, notes):
            if year is not WRONG and day.year != year:
                notes.add(line, field, f"不在 {year} 年内", f"is not in {year}")
            elif name == "working" and day.isoweekday() <= 5:
                notes.add(line, field, "本来就是工作日", "is a weekday and worked anyway")
            elif day in found:
                notes.add(line, field, "日期重复", "stands twice")
            else:
                found[day] = named
    return found


def _stretch(key: str, line: int, field: str, notes: Notes) -> Iterator[date]:
    first_text, dots, last_text = key.partition("..")
    first = read_value(Scalar(line, first_text.strip()), date, field, notes)
    last = read_value(Scalar(line, last_text.strip()), date, field, notes) if dots else first
    if not isinstance(first, date) or not isinstance(last, date):
        return
    length = (last - first).days
    if not 0 <= length < _DAYS_MAX:
        notes.add(line, field, f"须由早到晚,至多 {_DAYS_MAX} 天", f"must go forward and be {_DAYS_MAX} days at most")
        return
    yield from (first + timedelta(days=more) for more in range(length + 1))


def with_notice(calendar: CalendarData, notice: YearNotice) -> CalendarData:
    """The calendar with the notice's year settled, as a new version; the same calendar where nothing differs.

    Raises:
        UnreadableError: a year before the notice's is not published yet; the days between would count as known.
    """
    unknown_from = _unknown_from(calendar)
    if unknown_from is not None and unknown_from.year < notice.year:
        year = unknown_from.year
        zh = f"日历 {calendar.code} 的 {year} 年尚未公布：请先导入该年的通知"
        raise UnreadableError(f"{year} is not published in calendar {calendar.code}: import its notice first", zh=zh)
    end = date(notice.year + 1, 1, 1)
    settled = msgspec.structs.replace(
        calendar,
        free=_year_replaced(calendar.free, _unlike_base(calendar, notice, works=False) | notice.free, notice.year),
        working=_year_replaced(
            calendar.working, _unlike_base(calendar, notice, works=True) | notice.working, notice.year
        ),
        unknown_from=calendar.unknown_from if unknown_from is None or unknown_from >= end else end,
    )
    if settled == calendar:
        return calendar
    return msgspec.structs.replace(settled, version=_next_version(calendar.version, notice.year))


def _unknown_from(calendar: CalendarData) -> date | None:
    """The first day that nobody has published; absent where all are known."""
    if calendar.unknown_from is not None:
        return calendar.unknown_from
    unknown = legal_days(calendar.base).unknown_from
    return date.fromordinal(unknown) if calendar.base == "china" else None


def _unlike_base(calendar: CalendarData, notice: YearNotice, *, works: bool) -> dict[date, str]:
    """Days on which the notice is silent, so that they follow the week, and the base says otherwise."""
    if calendar.base == "none":
        return {}
    is_working = legal_days(calendar.base).is_working
    first, last = date(notice.year, 1, 1).toordinal(), date(notice.year, 12, 31).toordinal()
    silent = (day for day in range(first, last + 1) if date.fromordinal(day) not in notice.free | notice.working)
    unlike = [day for day in silent if ((day - 1) % 7 < 5) is works and is_working(day) is not works]
    return dict.fromkeys(map(date.fromordinal, unlike), _AS_USUAL[works])


def _year_replaced(old: Mapping[date, str], new: Mapping[date, str], year: int) -> dict[date, str]:
    kept = {day: name for day, name in old.items() if day.year != year}
    return dict(sorted((kept | dict(new)).items()))


def _next_version(version: str, year: int) -> str:
    """Named after the year; a second notice of the same year counts on: 2027, 2027.2, 2027.3."""
    name, _, count = version.partition(".")
    return f"{year}.{int(count or 1) + 1}" if name == str(year) and (count or "1").isdecimal() else str(year)
