"""Parts of a hall with the place where each stands: structs out of what is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from streams.registry.problem import Notes
from streams.registry.values import WRONG, read_value
from streams.registry.written import Scalar, Table


@dataclass(frozen=True)
class Placed:
    """One part and the lines of its fields; a field that is not given stands on the part's own line."""

    part: Any
    line: int
    lines: Mapping[str, int]

    def line_of(self, field: str) -> int:
        """Where a field stands."""
        return self.lines.get(field, self.line)


def read_part(
    table: Table, kind: type[msgspec.Struct], notes: Notes, *, named: tuple[str, str] | None = None
) -> Placed | None:
    """A `kind` out of its fields; unknown, missing and wrong ones are noted, and None is given where any is.

    `named` is the name that the part is written under in YAML and the field which that name fills.
    """
    given = dict(table.values)
    if named is not None:
        name, field = named
        if field in given:
            notes.add(
                table.lines[field], field, "名称已写在上一级,此处多余", "the name is the key above; leave this out"
            )
        given[field] = Scalar(table.line, name)
    known = {info.encode_name: info for info in msgspec.structs.fields(kind)}
    for field in given.keys() - known.keys():
        listed = ", ".join(known)
        notes.add(table.lines[field], field, f"未知字段;可用:{listed}", f"unknown; there are {listed}")
    values: dict[str, Any] = {}
    whole = given.keys() <= known.keys()
    for field, info in known.items():
        value = given.get(field)
        if value is None or (isinstance(value, Scalar) and not value.text and not value.quoted):
            if info.required:
                notes.add(table.line, field, "必须填写", "is required")
                whole = False
            continue
        values[field] = read_value(value, info.type, field, notes)
        whole = whole and values[field] is not WRONG
    return Placed(kind(**values), table.line, table.lines) if whole else None
