from collections import Counter
from pathlib import Path

import pytest

import deploy.halls
from streams.registry.loading import check_hall, load_hall
from streams.registry.registry import HallRegistry, Registry
from streams.registry.versions import combine, from_parts, to_parts

FOLDER = Path(next(iter(deploy.halls.__path__)))
HALLS = sorted(folder.name for folder in FOLDER.iterdir() if (folder / "hall.yaml").exists())


@pytest.fixture(scope="module")
def pingliang() -> HallRegistry:
    return load_hall(FOLDER / "pingliang")


def test_the_shipped_halls_are_known() -> None:
    assert HALLS == ["boston", "pingliang", "wabo"]


@pytest.mark.parametrize("name", HALLS)
def test_a_shipped_hall_has_no_problem_and_bears_its_folders_name(name: str) -> None:
    assert check_hall(FOLDER / name) == []
    assert load_hall(FOLDER / name).hall.code == name


def test_all_shipped_halls_live_in_one_registry_and_survive_being_cut_into_parts() -> None:
    registry = Registry()
    for name in HALLS:
        registry = combine(registry, load_hall(FOLDER / name))
    manifest, parts = to_parts(registry, 0)
    assert from_parts(manifest, parts) == registry


def test_pingliang_has_90_orgs_of_three_kinds_pl_07(pingliang: HallRegistry) -> None:
    assert Counter(org.org_kind for org in pingliang.orgs) == {"city": 39, "district": 31, "social": 20}


def test_pingliang_has_16_zones_on_four_floors_pl_15_and_385_windows_pl_16(pingliang: HallRegistry) -> None:
    zones = [site for site in pingliang.sites if site.parent]
    assert Counter(site.floor for site in zones) == {"1": 6, "2": 3, "3": 5, "4": 2}
    assert sum(site.windows for site in zones) == 385


def test_pingliang_enters_19_7_and_10_orgs_in_the_ways_of_pl_13(pingliang: HallRegistry) -> None:
    modes = Counter(org.entry_mode for org in pingliang.orgs)
    assert (modes[2], modes[3], modes[4], modes[5]) == (19, 7, 10, 20)


def test_every_org_of_pingliang_has_a_chief_representative_pl_12(pingliang: HallRegistry) -> None:
    assert all(pingliang.people_with_role("chief_representative", org.code) for org in pingliang.orgs)


def test_every_level_of_pingliang_is_told_to_somebody(pingliang: HallRegistry) -> None:
    for level in ("notice", "warn", "yellow", "red"):
        route = pingliang.route_of(level, "C01")
        assert route is not None
        assert all(pingliang.people_with_role(role, "C01") for role in route.roles)


def test_promises_of_pingliang_are_never_longer_than_the_law_in_the_same_unit(pingliang: HallRegistry) -> None:
    for item in pingliang.items:
        if item.promise and item.statutory and item.promise.unit == item.statutory.unit:
            assert item.promise.amount < item.statutory.amount, item.code


def test_bostons_seven_types_have_the_limits_that_the_citys_deadlines_show() -> None:
    boston = load_hall(FOLDER / "boston")
    limits = {item.code: item.promise for item in boston.items}
    assert {limit.unit for limit in limits.values() if limit} == {"office_days"}
    assert {code: limit.amount for code, limit in limits.items() if limit} == {
        "Building Inspection Request": 3,
        "CE Collection": 1,
        "General Comments For a Program or Policy": 10,
        "Sign Repair": 10,
        "Street Light Outages": 10,
        "Electrical": 5,
        "Pick up Dead Animal": 1,
    }


@pytest.mark.parametrize("name", HALLS)
def test_every_calendar_of_a_shipped_hall_can_be_built(name: str) -> None:
    hall = load_hall(FOLDER / name)
    assert {hall.calendar_of(org.code).version for org in hall.orgs} <= {data.version for data in hall.calendars}
    assert hall.calendar_of_site("").code == hall.hall.calendar
