from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from streams.contracts.errors import UnreadableError
from streams.foreign_time import ForeignTime, TimeReader, check_year

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOSTON = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("iso", "2026-11-23 09:30:15"),
        ("iso", "2026-11-23T09:30:15+08:00"),
        ("iso", "2026-11-23T01:30:15Z"),
        ("%Y%m%dT%H%M%S", "20261123T093015"),
        ("%Y-%m-%d %H:%M:%S", " 2026-11-23 09:30:15 "),
        ("%m/%d/%Y %I:%M:%S %p", "11/23/2026 09:30:15 AM"),
        ("epoch_ms", "1795397415000"),
        ("epoch_s", "1795397415.0"),
    ],
)
def test_every_format_gives_the_same_instant(format_: str, text: str) -> None:
    assert TimeReader([format_], SHANGHAI).read(text, "at") == ForeignTime(
        datetime(2026, 11, 23, 1, 30, 15, tzinfo=UTC)
    )


def test_formats_are_tried_in_order_and_the_error_names_them_and_the_field() -> None:
    reader = TimeReader(["%Y-%m-%d %H:%M", "%Y%m%d"], SHANGHAI)
    assert reader.read("20261123", "at").date_only
    with pytest.raises(UnreadableError, match=r"ACCEPT_DT: no time in the formats %Y-%m-%d %H:%M, %Y%m%d"):
        reader.read("yesterday", "ACCEPT_DT")


@pytest.mark.parametrize(
    ("format_", "text"), [("iso", "2026-11-23"), ("%d.%m.%Y", "23.11.2026"), ("%Y%m%d", "20261123")]
)
def test_a_day_without_a_time_is_local_midnight_and_says_so(format_: str, text: str) -> None:
    found = TimeReader([format_], SHANGHAI).read(text, "at")
    assert found == ForeignTime(datetime(2026, 11, 22, 16, tzinfo=UTC), date_only=True)


def test_midnight_counts_as_a_day_only_where_the_mapping_says_so() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    text = "2014-04-11T01:00:00.000+03:00"  # a converting tool's zone; midnight in Amsterdam
    assert not TimeReader(["iso"], amsterdam).read(text, "at").date_only
    reader = TimeReader(["iso"], amsterdam, midnight_is_date=True)
    assert reader.read(text, "at").date_only
    assert not reader.read("2014-04-11T01:00:01.000+03:00", "at").date_only


def test_a_time_that_the_clock_showed_twice_is_taken_as_the_first_and_flagged() -> None:
    found = TimeReader(["iso"], BOSTON).read("2015-11-01 01:30:00", "at")
    assert found == ForeignTime(datetime(2015, 11, 1, 5, 30, tzinfo=UTC), doubt="ambiguous")


def test_a_time_that_the_clock_never_showed_is_flagged() -> None:
    found = TimeReader(["iso"], BOSTON).read("2015-03-08 02:30:00", "at")
    assert found == ForeignTime(datetime(2015, 3, 8, 7, 30, tzinfo=UTC), doubt="skipped")


@pytest.mark.parametrize("offset", ["-05:00", "-04:00"])
def test_an_offset_leaves_no_doubt(offset: str) -> None:
    assert TimeReader(["iso"], BOSTON).read(f"2015-11-01T01:30:00{offset}", "at").doubt == ""


@pytest.mark.parametrize(
    "text", ["1948-05-01 10:00:00", "0001-01-01 00:00:00", "2101-01-01 00:00:00", "9999-12-31 23:59:59"]
)
def test_a_year_of_no_service_hall_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"APPLY_DT: the year \d+ is not between 1990 and 2100"):
        TimeReader(["iso"], SHANGHAI).read(text, "APPLY_DT")


@pytest.mark.parametrize("text", ["1990-01-01 00:00:00", "2100-12-31 23:59:59"])
def test_the_border_years_are_taken(text: str) -> None:
    assert TimeReader(["iso"], SHANGHAI).read(text, "at").at.tzinfo is UTC


def test_numbers_beyond_the_calendar_are_refused_like_any_text() -> None:
    with pytest.raises(UnreadableError, match="no time"):
        TimeReader(["epoch_ms"], SHANGHAI).read("9" * 30, "at")


def test_check_year_names_the_field() -> None:
    check_year(datetime(2015, 1, 1, tzinfo=UTC), "due_at")
    with pytest.raises(UnreadableError, match="due_at"):
        check_year(datetime(1948, 1, 1, tzinfo=UTC), "due_at")
