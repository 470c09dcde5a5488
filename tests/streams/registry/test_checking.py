from dataclasses import replace
from datetime import date

import pytest

from streams.contracts.case_event import LimitUnit
from streams.limits.limit import Limit
from streams.registry.checking import check_sheets
from streams.registry.files import FILES, Sheet
from streams.registry.placed import Placed
from streams.registry.problem import Notes
from streams.registry.snapshot import CalendarData, Hall, HoursData, Item, Org, Person, Policy


def sheets(**parts: list[object]) -> dict[str, Sheet]:
    made = {hall_file.holds: Sheet(Notes(hall_file.file)) for hall_file in FILES}
    for kind, held in parts.items():
        for line, part in enumerate(held, start=2):
            made[kind].parts.append(Placed(part, line, {}))
            made[kind].names[getattr(part, "code", "")] = line
    return made


def found(made: dict[str, Sheet]) -> list[tuple[str, int, str]]:
    check_sheets(made, None)
    return [(p.file, p.line, p.field) for sheet in made.values() for p in sheet.notes.problems]


def test_parts_that_fit_together_are_let_pass() -> None:
    org = Org(code="tax", name_zh="税务局", chief_representative="p1")
    assert found(sheets(orgs=[org], people=[Person(code="p1", name="陈一", org="tax")])) == []


def test_a_reference_to_nothing_is_noted_where_it_stands() -> None:
    made = sheets(items=[Item(code="i1", name_zh="许可", org="gone", policy="lost")])
    made["items"].parts[0] = replace(made["items"].parts[0], lines={"policy": 9})
    assert found(made) == [("items.csv", 2, "org"), ("items.csv", 9, "policy")]


def test_an_org_without_a_chief_representative_is_noted_pl_12() -> None:
    assert found(sheets(orgs=[Org(code="tax", name_zh="税务局")])) == [("orgs.csv", 2, "chief_representative")]


def test_a_hall_needs_calendar_hours_and_policy_that_exist() -> None:
    hall = Hall(code="h", name_zh="大厅", calendar="a", hours="b", policy="c")
    assert [field for _, _, field in found(sheets(hall=[hall]))] == ["calendar", "hours", "policy"]


def test_a_statutory_limit_in_opening_time_is_for_the_profile_that_counts_so() -> None:
    item = Item(code="i1", name_zh="许可", policy="p", statutory=Limit(amount=10, unit="office_days"))
    plain, hunan = Policy(code="p"), Policy(code="p", profile="hunan")
    assert found(sheets(items=[item], policies=[plain])) == [("items.csv", 2, "statutory")]
    assert found(sheets(items=[item], policies=[hunan])) == []


def test_the_hours_of_every_season_are_looked_at() -> None:
    since: dict[date, dict[int, tuple[str, ...]]] = {date(2026, 6, 1): {9: ("08:00-12:00",), 1: ("8-12",)}}
    hours = HoursData(code="h", weekdays={1: ("08:30-12:00",)}, since=since)
    fields = [field for _, _, field in found(sheets(hours=[hours]))]
    assert fields == ["since.2026-06-01", "since.2026-06-01.1"]


def test_a_policy_whose_clocks_could_never_be_kept_is_refused() -> None:
    policy = Policy(code="p", acceptance_days=0, first_review_days=-3, delivery_days=0)
    assert [field for _, _, field in found(sheets(policies=[policy]))] == [
        "acceptance_days",
        "first_review_days",
        "delivery_days",
    ]
    assert found(sheets(policies=[Policy(code="p", acceptance_days=1, first_review_days=20, delivery_days=1)])) == []


def test_a_first_review_of_more_than_twenty_days_is_refused() -> None:
    assert [field for _, _, field in found(sheets(policies=[Policy(code="p", first_review_days=21)]))] == [
        "first_review_days"
    ]


def test_hours_that_never_open_are_refused() -> None:
    assert [field for _, _, field in found(sheets(hours=[HoursData(code="h", weekdays={})]))] == ["weekdays"]
    assert [field for _, _, field in found(sheets(hours=[HoursData(code="h", weekdays={1: ()})]))] == ["weekdays"]


@pytest.mark.parametrize(
    ("unit", "most"), [("working_days", 2500), ("calendar_months", 120), ("clock_hours", 3653 * 24)]
)
def test_a_limit_of_more_than_ten_years_is_refused(unit: LimitUnit, most: int) -> None:
    limits = [Limit(amount=amount, unit=unit) for amount in (most, most + 1)]
    items = [Item(code=f"i{limit.amount}", name_zh="许可", promise=limit, steps={"审查": limit}) for limit in limits]
    assert found(sheets(items=list(items))) == [("items.csv", 3, "promise"), ("items.csv", 3, "steps")]


def test_a_calendar_that_begins_behind_what_is_published_is_refused() -> None:
    begins = [
        CalendarData(code=base, zone="Asia/Shanghai", version="1", base=base, known_from=date(2048, 1, 1))
        for base in ("china", "weekend")
    ]
    assert found(sheets(calendars=list(begins))) == [("calendars.yaml", 2, "known_from")]
