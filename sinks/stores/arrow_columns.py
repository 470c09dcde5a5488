"""Columns of plain values as an Arrow table of the types that a ClickHouse table wants."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

_PLAIN: dict[str, pa.DataType] = {
    "String": pa.string(),
    "Bool": pa.bool_(),
    "Float32": pa.float32(),
    "Float64": pa.float64(),
    "Date": pa.date32(),
} | {f"{sign}Int{bits}": getattr(pa, f"{sign.lower()}int{bits}")() for sign in ("", "U") for bits in (8, 16, 32, 64)}


def arrow_type(type_name: str) -> pa.DataType:
    """The Arrow type whose values a column of this ClickHouse type takes.

    Raises:
        ValueError: no fact uses such a type yet.
    """
    for wrapper in ("Nullable(", "LowCardinality("):
        if type_name.startswith(wrapper):
            return arrow_type(type_name[len(wrapper) : -1])
    if type_name.startswith("Array("):
        return pa.list_(arrow_type(type_name[6:-1]))
    if type_name.startswith("DateTime64(3"):
        return pa.timestamp("ms", tz="UTC")
    if type_name in _PLAIN:
        return _PLAIN[type_name]
    raise ValueError(f"no column of type {type_name} can be written yet")


def arrow_field(name: str, type_name: str) -> pa.Field:
    """The Arrow field of a column."""
    return pa.field(name, arrow_type(type_name), nullable=type_name.startswith("Nullable("))


def arrow_table(columns: Mapping[str, Sequence[Any]], fields: Mapping[str, pa.Field]) -> pa.Table:
    """The columns as one table.

    Raises:
        ValueError: an unknown column, a value that does not fit its column, or columns of unequal length.
    """
    try:
        return pa.table({name: _array(name, values, fields) for name, values in columns.items()})
    except (pa.ArrowException, TypeError, OverflowError, AttributeError) as error:
        raise ValueError(str(error)) from error


def arrow_bytes(table: pa.Table) -> bytes:
    """The table as a stream of Arrow's own format."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def _array(name: str, values: Sequence[Any], fields: Mapping[str, pa.Field]) -> pa.Array:
    if name not in fields:
        raise ValueError(f"there is no column {name}")
    array = pa.array(values, fields[name].type)
    if array.null_count and not fields[name].nullable:
        raise ValueError(f"column {name} must have a value in each row")
    return array
