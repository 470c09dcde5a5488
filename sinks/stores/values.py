"""Values on their way into a question and out of an answer; the same plain Python whichever store gave them."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

Plain = Callable[[Any], Any]

_WRAPPED = re.compile(r"(?:Nullable|LowCardinality)\((.*)\)$", re.DOTALL)
_ZONED = re.compile(r"DateTime(?:64\(\d+(?:, *'([^']+)')?\)|\('([^']+)'\))?$")


def plain_of(type_name: str) -> Plain | None:
    """How to make a store's value of this ClickHouse type plain; None where it is plain already.

    Instants come out aware (in the column's zone, else UTC), decimals as floats, tuples as tuples, UUIDs as text,
    bytes that are no text with a replacement character; a float that is not finite as None, as JSON knows none.
    A naive instant is taken as this machine's local time: so the ClickHouse driver gives it where no zone is said.
    """
    while wrapped := _WRAPPED.match(type_name):
        type_name = wrapped[1]
    if zoned := _ZONED.match(type_name):
        return _instant(ZoneInfo(zone) if (zone := zoned[1] or zoned[2]) else UTC)
    if type_name.startswith("Array("):
        element = plain_of(type_name[6:-1])
        return _each(element) if element else list
    return next((plain for start, plain in _BY_START if type_name.startswith(start)), None)


def plain_rows(types: Sequence[str], columns: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows of plain values out of columns as a store gave them."""
    made = [plain_of(name) for name in types]
    done = [
        values if plain is None else [plain(value) for value in values]
        for plain, values in zip(made, columns, strict=True)
    ]
    return list(zip(*done, strict=True))


def parameter_text(value: Any) -> str | int | float | list[str]:
    """A parameter as both stores take it: instants as UTC text to the millisecond, lists of text as lists.

    Raises:
        ValueError: a value that no store takes, such as a naive datetime.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone")
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(element, str) for element in value):
        return list(value)
    raise ValueError(f"{type(value).__name__} cannot be a parameter")


def parameters_text(parameters: Mapping[str, Any] | None) -> dict[str, str | int | float | list[str]]:
    """All parameters of a question, ready for either store."""
    return {name: parameter_text(value) for name, value in (parameters or {}).items()}


def _or_none(make: Plain) -> Plain:
    return lambda value: None if value is None else make(value)


def _each(make: Plain) -> Plain:
    return lambda values: [make(value) for value in values]


def _finite(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


_BY_START: tuple[tuple[str, Plain], ...] = (
    ("String", _text),
    ("FixedString", _text),
    ("Date", _or_none(_day)),
    ("Float", _or_none(_finite)),
    ("Decimal", _or_none(_finite)),
    ("Tuple(", tuple),
    ("UUID", _or_none(str)),
)


def _instant(zone: tzinfo) -> Plain:
    def aware(value: Any) -> datetime | None:
        if value is None:
            return None
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        return found.astimezone(zone)

    return aware
