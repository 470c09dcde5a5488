"""What stands in a CSV or YAML file of a hall, as written, with the line of everything; nothing is judged here."""

import csv
import io
from dataclasses import dataclass

import yaml

from streams.registry.problem import Notes


@dataclass(frozen=True)
class Scalar:
    """A cell or a YAML scalar; empty text means not given. `quoted` tells `"3"` from 3 where both are allowed."""

    line: int
    text: str
    quoted: bool = False


@dataclass(frozen=True)
class Listing:
    """A YAML list."""

    line: int
    values: "tuple[Value, ...]"


@dataclass(frozen=True)
class Table:
    """A YAML mapping or a CSV row: names to values, in the order written."""

    line: int
    values: "dict[str, Value]"
    lines: dict[str, int]


Value = Scalar | Listing | Table
"""Everything that can stand in a file."""


def rows_of_csv(text: str, notes: Notes) -> tuple[Table | None, list[Table]]:
    """The header and the rows; blank rows are passed over. No header: nothing more is read."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: Table | None = None
    rows: list[Table] = []
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if header is None:
                header = _header(cells, start, notes)
            else:
                rows.append(_row(list(header.values), cells, start, notes))
    except csv.Error as error:
        notes.add(line, "", f"无法按 CSV 读取({error})", f"cannot be read as CSV ({error})")
    if header is None:
        notes.add(0, "", "文件为空,缺少列名", "the file is empty: the column names are missing")
    return header, rows


def _header(names: list[str], line: int, notes: Notes) -> Table:
    for place, name in enumerate(names):
        if not name:
            notes.add(line, "", f"第 {place + 1} 列没有列名", f"column {place + 1} has no name")
        elif name in names[:place]:
            notes.add(line, name, "列名重复", "this column stands twice")
    return Table(line, {name: Scalar(line, name) for name in names}, dict.fromkeys(names, line))


def _row(names: list[str], cells: list[str], line: int, notes: Notes) -> Table:
    if any(cells[len(names) :]):
        zh = f"有 {len(cells)} 格,列名只有 {len(names)} 个"
        notes.add(line, "", zh, f"{len(cells)} cells under {len(names)} column names")
    values: dict[str, Value] = {name: Scalar(line, cell) for name, cell in zip(names, cells, strict=False) if cell}
    return Table(line, values, dict.fromkeys(values, line))


def value_of_yaml(text: str, notes: Notes) -> Value | None:
    """The document; None where it is empty or no YAML, which is noted."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        notes.add(line, "", f"无法按 YAML 读取({error.problem})", f"cannot be read as YAML ({error.problem})")
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        notes.add(line, "", "含有不允许的字符", "holds a character that is not allowed")
        return None
    if node is None:
        notes.add(0, "", "文件为空", "the file is empty")
        return None
    return _value(node, notes, depth=0)


_DEPTH_MAX = 6
"""No file of a hall is nested deeper; it also ends an alias that contains itself."""


def _value(node: yaml.Node, notes: Notes, depth: int) -> Value:
    line = node.start_mark.line + 1
    if depth > _DEPTH_MAX:
        notes.add(line, "", "嵌套过深", "nested too deeply")
        return Scalar(line, "")
    if isinstance(node, yaml.SequenceNode):
        return Listing(line, tuple(_value(child, notes, depth + 1) for child in node.value))
    if isinstance(node, yaml.MappingNode):
        return _table(node, notes, depth)
    assert isinstance(node, yaml.ScalarNode)  # composing gives these three kinds of node
    quoted = node.style is not None
    absent = not quoted and node.tag == "tag:yaml.org,2002:null"
    return Scalar(line, "" if absent else node.value.strip(), quoted)


def _table(node: yaml.MappingNode, notes: Notes, depth: int) -> Table:
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            notes.add(line, "", "键须为文字", "a key must be plain text")
        elif key.value in values:
            notes.add(line, key.value, f"与第 {lines[key.value]} 行重复", f"stands already in line {lines[key.value]}")
        else:
            values[key.value] = _value(child, notes, depth + 1)
            lines[key.value] = line
    return Table(node.start_mark.line + 1, values, lines)
