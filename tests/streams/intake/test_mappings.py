from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import streams.sources
from streams.contracts.errors import UnreadableError
from streams.event_mapping import FieldRule, RowMapping, makers_of
from streams.intake.mappings import choose_mapping, load_mapping, load_mappings
from streams.parts import find_parts
from streams.registry.loading import load_hall
from streams.source import Source

HALLS = Path(__file__).parents[3] / "deploy" / "halls"
SOURCES = find_parts(streams.sources, "SOURCE", Source)
GOOD = "source: canonical_json\nmatches: ['a*.jsonl', '*.ndjson']\nfeed: approvals\nhall: pl\n"


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_mapping_is_read_as_the_struct_of_its_source(tmp_path: Path) -> None:
    mapping = load_mapping(written(tmp_path, "m.yaml", GOOD), SOURCES)
    assert type(mapping) is SOURCES["canonical_json"].mapping_type
    assert (mapping.feed, mapping.hall, mapping.matches) == ("approvals", "pl", ("a*.jsonl", "*.ndjson"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("source: xml", "source 'xml' is none of canonical_json, csv_mapping, xes"),
        ("- a list", "source None is none of"),
        ("", "source None is none of"),
        (GOOD + "fed: x", "unknown field `fed`"),
        ("source: csv_mapping\nfeed: f\nhall: h", "missing required field"),
        ("source: [", "while parsing"),
        ("source: canonical_json\nfeed: 7", "Expected `str`"),
    ],
)
def test_a_wrong_mapping_file_is_named_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as raised:
        load_mapping(written(tmp_path, "wrong.yaml", text), SOURCES)
    assert raised.value.field == "wrong.yaml"


def test_a_mapping_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"none\.yaml"):
        load_mapping(tmp_path / "none.yaml", SOURCES)


def test_a_file_finds_its_mapping_by_pattern_or_by_name(tmp_path: Path) -> None:
    written(tmp_path / "a", "first.yaml", GOOD)
    written(tmp_path / "b", "second.yaml", GOOD.replace("*.ndjson", "b*"))
    mappings = load_mappings([tmp_path / "a", tmp_path / "b", tmp_path / "none"], SOURCES)

    assert choose_mapping(mappings, "x.ndjson") is mappings["first"]
    assert choose_mapping(mappings, "b.csv", "canonical_json") is mappings["second"]
    assert choose_mapping(mappings, "anything", "second") is mappings["second"]
    with pytest.raises(UnreadableError, match="more than one mapping fits: first, second"):
        choose_mapping(mappings, "a.jsonl")
    with pytest.raises(UnreadableError, match="no mapping fits; there are first, second"):
        choose_mapping(mappings, "x.ndjson", "xes")
    with pytest.raises(UnreadableError, match="there are none"):
        choose_mapping({}, "x.ndjson")


def test_two_mappings_of_one_name_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "a", "same.yaml", GOOD)
    written(tmp_path / "b", "same.yaml", GOOD)
    with pytest.raises(UnreadableError, match="of this name"):
        load_mappings([tmp_path / "a", tmp_path / "b"], SOURCES)


@pytest.mark.parametrize("path", sorted(HALLS.glob("*/sources/*.yaml")), ids=lambda path: str(path.stem))
def test_a_shipped_mapping_fits_its_source_and_its_hall(path: Path) -> None:
    mapping = load_mapping(path, SOURCES)
    hall = load_hall(path.parents[1])
    assert mapping.hall == hall.hall.code == path.parents[1].name
    assert hall.feed(mapping.feed) is not None, "the hall's feeds.yaml does not know the feed"
    assert isinstance(mapping, RowMapping)
    assert makers_of(mapping, ZoneInfo(hall.hall.zone), str)
    item = mapping.fields["item"]
    assert not isinstance(item, FieldRule) or not item.constant or hall.item(item.constant) is not None
