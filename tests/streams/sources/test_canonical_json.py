import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.case_event import Accepted, Finished
from streams.contracts.codec import encode
from streams.contracts.words import Words
from streams.source import LINE_BYTES_MAX, Read, Rejection, line_place
from streams.sources.canonical_json import SOURCE, CanonicalMapping

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
FIRST = Accepted(event_id="a", feed="approvals", case_no="pl/1", occurred_at=AT, item="i")
SECOND = Finished(event_id="b", feed="approvals", case_no="pl/1", occurred_at=AT, result="granted")


def read(data: bytes, feed: str = "", hall: str = "") -> list[Read]:
    mapping = CanonicalMapping(source="canonical_json", feed=feed, hall=hall)
    return list(SOURCE.read(io.BytesIO(data), mapping, ZoneInfo("Asia/Shanghai"), str))


def test_each_line_is_an_event_and_empty_lines_are_nothing() -> None:
    assert read(encode(FIRST) + b"\n\n  \n" + encode(SECOND)) == [FIRST, SECOND]


def test_a_broken_line_is_rejected_with_its_number_and_bytes_and_the_rest_goes_on() -> None:
    broken = encode(FIRST)[:-5]
    assert read(broken + b"\n" + encode(SECOND) + b"\n") == [
        Rejection(line_place(1), Words("内容不完整，中途断开", "Input data was truncated"), "", broken + b"\n"),
        SECOND,
    ]


def test_a_wrong_field_is_named() -> None:
    (rejection,) = read(
        b'{"kind":"case.applied","event_id":"a","feed":"f","case_no":"pl/1","occurred_at":"2026-11-23T10:00:00"}'
    )
    assert isinstance(rejection, Rejection)
    assert rejection.field == "occurred_at"


def test_bytes_that_are_no_text_are_rejected() -> None:
    (rejection,) = read(encode(FIRST).replace(b'"a"', b'"\xff"'))
    assert isinstance(rejection, Rejection)
    assert "utf-8" in rejection.reason.en


def test_a_line_that_is_too_long_is_rejected() -> None:
    first, second = read(b"x" * (LINE_BYTES_MAX + 1) + b"\n" + encode(SECOND))
    assert isinstance(first, Rejection)
    assert first.reason.en == "the line is too long"
    assert second == SECOND


def test_events_of_another_feed_or_hall_than_the_mapping_names_are_rejected() -> None:
    data = encode(FIRST)
    assert read(data, feed="approvals", hall="pl") == [FIRST]
    assert read(data, feed="other") == [Rejection(line_place(1), Words("不是 other", "is not 'other'"), "feed", data)]
    assert read(data, hall="p") == [
        Rejection(line_place(1), Words("不以 p/ 开头", "does not begin with 'p/'"), "case_no", data)
    ]


@given(st.lists(st.binary(max_size=40).filter(lambda raw: b"\n" not in raw), max_size=8))
def test_no_bytes_whatever_stop_the_lines_behind_them(rubbish: list[bytes]) -> None:
    found = read(b"".join(raw + b"\n" for raw in rubbish) + encode(SECOND))
    assert found[-1] == SECOND
    assert len(found) == 1 + sum(not raw.isspace() for raw in rubbish if raw)
