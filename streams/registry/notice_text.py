"""Writes a calendar's changed days into the text of calendars.yaml; everything else, remarks too, stays as it is."""

import re
from datetime import date

import yaml

from streams.contracts.errors import UnreadableError
from streams.registry.snapshot import CalendarData

_LISTS = ("free", "working")
_PLAIN = re.compile(r"[^\W\d_][\w' ,、,。()()-]*")
"""What YAML reads back as it is."""


def rewritten(text: str, calendar: CalendarData) -> str:
    """The text of calendars.yaml with this calendar's version, lists and horizon put in its place.

    Raises:
        UnreadableError: the calendar is not there, or is written in a way that cannot be edited line by line.
    """
    lines = text.splitlines()
    key, node = _entry(text, calendar.code)
    indent = " " * node.value[0][0].start_mark.column
    fields = {name.value: (name, value) for name, value in node.value}
    edits: list[tuple[int, int, list[str]]] = []
    more: list[str] = []
    for name, written in _written(calendar, indent).items():
        if name in fields:
            field, value = fields[name]
            edits.append((field.start_mark.line, _end(value), written))
        elif written != [_empty(indent, name)]:
            more += written
    after = _end(node)
    edits.append((after, after, more))
    for begin, end, written in sorted(edits, key=lambda edit: edit[0], reverse=True):
        lines[begin:end] = written
    assert key.value == calendar.code
    return "\n".join(lines) + "\n"


def _entry(text: str, code: str) -> tuple[yaml.ScalarNode, yaml.MappingNode]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, node in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == code:
            if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
                break
            if any(isinstance(value, yaml.MappingNode) and value.flow_style and value.value for _, value in node.value):
                break
            return key, node
    zh = f"没有日历 {code}，或者它不是逐行书写的：请手工修改"
    raise UnreadableError(f"calendar {code} is not there or not written line by line: edit it by hand", zh=zh)


def _end(value: yaml.Node) -> int:
    """The line behind a value; a block's own mark stands behind the blank lines and remarks that follow it."""
    if isinstance(value, yaml.MappingNode) and not value.flow_style and value.value:
        return _end(value.value[-1][1])
    return int(value.end_mark.line) + 1


def _written(calendar: CalendarData, indent: str) -> dict[str, list[str]]:
    found = {"version": [f'{indent}version: "{calendar.version}"']}
    for name in _LISTS:
        days: dict[date, str] = getattr(calendar, name)
        found[name] = [f"{indent}{name}:", *(f"{indent}  {day}: {_quoted(title)}" for day, title in days.items())]
        if not days:
            found[name] = [_empty(indent, name)]
    if calendar.unknown_from is not None:
        found["unknown_from"] = [f"{indent}unknown_from: {calendar.unknown_from}"]
    return found


def _empty(indent: str, name: str) -> str:
    return f"{indent}{name}: {{}}"


def _quoted(title: str) -> str:
    plain = _PLAIN.fullmatch(title) and title.lower() != "null"
    return title if plain else '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
