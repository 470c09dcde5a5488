from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import msgspec
import pytest

import deploy
from deploy.demo.case_plan import CasePlan
from deploy.demo.counting import dues_of
from deploy.demo.office import Office
from deploy.demo.planning import Planner
from streams.registry.loading import load_hall
from streams.registry.registry import HallRegistry

HALL = load_hall(Path(deploy.__file__).parent / "halls" / "pingliang")
OFFICE = Office(HALL)
DAY = date(2026, 11, 23)


def planned(seed: int, cases: int = 250) -> list[CasePlan]:
    planner = Planner(HALL, OFFICE, Random(seed), [DAY])
    return [planner.plan(number) for number in range(1, cases + 1)]


def test_one_seed_gives_one_plan_and_another_seed_another() -> None:
    assert planned(1, 40) == planned(1, 40)
    assert planned(1, 40) != planned(2, 40)


def test_every_case_is_received_accepted_and_stopped_in_this_order() -> None:
    for plan in planned(3):
        assert plan.applied_ms < plan.accepted_ms
        assert plan.stopped_ms is None or plan.settled_ms() < plan.stopped_ms
        if plan.supplement is not None:
            assert plan.applied_ms < plan.supplement.from_ms < plan.supplement.to_ms < plan.accepted_ms


def test_case_numbers_carry_hall_and_date_and_are_unique() -> None:
    plans = planned(4)
    assert len({plan.case_no for plan in plans}) == len(plans)
    assert all(plan.case_no.startswith(f"pingliang/{OFFICE.day_of(plan.applied_ms):%Y%m%d}-") for plan in plans)


def test_every_mechanism_and_every_kind_of_end_occurs() -> None:
    plans = planned(5, 600)
    assert any(plan.correction for plan in plans)
    assert any(plan.suspension for plan in plans)
    assert any(plan.extension for plan in plans)
    assert any(plan.supplement for plan in plans)
    assert Counter(plan.result for plan in plans).keys() >= {"granted", "refused", "done", "withdrawn"}


def test_windows_belong_to_the_zone_of_the_org() -> None:
    for plan in planned(6):
        org, site = HALL.org(plan.item.org), HALL.site(plan.site)
        assert org is not None
        assert site is not None
        assert org.site == site.code
        assert 1 <= int(plan.window.removeprefix(f"{site.code}-")) <= site.windows


def test_many_promises_end_on_the_shown_day() -> None:
    dues = [dues_of(plan, OFFICE).promise_ms for plan in planned(7, 400) if plan.item.case_class != "instant"]
    assert sum(due is not None and OFFICE.day_of(due) == DAY for due in dues) >= 20


def test_a_hall_without_items_in_simulated_units_is_refused() -> None:
    months = [msgspec.structs.replace(item, promise=None) for item in HALL.items]
    hall = HallRegistry(hall=HALL.hall, orgs=HALL.orgs, items=tuple(months), hours=HALL.hours, calendars=HALL.calendars)
    with pytest.raises(ValueError, match="no items that can be simulated"):
        Planner(hall, OFFICE, Random(1), [DAY])
