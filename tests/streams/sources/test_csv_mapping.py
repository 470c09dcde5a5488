import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.case_event import Accepted, CaseEvent, Finished
from streams.contracts.errors import UnreadableError
from streams.source import LINE_BYTES_MAX, Rejection
from streams.sources.csv_mapping import SOURCE, CsvMapping

MAPPING = {
    "source": "csv_mapping",
    "feed": "requests",
    "hall": "h",
    "case_no": "ID",
    "times": ["%Y-%m-%d %H:%M"],
    "events": [
        {"kind": "case.accepted", "at": "OPEN", "required": True, "fields": {"item": "TYPE"}},
        {"kind": "case.finished", "at": "CLOSED", "when": {"STATUS": "Closed"}},
    ],
}
HEADER = "ID,OPEN,CLOSED,STATUS,TYPE\n"


def pieces(data: str | bytes, **changes: Any) -> Iterator[CaseEvent | Rejection]:
    mapping = msgspec.convert(MAPPING | changes, CsvMapping)
    raw = data.encode() if isinstance(data, str) else data
    return SOURCE.read(io.BytesIO(raw), mapping, ZoneInfo("Asia/Shanghai"), str)


def read(data: str | bytes, **changes: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """Cases with kinds, and rejections with place, field and reason."""
    found = list(pieces(data, **changes))
    events = [(str(e.__struct_config__.tag), e.case_no) for e in found if not isinstance(e, Rejection)]
    return events, [(r.place.en, r.field, r.reason.en) for r in found if isinstance(r, Rejection)]


def test_one_row_gives_one_event_for_each_of_its_times() -> None:
    accepted, finished = pieces(HEADER + "7,2026-11-02 09:00,2026-11-03 10:30,Closed,permit\n")
    assert isinstance(accepted, Accepted)
    assert (accepted.case_no, accepted.item) == ("h/7", "permit")
    assert accepted.occurred_at == datetime(2026, 11, 2, 1, tzinfo=UTC)
    assert isinstance(finished, Finished)
    assert finished.occurred_at == datetime(2026, 11, 3, 2, 30, tzinfo=UTC)


def test_reading_again_gives_the_same_ids_wherever_the_row_stands() -> None:
    rows = ["7,2026-11-02 09:00,2026-11-03 10:30,Closed,permit\n", "8,2026-11-02 09:00,,Open,permit\n"]

    def ids(text: str) -> set[str]:
        return {event.event_id for event in pieces(text) if not isinstance(event, Rejection)}

    assert ids(HEADER + rows[0] + rows[1]) == ids(HEADER + rows[1] + rows[0] + rows[0])
    assert len(ids(HEADER + rows[0] + rows[1])) == 3


def test_two_rules_of_one_kind_in_a_row_give_two_ids() -> None:
    events = [
        {"kind": "case.step_ended", "at": column, "fields": {"step": {"constant": column}}}
        for column in ("OPEN", "CLOSED")
    ]
    found = list(pieces(HEADER + "7,2026-11-02 09:00,2026-11-03 10:30,Closed,permit\n", events=events))
    assert len({event.event_id for event in found if not isinstance(event, Rejection)}) == 2


def test_no_condition_no_event() -> None:
    assert read(HEADER + "7,2026-11-02 09:00,2026-11-03 10:30,Open,permit\n", ignore=["TYPE"])[0] == [
        ("case.accepted", "h/7")
    ]


@pytest.mark.parametrize(
    ("row", "rejection"),
    [
        ("8,2026-11-02 09:00,,Open", ("line 3", "", "4 fields, not 5")),
        ("8,2026-11-02 09:00,,Open,permit,more", ("line 3", "", "6 fields, not 5")),
        ("8,1948-11-02 09:00,,Open,permit", ("line 3", "OPEN", "the year 1948 is not between 1990 and 2100")),
        ("8,soon,,Open,permit", ("line 3", "OPEN", "no time in the formats %Y-%m-%d %H:%M")),
        ("8,,,Open,permit", ("line 3", "OPEN", "is empty")),
        (",2026-11-02 09:00,,Open,permit", ("line 3", "ID", "is empty")),
        ('8,"2026-11-02 09:00"x,,Open,permit', ("line 3", "", "no CSV: text follows a closing quote")),
        (
            "8,2026-11-02 09:00,,Open,per\rmit",
            ("line 3", "", "no CSV: a carriage return stands inside the line and not between quotes"),
        ),
    ],
)
def test_a_wrong_line_is_rejected_with_its_number_and_the_rest_goes_on(
    row: str, rejection: tuple[str, str, str]
) -> None:
    good = "7,2026-11-02 09:00,,Open,permit\n", "9,2026-11-02 09:00,,Open,permit\n"
    events, rejections = read(HEADER + good[0] + row + "\n" + good[1])
    assert events == [("case.accepted", "h/7"), ("case.accepted", "h/9")]
    assert rejections == [rejection]


def test_a_good_time_counts_even_when_the_other_time_of_the_row_is_wrong() -> None:
    events, rejections = read(HEADER + "7,2026-11-02 09:00,1948-01-01 00:00,Closed,permit\n")
    assert events == [("case.accepted", "h/7")]
    assert rejections == [("line 2", "CLOSED", "the year 1948 is not between 1990 and 2100")]


def test_a_rejection_carries_the_bytes_of_its_line() -> None:
    (rejection,) = pieces(HEADER + "8,soon,,Open,permit\n")
    assert isinstance(rejection, Rejection)
    assert rejection.raw == b"8,soon,,Open,permit\n"


def test_quoted_fields_may_hold_commas_quotes_and_line_ends() -> None:
    found = list(pieces(HEADER + '7,2026-11-02 09:00,,Open,"a ""big"", wide\nsign"\n8,2026-11-02 09:00,,Open,b\n'))
    assert [event.item for event in found if not isinstance(event, Rejection)] == ['a "big", wide\nsign', "b"]


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_quote_that_is_never_closed_swallows_no_line_behind_it(end: str) -> None:
    rows = ['7,2026-11-02 09:00,,Open,"oops', *(f"{n},2026-11-02 09:00,,Open,permit" for n in range(8, 30))]
    events, rejections = read(HEADER + "\n".join(rows) + end)
    assert events == [("case.accepted", f"h/{n}") for n in range(8, 30)]
    assert [(place, field) for place, field, _ in rejections] == [("line 2", "")]


def test_an_unknown_column_is_reported_once_and_the_rows_go_on() -> None:
    text = HEADER.replace("\n", ",NEW\n") + "7,2026-11-02 09:00,,Open,permit,x\n8,2026-11-02 09:00,,Open,permit,x\n"
    events, rejections = read(text)
    assert len(events) == 2
    assert rejections == [("line 1", "NEW", "the column is not in the mapping")]
    assert read(text, ignore=["NEW"])[1] == []


def test_a_missing_column_is_reported_once_and_what_does_not_need_it_goes_on() -> None:
    events, rejections = read("ID,OPEN,STATUS,TYPE\n7,2026-11-02 09:00,Closed,permit\n")
    assert events == [("case.accepted", "h/7")]
    assert rejections == [("line 1", "CLOSED", "the column is missing")]


@pytest.mark.parametrize(
    ("header", "field", "reason"),
    [
        (
            "NO,OPEN,CLOSED,STATUS,TYPE",
            "ID",
            "the column is missing, and without it no row can be used; the file has: NO, OPEN, CLOSED, STATUS, TYPE",
        ),
        (
            "ID,BEGUN,CLOSED,STATUS,TYPE",
            "OPEN",
            "the column is missing, and without it no row can be used; the file has: ID, BEGUN, CLOSED, STATUS, TYPE",
        ),
        (
            "NO,BEGUN,CLOSED",
            "ID",
            "the columns ID, OPEN are missing, and without them no row can be used; the file has: NO, BEGUN, CLOSED",
        ),
    ],
)
def test_without_a_key_or_a_required_time_the_whole_file_is_refused_with_one_reason(
    header: str, field: str, reason: str
) -> None:
    with pytest.raises(UnreadableError) as refused:
        next(pieces(header + "\n7,2026-11-02 09:00,2026-11-03 09:00,Closed,permit\n"))
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_without_the_column_that_a_required_event_depends_on_the_whole_file_is_refused() -> None:
    events = [{"kind": "case.accepted", "at": "OPEN", "required": True, "when": {"STATE": "in"}}]
    with pytest.raises(UnreadableError, match="STATE: the column is missing"):
        next(pieces(HEADER + "7,2026-11-02 09:00,,Open,permit\n", events=events))


def test_an_empty_file_is_said_to_be_empty() -> None:
    with pytest.raises(UnreadableError, match="the file is empty"):
        list(pieces(""))


def test_a_byte_order_mark_empty_lines_and_windows_line_ends_are_nothing() -> None:
    events, rejections = read(
        b"\xef\xbb\xbf" + (HEADER + "\n7,2026-11-02 09:00,,Open,permit\n\n").replace("\n", "\r\n").encode()
    )
    assert (events, rejections) == ([("case.accepted", "h/7")], [])


def test_chinese_encodings_are_read_and_wrong_ones_are_rejected_line_by_line_and_named() -> None:
    row = "7,2026-11-02 09:00,,Open,施工许可\n"
    for encoding in ("gb18030", "gbk"):
        (event,) = pieces((HEADER + row).encode(encoding), encoding="gb18030")
        assert not isinstance(event, Rejection)
        assert event.item == "施工许可"
    events, rejections = read((HEADER + row).encode("gb18030") + b"8,2026-11-02 09:00,,Open,permit\n")
    assert events == [("case.accepted", "h/8")]
    ((place, field, reason),) = rejections
    assert (place, field) == ("line 2", "")
    assert reason == "not utf-8; it reads as gb18030 (GBK): if it is, the mapping must say `encoding: gb18030`"


def test_a_header_in_another_encoding_names_it() -> None:
    with pytest.raises(UnreadableError, match="header: not utf-8; it reads as gb18030"):
        list(pieces("编号,OPEN\n".encode("gbk")))


@pytest.mark.parametrize(
    ("encoding", "reason"),
    [
        ("utf-16", "the text is not utf-8: it is utf-16-le, save it as utf-8"),
        ("utf-16-le", "the text is not utf-8: it is utf-16-le, save it as utf-8"),
        ("utf-16-be", "the text is not utf-8: it is utf-16-be, save it as utf-8"),
        ("utf-32", "the text is not utf-8: it is utf-32-le, save it as utf-8"),
    ],
)
def test_two_bytes_a_letter_are_refused_as_what_they_are(encoding: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        list(pieces((HEADER + "7,2026-11-02 09:00,,Open,permit\n").encode(encoding)))
    assert (refused.value.field, refused.value.reason) == ("encoding", reason)


def test_a_file_with_the_mark_of_utf_8_is_not_read_as_chinese_by_a_mapping_that_says_so() -> None:
    with pytest.raises(UnreadableError, match="the text is not gb18030: it begins with the mark of utf-8"):
        list(pieces((HEADER + "7,2026-11-02 09:00,,Open,许可\n").encode("utf-8-sig"), encoding="gb18030"))


def test_carriage_returns_alone_are_no_line_ends_and_that_is_said() -> None:
    with pytest.raises(UnreadableError, match="header: no CSV: a carriage return stands inside the line"):
        list(pieces((HEADER + "7,2026-11-02 09:00,,Open,permit\n").replace("\n", "\r")))


def test_a_line_that_is_too_long_is_rejected_and_the_rest_goes_on() -> None:
    events, rejections = read(HEADER + "x" * (LINE_BYTES_MAX + 5) + "\n7,2026-11-02 09:00,,Open,permit\n")
    assert events == [("case.accepted", "h/7")]
    assert [place for place, _, _ in rejections] == ["line 2"]


def test_rows_without_a_number_of_their_own_are_told_apart_by_the_row_key() -> None:
    header = "ID,STEP,END\n"
    mapping = {
        "row_key": ["ID", "STEP"],
        "events": [{"kind": "case.step_ended", "at": "END", "fields": {"step": "STEP"}}],
    }
    found = list(pieces(header + "7,check,2026-11-02 09:00\n7,sign,2026-11-02 09:00\n", **mapping))
    assert len({event.event_id for event in found if not isinstance(event, Rejection)}) == 2


class Breaking(io.RawIOBase):
    """Gives its bytes and then breaks off."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        if not (read := self._data.readinto(buffer)):
            raise UnreadableError("broken off")
        return read


@pytest.mark.parametrize("cut", ["8,2026-11-02 09:0", '8,"2026', '8,2026-11-02 09:00,,Open,"permit\n9,2026'])
def test_before_a_break_every_whole_line_is_used_and_the_half_one_is_not(cut: str) -> None:
    mapping = msgspec.convert(MAPPING, CsvMapping)
    stream: BinaryIO = io.BufferedReader(Breaking((HEADER + "7,2026-11-02 09:00,,Open,permit\n" + cut).encode()))  # type: ignore[type-var]
    found: list[CaseEvent | Rejection] = []
    with pytest.raises(UnreadableError, match="broken off"):
        found.extend(SOURCE.read(stream, mapping, ZoneInfo("Asia/Shanghai"), str))
    assert [event.case_no for event in found if not isinstance(event, Rejection)] == ["h/7"]


@settings(deadline=None, max_examples=200)
@given(
    rows=st.lists(
        st.one_of(
            st.sampled_from(
                ["7,2026-11-02 09:00,,Open,permit", '8,2026-11-02 09:00,,Open,"a ""b"""', '9,"x', '"', "\0,,,,"]
            ),
            st.text(alphabet='0",\n\r\0 \u65bd:-', max_size=30),
        ),
        max_size=12,
    ),
    noise=st.binary(max_size=8),
)
def test_no_text_whatever_makes_it_fail_or_swallows_the_last_line(rows: list[str], noise: bytes) -> None:
    lines = [HEADER.encode(), *(row.encode() + b"\n" for row in rows), noise, b"\n99,2026-11-02 09:00,,Open,permit\n"]
    found = list(pieces(b"".join(lines)))
    assert "h/99" in {piece.case_no for piece in found if not isinstance(piece, Rejection)}
