from streams.registry.placed import read_part
from streams.registry.problem import Notes
from streams.registry.snapshot import Feed
from streams.registry.written import Scalar, Table


def table(**texts: str) -> Table:
    values = {name: Scalar(line, text) for line, (name, text) in enumerate(texts.items(), start=2)}
    return Table(1, dict(values), {name: value.line for name, value in values.items()})


def test_a_part_knows_the_line_of_each_field() -> None:
    placed = read_part(table(name="a", way="poll"), Feed, Notes("f"))
    assert placed is not None
    assert placed.part == Feed(name="a", way="poll")
    assert placed.line_of("way") == 3
    assert placed.line_of("silent_after_seconds") == 1


def test_a_part_can_be_named_by_the_key_above_it() -> None:
    placed = read_part(table(way="poll"), Feed, Notes("f"), named=("a", "name"))
    assert placed is not None
    assert placed.part.name == "a"


def test_unknown_missing_and_wrong_fields_are_all_noted() -> None:
    notes = Notes("f")
    assert read_part(table(way="pigeon", colour="red"), Feed, notes) is None
    assert {(problem.line, problem.field) for problem in notes.problems} == {(1, "name"), (2, "way"), (3, "colour")}


def test_an_empty_field_takes_its_default() -> None:
    placed = read_part(table(name="a", way=""), Feed, Notes("f"))
    assert placed is not None
    assert placed.part.way == "push"
