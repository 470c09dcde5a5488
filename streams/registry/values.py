"""From what is written to typed values: every mistake is noted with its line, and reading goes on."""

import re
import types
from collections.abc import Callable
from datetime import date
from typing import Any, Final, Literal, Union, get_args, get_origin

from streams.contracts.case_event import LimitUnit
from streams.limits.limit import Limit
from streams.registry.problem import Notes
from streams.registry.written import Scalar, Table, Value

WRONG: Final = object()
"""What a reader gives back for a value that cannot be used; the reason has been noted."""

_UNITS: dict[str, LimitUnit] = {
    "working_days": "working_days",
    "工作日": "working_days",
    "个工作日": "working_days",
    "office_days": "office_days",
    "办公日": "office_days",
    "个办公日": "office_days",
    "office_minutes": "office_minutes",
    "办公分钟": "office_minutes",
    "calendar_days": "calendar_days",
    "自然日": "calendar_days",
    "个自然日": "calendar_days",
    "clock_hours": "clock_hours",
    "小时": "clock_hours",
    "个小时": "clock_hours",
    "calendar_months": "calendar_months",
    "个月": "calendar_months",
}
_LIMIT = re.compile(r"([+-]?\d+)\s*(\S+)")
_SEPARATOR = re.compile(r"[;；、,，]")
_YES = frozenset({"true", "yes", "1", "是"})
_NO = frozenset({"false", "no", "0", "否"})


def read_value(value: Value, kind: Any, field: str, notes: Notes) -> Any:
    """`value` as `kind` (a type of a snapshot's field), or WRONG."""
    if get_origin(kind) is dict:
        return _dict(value, *get_args(kind), field=field, notes=notes)
    if get_origin(kind) is tuple:
        return _tuple(value, get_args(kind)[0], field, notes)
    if not isinstance(value, Scalar):
        notes.add(value.line, field, "此处须为单个值", "a single value is expected here")
        return WRONG
    return _scalar(value, kind, field, notes)


def _dict(value: Value, key_kind: Any, value_kind: Any, *, field: str, notes: Notes) -> Any:
    if isinstance(value, Scalar):
        value = _pairs(value)
    if not isinstance(value, Table):
        notes.add(value.line, field, "须为“键: 值”的形式", "must be `key: value` pairs")
        return WRONG
    read = {
        read_value(Scalar(value.lines[key], key), key_kind, field, notes): read_value(
            inner, value_kind, f"{field}.{key}", notes
        )
        for key, inner in value.values.items()
    }
    return WRONG if any(part is WRONG for pair in read.items() for part in pair) else read


def _pairs(cell: Scalar) -> Value:
    """One cell as pairs set apart by `;`, e.g. `审查: 3 working_days; 决定: 1 working_days`; else as it was."""
    values: dict[str, Value] = {}
    for pair in filter(None, map(str.strip, _SEPARATOR.split(cell.text))):
        name, colon, text = pair.replace("：", ":").partition(":")
        if not colon:
            return cell
        values[name.strip()] = Scalar(cell.line, text.strip())
    return Table(cell.line, values, dict.fromkeys(values, cell.line))


def _tuple(value: Value, kind: Any, field: str, notes: Notes) -> Any:
    """A YAML list, or one cell with its values set apart by `;`."""
    if isinstance(value, Table):
        notes.add(value.line, field, "须为列表", "must be a list")
        return WRONG
    if isinstance(value, Scalar):
        values: tuple[Value, ...] = tuple(
            Scalar(value.line, part.strip()) for part in _SEPARATOR.split(value.text) if part.strip()
        )
    else:
        values = value.values
    read = tuple(read_value(inner, kind, field, notes) for inner in values)
    return WRONG if WRONG in read else read


def _scalar(value: Scalar, kind: Any, field: str, notes: Notes) -> Any:
    if get_origin(kind) is Literal:
        return _choice(value, get_args(kind), field, notes)
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [one for one in get_args(kind) if one is not types.NoneType]
        if len(kinds) > 1:
            return _number_or_text(value)
        kind = kinds[0]
    read, reason_zh, reason_en = _READERS[kind]
    try:
        return read(value.text)
    except ValueError:
        notes.add(value.line, field, f"{reason_zh}(现为“{value.text}”)", f"{reason_en}, not `{value.text}`")
        return WRONG


def _choice(value: Scalar, choices: tuple[str, ...], field: str, notes: Notes) -> Any:
    if value.text in choices:
        return value.text
    listed = ", ".join(choice or "''" for choice in choices)
    zh, en = f"须为其中之一:{listed}(现为“{value.text}”)", f"must be one of {listed}, not `{value.text}`"
    notes.add(value.line, field, zh, en)
    return WRONG


def _number_or_text(value: Scalar) -> int | float | str:
    if value.quoted:
        return value.text
    for kind in (int, float):
        try:
            return kind(value.text)
        except ValueError:
            continue
    return value.text


def _bool(text: str) -> bool:
    lower = text.lower()
    if lower not in _YES | _NO:
        raise ValueError(text)
    return lower in _YES


def _limit(text: str) -> Limit:
    """An amount and a unit, such as `20 working_days` or `20个工作日`; the amount is positive."""
    match = _LIMIT.fullmatch(text)
    if match is None or int(match[1]) <= 0 or match[2] not in _UNITS:
        raise ValueError(text)
    return Limit(amount=int(match[1]), unit=_UNITS[match[2]])


_READERS: dict[Any, tuple[Callable[[str], Any], str, str]] = {
    str: (str, "须为文字", "must be text"),
    int: (int, "须为整数", "must be a whole number"),
    bool: (_bool, "须为 是 或 否", "must be yes or no"),
    date: (date.fromisoformat, "须为日期,如 2026-10-01", "must be a date such as 2026-10-01"),
    Limit: (
        _limit,
        "须为正数加单位,如 20个工作日;单位:工作日、自然日、小时、个月、办公日、办公分钟;即办件无时限请留空",
        "must be a positive amount and a unit such as `20 working_days` (working_days, calendar_days, clock_hours, "
        "calendar_months, office_days, office_minutes); empty for an instant item without minutes",
    ),
}
