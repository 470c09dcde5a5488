from collections.abc import Mapping

import sinks.destinations
from sinks.destination import Destination, Fact
from sinks.rows import Batch, letter_of_fact, sort_out, table_columns, topics_of
from streams.contracts.codec import encode
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, HorizonMark
from streams.contracts.topics import ALERTS, CASE_EVENTS, FINDINGS, PUSH_REQUESTS, REGISTRY
from streams.parts import find_parts
from tests.sinks.facts import COMMAND, FACTS, FINDING, KNOWN, STAMP_MS, Kept, accepted, kept

DESTINATIONS: Mapping[str, Destination] = find_parts(sinks.destinations, "DESTINATION", Destination)


def test_the_sink_reads_every_topic_of_facts_and_no_other() -> None:
    topics = topics_of(DESTINATIONS)
    assert {CASE_EVENTS.name, FINDINGS.name, ALERTS.name} <= set(topics)
    assert not {PUSH_REQUESTS.name, REGISTRY.name} & set(topics)


def test_facts_go_to_the_destination_of_their_kind() -> None:
    rows = sort_out(DESTINATIONS, [Batch("findings", 0, [kept(FINDING), kept(COMMAND)])])
    assert rows.facts == {"findings": [Fact(FINDING, STAMP_MS)]}
    assert rows.letters == []


def test_every_kind_of_fact_has_a_destination() -> None:
    for name, fact in FACTS.items():
        topic = DESTINATIONS[name].topics[0]
        assert set(sort_out(DESTINATIONS, [Batch(topic.name, 0, [kept(fact)])]).facts) == {name}


def test_marks_are_no_facts() -> None:
    mark = Kept(encode(HorizonMark(feed="hall", horizon_at=KNOWN)), key=MARK_KEY)
    assert sort_out(DESTINATIONS, [Batch("case-events", 0, [mark])]) == ({}, [])


def test_what_cannot_be_read_becomes_a_letter_with_place_reason_and_bytes() -> None:
    broken = [Kept(b'{"kind":"case.accepted"}', offset=7), Kept(b"\xff", offset=8), Kept(None, offset=9)]
    rows = sort_out(DESTINATIONS, [Batch("case-events", 3, [*broken, kept(accepted())])])
    assert len(rows.facts["case_events"]) == 1
    letters = [letter.body for letter in rows.letters]
    assert [letter.place for letter in letters] == ["case-events/3/7", "case-events/3/8", "case-events/3/9"]
    assert [letter.raw for letter in letters] == [b'{"kind":"case.accepted"}', b"\xff", b""]
    assert "event_id" in letters[0].reason
    assert len({letter.letter_id for letter in letters}) == 3


def test_a_record_read_again_elsewhere_gives_the_same_letter() -> None:
    first, again = (
        sort_out(DESTINATIONS, [Batch("cases", 0, [Kept(b"?", offset=offset)])]).letters[0].body for offset in (5, 905)
    )
    assert first.letter_id == again.letter_id


def test_a_refused_fact_keeps_its_bytes_and_when_it_was_known() -> None:
    letter = letter_of_fact(DESTINATIONS["findings"], Fact(FINDING, STAMP_MS), "too strange")
    assert letter.body.raw == encode(FINDING)
    assert letter.body.reason == "too strange"
    columns = DESTINATIONS["dead_letters"].columns([letter])
    assert columns["known_at"] == [from_ms(STAMP_MS)]


def test_both_tables_get_the_same_columns() -> None:
    (history, first), (latest, second) = table_columns(DESTINATIONS["cases"], [Fact(FACTS["cases"], STAMP_MS)])
    assert (history, latest) == ("cases_history", "cases")
    assert first == second
