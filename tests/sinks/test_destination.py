from collections.abc import Mapping

import pytest

import sinks.destinations
from sinks.destination import Destination, Fact
from streams.contracts.instants import from_ms
from streams.parts import find_parts
from tests.sinks.facts import FACTS, KNOWN, LETTER, STAMP_MS

DESTINATIONS: Mapping[str, Destination] = find_parts(sinks.destinations, "DESTINATION", Destination)


def test_every_destination_is_named_after_its_table_and_feeds_the_history_first() -> None:
    for name, destination in DESTINATIONS.items():
        assert destination.tables == (f"{name}_history", name)


@pytest.mark.parametrize("name", DESTINATIONS)
def test_the_same_facts_twice_give_the_same_rows(name: str) -> None:
    facts = [Fact(FACTS[name], STAMP_MS), Fact(FACTS[name], STAMP_MS + 1)]
    columns = DESTINATIONS[name].columns(facts)
    assert columns == DESTINATIONS[name].columns(facts)
    assert {len(values) for values in columns.values()} == {2}


def test_the_engines_stamps_win_over_the_records() -> None:
    columns = DESTINATIONS["dead_letters"].columns([Fact(LETTER, 5)])
    assert columns["version"] == [16]
    assert columns["known_at"] == [KNOWN]


def test_what_no_engine_stamped_is_known_since_its_record() -> None:
    unstamped = type(LETTER)(letter_id="x", place="p", source="s", reason="r")
    columns = DESTINATIONS["dead_letters"].columns([Fact(unstamped, 5)])
    assert columns["version"] == [5_000]
    assert columns["known_at"] == [from_ms(5)]
