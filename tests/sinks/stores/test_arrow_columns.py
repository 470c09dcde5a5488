from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest

from sinks.stores.arrow_columns import arrow_bytes, arrow_field, arrow_table, arrow_type

FIELDS = {
    "id": arrow_field("id", "String"),
    "at": arrow_field("at", "Nullable(DateTime64(3, 'UTC'))"),
    "tags": arrow_field("tags", "Array(Nullable(UInt32))"),
}


@pytest.mark.parametrize(
    ("type_name", "expected"),
    [
        ("LowCardinality(String)", pa.string()),
        ("Nullable(DateTime64(3, 'UTC'))", pa.timestamp("ms", tz="UTC")),
        ("UInt8", pa.uint8()),
        ("Int64", pa.int64()),
        ("Bool", pa.bool_()),
        ("Array(Nullable(Float64))", pa.list_(pa.float64())),
    ],
)
def test_types_of_the_store_have_types_of_arrow(type_name: str, expected: pa.DataType) -> None:
    assert arrow_type(type_name) == expected


def test_a_type_that_no_fact_uses_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="IPv6"):
        arrow_type("IPv6")


def test_columns_become_a_table_of_the_right_types_even_when_empty_or_all_null() -> None:
    shanghai = timezone(timedelta(hours=8))
    columns: dict[str, list[object]] = {"id": ["a", "b"], "at": [None, datetime(2024, 1, 1, 8, tzinfo=shanghai)]}
    columns["tags"] = [[], [None, 1]]
    table = arrow_table(columns, FIELDS)
    assert table.to_pydict() == {
        "id": ["a", "b"],
        "at": [None, datetime(2024, 1, 1, tzinfo=UTC)],
        "tags": [[], [None, 1]],
    }
    empty = arrow_table({"id": [], "at": [], "tags": []}, FIELDS)
    assert empty.schema.types == table.schema.types


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"nobody": ["a"]}, "there is no column nobody"),
        ({"id": [None]}, "column id must have a value"),
        ({"id": [7]}, "int"),
        ({"id": ["a"], "at": []}, "length"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(columns: dict[str, list[object]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        arrow_table(columns, FIELDS)


def test_a_table_comes_back_from_its_bytes() -> None:
    table = arrow_table({"id": ["办", "b"], "tags": [[1], [None]]}, FIELDS)
    assert pa.ipc.open_stream(arrow_bytes(table)).read_all() == table
