import msgspec
import pytest

from streams.contracts.case_event import Finished
from streams.contracts.codec import decode, decoder_of
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY
from streams.contracts.topics import DEAD_LETTERS, partition_of
from streams.engine.aside import LEAD_MS, Aside, check_key, check_lead, check_stamp, explained
from streams.engine.counts import Counts
from streams.engine.driver import Arrival, Tick, drive
from streams.engine.memory import Memory
from streams.engine.ownership import OWNER_KEY
from streams.engine.rows import Rows
from streams.engine.simulated.log import Kept
from streams.engine.standing import STANDING_KEY, Standing
from streams.engine.states import States
from tests.streams.engine.toy import NOTES, TOLD, Counted, Counter, Note


def test_a_record_set_aside_tells_where_it_stood_and_leaves_with_the_next_cut() -> None:
    heard: list[DeadLetter] = []
    memory, counts = Memory(Rows(States(Counter()), 1), Standing()), Counts()
    aside = Aside("counter", "notes/3", memory, counts, heard.append)
    aside.record(Kept(17, 99, b"k", b"{"), b"k", UnreadableError("cut short", field="when"))
    cut = memory.cut()
    assert cut is not None
    letter = decode(DEAD_LETTERS, cut.outputs[0].value)
    assert (letter.place, letter.source, letter.reason, letter.field) == ("notes/3/17", "counter", "cut short", "when")
    assert cut.outputs[0].known_ms == 99
    assert counts.dead == 1
    assert heard[0].letter_id == letter.letter_id


def test_why_a_record_is_no_event_is_told_in_our_words_and_another_error_is_left_as_it_is() -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        decoder_of(NOTES)(b"{}")
    told = explained(NOTES, b"{}", refused.value)
    assert isinstance(told, UnreadableError)
    assert told.field == "occurred_ms"
    assert "without a value" in str(explained(NOTES, None, refused.value))
    other = RuntimeError("a bug")
    assert explained(NOTES, b"{}", other) is other


def test_a_key_has_its_place() -> None:
    place = partition_of(b"k", 8)
    check_key(b"k", place, 8)
    with pytest.raises(UnreadableError, match="another partitioner"):
        check_key(b"k", (place + 1) % 8, 8)
    with pytest.raises(UnreadableError, match="without a key"):
        check_key(b"", 0, 8)
    for own in (MARK_KEY, OWNER_KEY, STANDING_KEY, b"\x00"):
        with pytest.raises(UnreadableError, match="zero byte"):
            check_key(own, partition_of(own, 8), 8)


@pytest.mark.parametrize("stamped_ms", [10**17, -(10**15), 253_402_300_800_000])
def test_a_stamp_outside_the_years_is_refused_and_the_letter_that_says_so_has_another(stamped_ms: int) -> None:
    with pytest.raises(UnreadableError, match="outside years") as refused:
        check_stamp(stamped_ms)
    memory = Memory(Rows(States(Counter()), 1), Standing())
    Aside("counter", "notes/3", memory, Counts(), None).record(Kept(17, stamped_ms, b"k", b"{"), b"k", refused.value)
    cut = memory.cut()
    assert cut is not None
    assert decode(DEAD_LETTERS, cut.outputs[0].value).known_at == from_ms(0)
    check_stamp(99)


def test_an_event_may_lie_ahead_of_its_arrival_up_to_the_lead_and_not_beyond() -> None:
    def decided(at_ms: int) -> Finished:
        return Finished(event_id="e", feed="f", case_no="h/1", occurred_at=from_ms(5), decided_at=from_ms(at_ms))

    assert check_lead(decided(5 + LEAD_MS), 5 + LEAD_MS, 5, LEAD_MS) == 5 + LEAD_MS
    with pytest.raises(UnreadableError, match="1 day, 0:00:00") as refused:
        check_lead(decided(6 + LEAD_MS), 6 + LEAD_MS, 5, LEAD_MS)
    assert refused.value.field == "decided_at"
    with pytest.raises(UnreadableError) as refused:
        check_lead(Note(occurred_ms=9), 9, 5, 3)
    assert refused.value.field == ""


def test_an_event_too_far_ahead_is_set_aside_and_wakes_nobody() -> None:
    run = drive(
        Counter(),
        [
            Arrival(1_000, "a", Note(occurred_ms=1_000)),
            Arrival(1_000, "b", Note(occurred_ms=1_000)),
            Arrival(3_000, "a", Note(occurred_ms=3_001 + LEAD_MS)),
        ],
    )
    assert [told.told_id for told in run.bodies(TOLD)] == ["a:n1", "b:n1"]
    assert [letter.reason for letter in run.dead] == ["lies 1 day, 0:00:00.001000 ahead of its arrival"]
    run.step(Arrival(3_000, "a", Note(occurred_ms=3_000 + LEAD_MS)))
    assert [told.told_id for told in run.bodies(TOLD)] == ["a:n1", "b:n1", "a:q1:2000", "a:n2"]


def test_a_wake_outside_the_years_puts_its_key_in_quarantine() -> None:
    class Ancient(Counter):
        def wake_at(self, state: Counted) -> int | None:
            return -(10**16) if state.quiets == 0 else None

    run = drive(Ancient(), [Arrival(1, "a", Note(occurred_ms=1, feed="")), Tick(2)])
    assert [letter.place for letter in run.dead] == [f"counter/wake/-{10**16}"]
