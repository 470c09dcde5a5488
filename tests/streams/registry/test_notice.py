from datetime import date, timedelta

import msgspec
import pytest

from streams.calendar.building import build_calendar
from streams.contracts.errors import UnreadableError
from streams.registry.notice import YearNotice, is_notice, read_notice, with_notice
from streams.registry.snapshot import CalendarData, HoursData

CHINA = CalendarData(code="china", zone="Asia/Shanghai", version="1", base="china")
HOURS = HoursData(code="hours", weekdays=dict.fromkeys(range(1, 6), ("08:30-18:00",)))
TEXT = """year: 2027
notice: 国办发明电〔2026〕7号
free:
  2027-01-01..2027-01-03: 元旦
  2027-10-01: 国庆节
working:
  2027-01-30: 春节调休
"""


def notice(**changes: object) -> YearNotice:
    return YearNotice(**{"year": 2027, "free": {date(2027, 1, 1): "元旦"}, **changes})  # type: ignore[arg-type]


def test_a_notice_is_told_from_a_calendars_file_by_its_year() -> None:
    assert is_notice(TEXT)
    assert not is_notice("china:\n  zone: Asia/Shanghai\n")


def test_stretches_of_days_are_read_day_by_day() -> None:
    read, problems = read_notice(TEXT, "2027.yaml")
    assert problems == []
    assert read is not None
    assert (read.year, read.notice, read.calendar) == (2027, "国办发明电〔2026〕7号", "")
    assert list(read.free.items()) == [
        (date(2027, 1, 1), "元旦"),
        (date(2027, 1, 2), "元旦"),
        (date(2027, 1, 3), "元旦"),
        (date(2027, 10, 1), "国庆节"),
    ]
    assert read.working == {date(2027, 1, 30): "春节调休"}


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("year: soon\nfree:\n  2027-01-01: 元旦\n", 1, "year"),
        ("year: 2027\n", 1, "free"),
        ("year: 2027\nholidays:\n  2027-01-01: 元旦\nfree:\n  2027-01-01: 元旦\n", 2, "holidays"),
        ("year: 2027\nfree:\n  2026-12-31: 元旦\n", 3, "free.2026-12-31"),
        ("year: 2027\nfree:\n  2027-02-30: 元旦\n", 3, "free.2027-02-30"),
        ("year: 2027\nfree:\n  2027-10-07..2027-10-01: 国庆节\n", 3, "free.2027-10-07..2027-10-01"),
        ("year: 2027\nfree:\n  2027-01-01..2027-12-31: 全年\n", 3, "free.2027-01-01..2027-12-31"),
        ("year: 2027\nfree:\n  2027-01-01..2027-01-03: 元旦\n  2027-01-03: 元旦\n", 4, "free.2027-01-03"),
        ("year: 2027\nworking:\n  2027-02-01: 调休\n", 3, "working.2027-02-01"),
        ("year: 2027\nfree:\n  2027-01-30: 休\nworking:\n  2027-01-30: 班\n", 4, "working.2027-01-30"),
        ("year: 2027\nfree: [2027-01-01]\n", 2, "free"),
        ("- 2027\n", 1, ""),
    ],
)
def test_what_is_wrong_with_a_notice_is_named_with_line_and_field(text: str, line: int, field: str) -> None:
    read, problems = read_notice(text, "2027.yaml")
    assert read is None
    assert (line, field) in {(problem.line, problem.field) for problem in problems}


def test_a_notice_settles_its_year_whole_whatever_the_estimate_was() -> None:
    settled = build_calendar(with_notice(CHINA, notice(working={date(2027, 1, 30): "调休"})), HOURS)
    first = date(2027, 1, 1)
    for day in (first + timedelta(days=more) for more in range(365)):
        works = day == date(2027, 1, 30) or (day.isoweekday() <= 5 and day != first)
        assert settled.is_working(day.toordinal()) is works, day
        assert not settled.is_provisional(day.toordinal())
    assert settled.is_provisional(date(2028, 1, 1).toordinal())


def test_a_notice_replaces_a_published_year_make_up_days_too_and_leaves_the_other_years() -> None:
    before = msgspec.structs.replace(CHINA, free={date(2026, 7, 1): "旧", date(2025, 7, 1): "留"})
    settled = with_notice(before, notice(year=2026, free={date(2026, 1, 1): "元旦"}))
    assert (settled.unknown_from, settled.free[date(2025, 7, 1)]) == (None, "留")
    assert date(2026, 7, 1) not in settled.free
    calendar = build_calendar(settled, HOURS)
    weekdays = list(range(date(2026, 1, 2).toordinal(), date(2027, 1, 1).toordinal()))
    assert [calendar.is_working(day) for day in weekdays] == [(day - 1) % 7 < 5 for day in weekdays]


def test_versions_are_named_after_the_year_and_count_on() -> None:
    first = with_notice(CHINA, notice())
    assert with_notice(first, notice()) is first
    second = with_notice(first, notice(free={date(2027, 1, 4): "元旦"}))
    third = with_notice(second, notice())
    assert [calendar.version for calendar in (first, second, third)] == ["2027", "2027.2", "2027.3"]
    assert with_notice(third, notice(year=2028, free={date(2028, 1, 1): "元旦"})).version == "2028"


def test_a_year_cannot_be_left_out() -> None:
    with pytest.raises(UnreadableError, match="2027 is not published in calendar china"):
        with_notice(CHINA, notice(year=2028, free={date(2028, 1, 1): "元旦"}))


def test_a_calendar_without_a_horizon_gets_none() -> None:
    weekend = CalendarData(code="w", zone="Europe/Amsterdam", version="1", base="weekend")
    assert with_notice(weekend, notice()).unknown_from is None
