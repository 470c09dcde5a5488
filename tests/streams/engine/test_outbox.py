import pytest

from streams.contracts.codec import decode
from streams.contracts.dead_letter import RAW_BYTES_MAX
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.engine.log import OUTPUT_BYTES_MAX
from streams.engine.outbox import dead_letter, letter_output, stamp
from streams.engine.process import Output
from tests.streams.engine.toy import TOLD, Told


def _output(n: int) -> Output:
    return Output(TOLD, "key", Told(told_id=str(n), what="x", count=n))


def test_versions_are_microseconds_and_always_grow() -> None:
    assert stamp([_output(1)], 0, 5)[1] == 5_000
    assert stamp([_output(1)], 5_000, 5)[1] == 5_001
    assert stamp([_output(1)], 9_000_000, 5)[1] == 9_000_001


def test_outputs_carry_when_they_became_known_and_a_version_each() -> None:
    sent, last = stamp([_output(1), _output(2)], 0, 7_000)
    bodies = [decode(TOLD, one.value) for one in sent]
    assert [body.version for body in bodies] == [7_000_000, 7_000_001]
    assert last == 7_000_001
    assert {body.known_at for body in bodies} == {from_ms(7_000)}
    assert {one.known_ms for one in sent} == {7_000}


def test_an_output_that_names_a_later_instant_became_known_then() -> None:
    early, late, after = (
        _output(1),
        Output(TOLD, "key", _output(2).body, 8_000),
        Output(TOLD, "key", _output(3).body, 6),
    )
    sent, last = stamp([early, late, after], 0, 7_000)
    bodies = [decode(TOLD, one.value) for one in sent]
    assert [body.version for body in bodies] == [7_000_000, 8_000_000, 8_000_001]
    assert [body.known_at for body in bodies] == [from_ms(7_000), from_ms(8_000), from_ms(7_000)]
    assert ([one.known_ms for one in sent], last) == ([7_000, 8_000, 7_000], 8_000_001)


def test_an_output_larger_than_a_topic_takes_is_refused() -> None:
    small = Output(TOLD, "key", Told(told_id="1", what="x" * (OUTPUT_BYTES_MAX - 200), count=1))
    assert len(stamp([small], 0, 9)[0]) == 1
    with pytest.raises(ValueError, match="an output to told would have"):
        stamp([Output(TOLD, "key", Told(told_id="1", what="x" * OUTPUT_BYTES_MAX, count=1))], 0, 9)


def test_what_is_long_in_a_dead_letter_is_cut_and_the_letter_stays_the_one_of_its_record() -> None:
    letters = [dead_letter("case", "p", b"x" * 900_000 + end, b"k", 9, KeyError("y" * 900_000)) for end in (b"1", b"2")]
    assert letters[0].letter_id != letters[1].letter_id
    assert len(stamp([letter_output(letters[0])], 0, 9)[0][0].value) < OUTPUT_BYTES_MAX
    assert letters[0].raw == b"x" * RAW_BYTES_MAX


def test_the_same_outputs_give_the_same_bytes() -> None:
    assert stamp([_output(1)], 3, 9) == stamp([_output(1)], 3, 9)


def test_a_dead_letter_is_the_same_wherever_the_record_stands() -> None:
    here = dead_letter("case", "case-events/0/5", b"{", b"k", 9, UnreadableError("broken", field="kind"))
    there = dead_letter("case", "case-events/0/8", b"{", b"k", 9, UnreadableError("broken", field="kind"))
    other = dead_letter("case", "case-events/0/5", b"[", b"k", 9, UnreadableError("broken"))
    assert here.letter_id == there.letter_id != other.letter_id
    assert (here.reason, here.field, here.traceback) == ("broken", "kind", "")


def test_the_dead_letter_of_a_bug_names_it_and_keeps_the_traceback() -> None:
    try:
        raise KeyError("promise")
    except KeyError as error:
        letter = dead_letter("case", "place", b"", b"k", 9, error)
    assert letter.reason == "KeyError: 'promise'"
    assert "test_outbox" in letter.traceback
