import pytest

from dashboards.console.lines import RefusedLine, letter_of, lines_of, read_lines, read_marks
from streams.contracts.dead_letter import RAW_BYTES_MAX
from streams.contracts.errors import UnreadableError
from streams.contracts.mark import HorizonMark
from streams.contracts.topics import CASE_EVENTS
from streams.source import LINE_BYTES_MAX

EVENT = b'{"kind":"case.applied","event_id":"e1","feed":"f","case_no":"pl/1","occurred_at":"2026-11-23T09:00:00+08:00"}'
MARK = b'{"kind":"mark.horizon","feed":"f","horizon_at":"2026-11-23T09:00:00+08:00"}'


def test_blank_lines_are_passed_over_and_numbers_count_them() -> None:
    assert [line.number for line in lines_of(b"a\n\n  \r\nb\n")] == [1, 4]


def test_a_line_that_cannot_be_read_stops_none_of_the_others() -> None:
    read = read_lines(CASE_EVENTS, EVENT + b"\n{broken\n" + EVENT.replace(b"+08:00", b"") + b"\n" + EVENT)
    assert [record.event_id for record in read.records] == ["e1", "e1"]
    assert [line.number for line in read.lines] == [1, 4]
    assert [(why.line, why.field) for _, why in read.refused] == [(2, ""), (3, "occurred_at")]


def test_a_line_longer_than_any_record_is_refused_unread_and_only_its_beginning_is_kept() -> None:
    long = b"\0" * (LINE_BYTES_MAX + 1)
    read = read_lines(CASE_EVENTS, long + b"\n" + EVENT)
    assert len(read.records) == 1
    ((line, why),) = read.refused
    assert why.reason == f"the line has {LINE_BYTES_MAX + 1} bytes, more than {LINE_BYTES_MAX}"
    assert letter_of(line, why, "hall").raw == long[:RAW_BYTES_MAX]


def test_no_lines_are_no_records() -> None:
    read = read_lines(CASE_EVENTS, b"")
    assert (read.records, read.lines, read.refused) == ([], [], [])


def test_one_unreadable_mark_refuses_them_all() -> None:
    [mark] = read_marks(MARK)
    assert isinstance(mark, HorizonMark)
    with pytest.raises(UnreadableError):
        read_marks(MARK + b"\n{}")


def test_a_refused_line_keeps_its_bytes_place_and_reason_and_is_one_letter_however_often_it_comes() -> None:
    [line] = lines_of(b"\xff{broken")
    letter = letter_of(line, RefusedLine(line=1, reason="no JSON", field="x"), "hall")
    assert (letter.raw, letter.place, letter.source) == (b"\xff{broken", "hall line 1", "hall")
    assert (letter.reason, letter.field) == ("no JSON", "x")
    [later] = lines_of(b"\n\n\xff{broken")[-1:]
    assert letter_of(later, RefusedLine(line=3, reason="no JSON"), "hall").letter_id == letter.letter_id
    assert letter_of(line, RefusedLine(line=1, reason="no JSON"), "other").letter_id != letter.letter_id
