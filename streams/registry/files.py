"""Which files make a hall, what each holds, and how its text becomes parts."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from streams.registry.placed import Placed, read_part
from streams.registry.problem import Notes
from streams.registry.snapshot import (
    CalendarData,
    Feed,
    Hall,
    HoursData,
    Item,
    Org,
    Person,
    Policy,
    Route,
    RuleSetting,
    Site,
)
from streams.registry.written import Listing, Scalar, Table, rows_of_csv, value_of_yaml


@dataclass
class Sheet:
    """One file as read: its sound parts, the names it declares (also of parts that are not sound), its problems."""

    notes: Notes
    parts: list[Placed] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class HallFile:
    """One file of a hall: `holds` is the field of HallRegistry, `name` the field that tells its parts apart."""

    file: str
    holds: str
    kind: type[msgspec.Struct]
    name: str
    read: Callable[[str, "HallFile", Sheet], None]
    required: bool = False


def read_sheet(hall_file: HallFile, text: str) -> Sheet:
    """Everything in one file of a hall."""
    sheet = Sheet(Notes(hall_file.file))
    hall_file.read(text, hall_file, sheet)
    return sheet


def _read_rows(text: str, hall_file: HallFile, sheet: Sheet) -> None:
    header, rows = rows_of_csv(text, sheet.notes)
    if header is None:
        return
    known = {info.encode_name: info.required for info in msgspec.structs.fields(hall_file.kind)}
    for column in header.values:
        if column and column not in known:
            listed = ", ".join(known)
            sheet.notes.add(header.line, column, f"未知列;可用:{listed}", f"unknown column; there are {listed}")
    missing = [column for column, required in known.items() if required and column not in header.values]
    for column in missing:
        sheet.notes.add(header.line, column, "缺少此列", "this column is missing")
    if missing:
        return
    for row in rows:
        cells = {column: cell for column, cell in row.values.items() if column in known}
        _keep(Table(row.line, cells, row.lines), hall_file, sheet)


def _read_named(text: str, hall_file: HallFile, sheet: Sheet) -> None:
    """YAML: name to fields."""
    value = value_of_yaml(text, sheet.notes)
    if value is None:
        return
    if not isinstance(value, Table):
        sheet.notes.add(value.line, "", "须为“名称: 内容”的形式", "must be names with their fields below")
        return
    for name, inner in value.values.items():
        line = value.lines[name]
        if isinstance(inner, Scalar) and not inner.text:
            inner = Table(line, {}, {})
        if not isinstance(inner, Table):
            sheet.notes.add(line, name, "须为“键: 值”的形式", "must be `key: value` pairs")
            sheet.names[name] = line
            continue
        placed = read_part(
            Table(line, inner.values, inner.lines), hall_file.kind, sheet.notes, named=(name, hall_file.name)
        )
        sheet.names[name] = line
        if placed is not None:
            sheet.parts.append(placed)


def _read_one(text: str, hall_file: HallFile, sheet: Sheet) -> None:
    """YAML: the fields of one part."""
    value = value_of_yaml(text, sheet.notes)
    if isinstance(value, Table):
        _keep(value, hall_file, sheet)
    elif value is not None:
        sheet.notes.add(value.line, "", "须为“键: 值”的形式", "must be `key: value` pairs")


def _read_list(text: str, hall_file: HallFile, sheet: Sheet) -> None:
    """YAML: a list of parts without names."""
    value = value_of_yaml(text, sheet.notes)
    if value is None:
        return
    if not isinstance(value, Listing):
        sheet.notes.add(value.line, "", "须为列表", "must be a list")
        return
    for inner in value.values:
        if not isinstance(inner, Table):
            sheet.notes.add(inner.line, "", "须为“键: 值”的形式", "must be `key: value` pairs")
            continue
        placed = read_part(inner, hall_file.kind, sheet.notes)
        if placed is not None:
            sheet.parts.append(placed)


def _keep(table: Table, hall_file: HallFile, sheet: Sheet) -> None:
    named = table.values.get(hall_file.name)
    if isinstance(named, Scalar):
        if named.text in sheet.names:
            first = sheet.names[named.text]
            zh = f"“{named.text}”与第 {first} 行重复"
            sheet.notes.add(named.line, hall_file.name, zh, f"`{named.text}` stands already in line {first}")
        else:
            sheet.names[named.text] = named.line
    placed = read_part(table, hall_file.kind, sheet.notes)
    if placed is not None:
        sheet.parts.append(placed)


HALL = HallFile("hall.yaml", "hall", Hall, "code", _read_one, required=True)
"""The hall itself; every other file holds parts of it."""

FILES: tuple[HallFile, ...] = (
    HALL,
    HallFile("orgs.csv", "orgs", Org, "code", _read_rows, required=True),
    HallFile("sites.csv", "sites", Site, "code", _read_rows),
    HallFile("people.csv", "people", Person, "code", _read_rows),
    HallFile("items.csv", "items", Item, "code", _read_rows, required=True),
    HallFile("policies.yaml", "policies", Policy, "code", _read_named, required=True),
    HallFile("calendars.yaml", "calendars", CalendarData, "code", _read_named, required=True),
    HallFile("hours.yaml", "hours", HoursData, "code", _read_named, required=True),
    HallFile("feeds.yaml", "feeds", Feed, "name", _read_named),
    HallFile("routes.yaml", "routes", Route, "code", _read_named),
    HallFile("rules.yaml", "rules", RuleSetting, "rule", _read_list),
)
"""Every file of a hall's folder."""
