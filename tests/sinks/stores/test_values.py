from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from sinks.stores.values import parameter_text, parameters_text, plain_of, plain_rows

SHANGHAI = timezone(timedelta(hours=8))


def plain(type_name: str, value: object) -> object:
    made = plain_of(type_name)
    return value if made is None else made(value)


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("UInt64", 7, 7),
        ("Nullable(DateTime64(3, 'UTC'))", None, None),
        ("DateTime64(3)", "2024-01-01T00:00:00.500Z", datetime(2024, 1, 1, 0, 0, 0, 500000, UTC)),
        ("DateTime", "2024-01-01T00:00:00Z", datetime(2024, 1, 1, tzinfo=UTC)),
        ("Date32", "2024-02-29", date(2024, 2, 29)),
        ("Date", date(2024, 2, 29), date(2024, 2, 29)),
        ("LowCardinality(Nullable(String))", b"\xe5\x8a\x9e\xff", "办\ufffd"),
        ("Float64", float("inf"), None),
        ("Nullable(Float64)", None, None),
        ("Decimal(18, 2)", Decimal("1.25"), 1.25),
        ("Array(Array(Date))", [["2024-02-29"], []], [[date(2024, 2, 29)], []]),
        ("Array(String)", ("a",), ["a"]),
        ("Tuple(UInt8, String)", [1, "b"], (1, "b")),
        ("UUID", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_values_come_out_plain(type_name: str, value: object, expected: object) -> None:
    found = plain(type_name, value)
    assert found == expected
    assert type(found) is type(expected)


def test_an_instant_comes_out_in_the_zone_of_its_column() -> None:
    found = plain("DateTime64(3, 'Asia/Shanghai')", "2024-01-01T00:00:00Z")
    assert isinstance(found, datetime)
    assert found.isoformat() == "2024-01-01T08:00:00+08:00"


def test_columns_become_rows() -> None:
    assert plain_rows(["UInt8", "Date"], [(1, 2), ("2024-01-01", None)]) == [(1, date(2024, 1, 1)), (2, None)]
    assert plain_rows(["UInt8", "Date"], [(), ()]) == []


def test_an_instant_as_a_parameter_is_utc_to_the_millisecond() -> None:
    at = datetime(2024, 1, 1, 8, 0, 0, 7999, tzinfo=SHANGHAI)
    assert parameter_text(at) == "2024-01-01 00:00:00.007"


def test_other_parameters_stay_what_they_are() -> None:
    given = {"a": "x", "b": 1, "c": 0.5, "d": True, "e": ("x", "y"), "f": date(2024, 1, 1)}
    assert parameters_text(given) == {"a": "x", "b": 1, "c": 0.5, "d": 1, "e": ["x", "y"], "f": "2024-01-01"}
    assert parameters_text(None) == {}


@pytest.mark.parametrize("value", [datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None), None, object(), [1]])
def test_what_cannot_be_a_parameter_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        parameter_text(value)
