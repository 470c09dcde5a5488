from datetime import date
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.limits.limit import Limit
from streams.registry.problem import Notes
from streams.registry.values import WRONG, read_value
from streams.registry.written import Listing, Scalar, Table

THREE_DAYS = Limit(amount=3, unit="working_days")
ONE_DAY = Limit(amount=1, unit="working_days")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("NO", str, "NO"),
        ("-3", int, -3),
        ("是", bool, True),
        ("False", bool, False),
        ("2026-02-28", date, date(2026, 2, 28)),
        ("3 calendar_months", Limit | None, Limit(amount=3, unit="calendar_months")),
        ("20个工作日", Limit | None, Limit(amount=20, unit="working_days")),
        ("10个自然日", Limit | None, Limit(amount=10, unit="calendar_days")),
        ("3个办公日", Limit | None, Limit(amount=3, unit="office_days")),
        ("90 办公分钟", Limit | None, Limit(amount=90, unit="office_minutes")),
        ("push", Literal["push", "poll"], "push"),
        ("a; b;c、", tuple[str, ...], ("a", "b", "c")),
        ("审查：3个工作日；决定: 1 working_days", dict[str, Limit], {"审查": THREE_DAYS, "决定": ONE_DAY}),
        ("0.5", int | float | str, 0.5),
        ("x", int | float | str, "x"),
    ],
)
def test_text_becomes_the_value_that_is_meant(text: str, kind: Any, value: object) -> None:
    notes = Notes("f")
    assert read_value(Scalar(1, text), kind, "field", notes) == value
    assert notes.problems == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("three", int),
        ("1.5", int),
        ("maybe", bool),
        ("2026-02-30", date),
        ("20", Limit | None),
        ("20 weeks", Limit | None),
    ],
)
def test_text_that_means_nothing_is_noted_in_both_languages(text: str, kind: Any) -> None:
    notes = Notes("f")
    assert read_value(Scalar(7, text), kind, "field", notes) is WRONG
    (problem,) = notes.problems
    assert (problem.line, problem.field) == (7, "field")
    assert text in problem.reason_zh
    assert text in problem.reason_en


def test_a_wrong_value_in_a_table_is_noted_with_its_key() -> None:
    notes = Notes("f")
    table = Table(1, {"a": Scalar(2, "1"), "b": Scalar(3, "x")}, {"a": 2, "b": 3})
    assert read_value(table, dict[str, int], "days", notes) is WRONG
    assert [(problem.line, problem.field) for problem in notes.problems] == [(3, "days.b")]


def test_a_list_where_one_value_is_expected_is_noted() -> None:
    notes = Notes("f")
    assert read_value(Listing(4, ()), str, "name", notes) is WRONG
    assert notes.problems[0].line == 4


@given(
    st.integers(-5, 400), st.sampled_from(["working_days", "clock_hours", "工作日"]), st.sampled_from(["", " ", "  "])
)
def test_a_limit_is_read_exactly_where_its_amount_is_positive(amount: int, unit: str, space: str) -> None:
    read = read_value(Scalar(1, f"{amount}{space}{unit}"), Limit | None, "promise", Notes("f"))
    assert (read is not WRONG) == (amount > 0)
    if amount > 0:
        assert read.amount == amount
