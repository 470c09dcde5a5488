from streams.registry.problem import Notes
from streams.registry.written import Listing, Scalar, Table, rows_of_csv, value_of_yaml


def test_rows_keep_the_line_they_begin_on() -> None:
    notes = Notes("a.csv")
    header, rows = rows_of_csv('a,b\n1,"x\ny"\n\n , \n2,z\n', notes)
    assert header is not None
    assert list(header.values) == ["a", "b"]
    assert [row.line for row in rows] == [2, 6]
    assert notes.problems == []


def test_empty_cells_are_not_given() -> None:
    _, rows = rows_of_csv("a,b\n 1 ,\n", Notes("a.csv"))
    assert rows[0].values == {"a": Scalar(2, "1")}


def test_yaml_keeps_text_as_written_with_its_line() -> None:
    value = value_of_yaml("a: 08:30\nb:\n  - no\n  - '7'\nc:\n", Notes("a.yaml"))
    assert isinstance(value, Table)
    assert value.values["a"] == Scalar(1, "08:30")
    assert value.values["b"] == Listing(3, (Scalar(3, "no"), Scalar(4, "7", quoted=True)))
    assert value.values["c"] == Scalar(5, "")


def test_an_alias_of_itself_ends_as_a_problem() -> None:
    notes = Notes("a.yaml")
    value_of_yaml("a: &x\n  b: *x\n", notes)
    assert [problem.reason_en for problem in notes.problems] == ["nested too deeply"]
