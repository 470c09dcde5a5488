from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, decode_mark, decoder_of, encode, identity
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.topics import CASE_EVENTS, CLOCKS, DEAD_LETTERS, RANKINGS, TOPICS

parts = st.lists(st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]), max_size=8), max_size=4)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_unreadable_and_nothing_else_happens(raw: bytes) -> None:
    for topic in TOPICS:
        with suppress(UnreadableError):
            decode(topic, raw)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"case_no": "\xff"}', b"[]", b"null", b'"text"', b"7"])
def test_what_is_no_json_object_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode(CASE_EVENTS, raw)
    with pytest.raises(UnreadableError):
        decode_mark(raw)


def test_a_fault_deep_inside_is_named_with_its_whole_way() -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(RANKINGS, b'{"board":"org","period":"2015","made_at":"2026-01-01T00:00:00Z","rows":[{"subject":1}]}')
    assert caught.value.field == "rows[0].subject"
    assert str(caught.value).startswith("rows[0].subject: ")


def test_a_missing_field_is_named_with_its_way() -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(RANKINGS, b'{"board":"org","period":"2015"}')
    assert caught.value.field == "made_at"
    with pytest.raises(UnreadableError) as caught:
        decode(RANKINGS, b'{"board":"org","period":"2015","made_at":"2026-01-01T00:00:00Z","rows":[{}]}')
    assert caught.value.field == "rows[0].subject"


def test_the_decoder_of_a_topic_is_made_once() -> None:
    assert decoder_of(CLOCKS) is decoder_of(CLOCKS)


def test_equal_contracts_have_equal_bytes() -> None:
    letter = DeadLetter(letter_id="a", place="file:1", source="csv", reason="no such column", raw=b"\x00\xff")
    again = DeadLetter(raw=b"\x00\xff", reason="no such column", source="csv", place="file:1", letter_id="a")
    assert encode(letter) == encode(again)
    assert decode(DEAD_LETTERS, encode(letter)).raw == b"\x00\xff"


def test_an_identity_never_changes() -> None:
    assert identity("approvals", "row 1", "case.accepted", 0) == "1c25bd4180b60abc899a5118"


@given(parts, parts)
def test_parts_cut_differently_have_different_identities(one: list[str], other: list[str]) -> None:
    # No part and one empty part are the same; an identity always has parts.
    assert (identity(*one) == identity(*other)) == ((one or [""]) == (other or [""]))


def test_a_number_and_its_digits_are_the_same_part() -> None:
    assert identity("a", 1) == identity("a", "1")
