"""The page on clocks, section 2 (which calendar): one test a sentence."""

from dataclasses import replace
from datetime import date

import msgspec

from streams.registry.snapshot import CalendarData, HoursData, Org
from tests.streams.processes.case.cases import CHINA, dues, event, found, hall, judged, limit, text
from tests.streams.processes.case.pages import DAY, run_of, with_hours, with_site

ACCEPTED = event("Accepted", "2026-03-02 10:00")
REGION = CalendarData(
    code="region",
    zone="Asia/Shanghai",
    version="1",
    base="china",
    free={date(2026, 3, 4): "三月三", date(2026, 3, 5): ""},
)
SHORT = HoursData(code="short", weekdays=dict.fromkeys(range(1, 6), ("09:00-15:00",)))


def two_calendars() -> tuple[Org, ...]:
    return (Org(code="org", name_zh="审批局"), Org(code="region org", name_zh="州局", calendar="region"))


def test_legal_days_are_the_national_ones_and_those_of_the_region() -> None:
    regional = msgspec.structs.replace(REGION, code="china")
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", hall(7, None, calendar=regional))) == {"promise": "03-13 18:00"}
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", hall(7, None))) == {"promise": "03-11 18:00"}


def test_a_make_up_day_of_the_nation_is_a_working_day() -> None:
    before = event("Accepted", "2026-02-13 10:00")
    assert dues(judged([before], "2026-02-13 11:00", hall(1, None))) == {"promise": "02-14 18:00"}


def test_a_closure_of_the_site_changes_opening_hours_only() -> None:
    closed = {f"2026-03-{day:02}": () for day in (3, 4, 5)}
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", with_hours(hall(7, None), days=closed))) == {
        "promise": "03-11 18:00"
    }
    office = with_hours(hall(limit(2, "office_days"), None), days=closed)
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", office)) == {"promise": "03-09 10:00"}


def test_a_half_day_changes_opening_hours_only() -> None:
    half = {"2026-03-03": ("08:30-12:00",)}
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", with_hours(hall(7, None), days=half))) == {
        "promise": "03-11 18:00"
    }
    office = with_hours(hall(limit(2, "office_days"), None), days=half)
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", office)) == {"promise": "03-04 16:00"}


def test_a_saturday_opening_changes_opening_hours_only() -> None:
    saturdays = {**dict.fromkeys(range(1, 6), DAY), 6: ("09:00-12:00",)}
    friday = event("Accepted", "2026-03-06 17:00")
    assert dues(judged([friday], "2026-03-06 17:30", with_hours(hall(1, None), weekdays=saturdays))) == {
        "promise": "03-09 18:00"
    }
    office = with_hours(hall(limit(120, "office_minutes"), None), weekdays=saturdays)
    assert dues(judged([friday], "2026-03-06 17:30", office)) == {"promise": "03-07 10:00"}


def test_the_calendar_of_the_handling_org_counts_for_promise_and_statutory() -> None:
    registry = replace(hall(), orgs=two_calendars(), calendars=(CHINA, REGION))
    accepted = event("Accepted", "2026-03-02 10:00", org="region org")
    assert dues(judged([accepted], "2026-03-02 11:00", registry)) == {
        "promise": "03-13 18:00",
        "statutory": "03-18 18:00",
    }


def test_the_calendar_of_the_handling_org_counts_for_delivery() -> None:
    registry = replace(hall(), orgs=two_calendars(), calendars=(CHINA, REGION))
    events = [
        event("Accepted", "2026-03-02 10:00", org="region org"),
        event("Finished", "2026-03-03 10:00", result="granted", document=True),
    ]
    assert dues(judged(events, "2026-03-03 11:00", registry))["delivery"] == "03-19 18:00"


def test_the_calendar_of_the_handling_org_counts_for_the_first_review() -> None:
    registry = replace(hall(30, 40, case_class="reported"), orgs=two_calendars(), calendars=(CHINA, REGION))
    accepted = event("Accepted", "2026-03-02 10:00", org="region org")
    assert dues(judged([accepted], "2026-03-02 11:00", registry))["first_review"] == "04-01 18:00"


def test_the_zone_of_the_handling_org_says_which_day_it_is() -> None:
    urumqi = CalendarData(code="region", zone="Asia/Kolkata", version="1", base="china")
    registry = replace(hall(), orgs=two_calendars(), calendars=(CHINA, urumqi))
    accepted = event("Accepted", "2026-03-03 01:00", org="region org")
    fold = judged([accepted], "2026-03-03 02:00", registry)
    assert text(run_of(fold, "promise").due_ms) == "03-11 20:30"


def test_the_hours_of_the_accepting_site_count_for_acceptance() -> None:
    registry = with_site(hall(), SHORT)
    applied = event("Applied", "2026-03-02 10:00", site="site")
    assert dues(judged([applied], "2026-03-02 11:00", registry)) == {"acceptance": "03-09 15:00"}


def test_the_hours_of_the_accepting_site_count_for_instant_cases_and_not_for_the_promise() -> None:
    accepted = event("Accepted", "2026-03-02 10:00", site="site")
    instant = with_site(hall(case_class="instant"), SHORT)
    assert dues(judged([accepted], "2026-03-02 11:00", instant)) == {"instant": "03-02 15:00"}
    assert dues(judged([accepted], "2026-03-02 11:00", with_site(hall(7, None), SHORT))) == {"promise": "03-11 18:00"}


def test_accepted_elsewhere_with_entry_accept_starts_the_handling_clocks() -> None:
    accepted = event("Accepted", "2026-03-02 10:00", entry="accept")
    assert dues(judged([accepted], "2026-03-02 11:00")) == {"promise": "03-11 18:00", "statutory": "03-16 18:00"}


def test_collected_elsewhere_starts_the_acceptance_clock_when_the_handling_org_receives_the_file() -> None:
    collected = event("Accepted", "2026-03-02 10:00", entry="collect")
    received = event("Applied", "2026-03-05 10:00")
    fold = judged([collected, received], "2026-03-05 11:00")
    assert dues(fold) == {"acceptance": "03-12 18:00"}
    assert found(fold) == []
