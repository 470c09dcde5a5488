from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from streams.registry.difference import ALWAYS, EVERYTHING, SAME, difference, first_differing_day
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Feed, Item, Org, Policy, RuleSetting
from tests.streams.registry.test_registry import HALL

DAY = date(2026, 11, 24)


def _with(part: str, at: int, **changes: Any) -> HallRegistry:
    """The hall with one of its parts changed."""
    parts = list(getattr(HALL, part))
    parts[at] = msgspec.structs.replace(parts[at], **changes)
    changed: dict[str, Any] = {part: tuple(parts)}
    return replace(HALL, **changed)


def test_equal_halls_do_not_differ() -> None:
    found = difference(HALL, replace(HALL))
    assert not any(found.items.values())
    assert {*found.orgs.values(), *found.sites.values(), found.other_org, found.other_site} == {SAME}
    assert not found.other_item


def test_a_free_day_differs_from_that_day_on_for_those_who_work_by_that_calendar() -> None:
    found = difference(HALL, _with("calendars", 0, free={DAY: "shut"}))
    assert found.orgs == {"tax": DAY.toordinal(), "late": SAME}
    assert set(found.sites.values()) == {found.other_org} == {found.other_site} == {DAY.toordinal()}


def test_hours_of_one_day_differ_on_that_day_for_the_sites_that_keep_them() -> None:
    found = difference(HALL, _with("hours", 1, days={DAY: ("18:00-19:00",)}))
    assert found.sites == {"hall": SAME, "market": DAY.toordinal(), "stall": DAY.toordinal(), "a": SAME, "b": SAME}
    assert found.orgs == {"tax": SAME, "late": DAY.toordinal()}


def test_days_that_are_now_published_differ_from_the_first_of_them_on() -> None:
    unsure = _with("calendars", 0, unknown_from=DAY)
    assert difference(unsure, HALL).orgs["tax"] == DAY.toordinal()


def test_a_calendar_that_is_known_from_another_day_differs_from_the_earlier_one_on() -> None:
    assert difference(_with("calendars", 0, known_from=DAY), HALL).orgs["tax"] < DAY.toordinal()


@pytest.mark.parametrize(("part", "change"), [("calendars", {"zone": "Asia/Shanghai"})])
def test_another_zone_differs_on_every_day(part: str, change: dict[str, str]) -> None:
    assert difference(HALL, _with(part, 0, **change)).orgs["tax"] == ALWAYS


def test_an_items_limits_and_its_policy_belong_to_the_item_and_its_name_does_not() -> None:
    assert difference(HALL, _with("items", 0, document=True)).items == {"i1": True, "i2": False}
    assert difference(HALL, _with("policies", 1, delivery_days=3)).items == {"i1": True, "i2": False}
    assert difference(HALL, _with("items", 0, name_zh="新名")).items == {"i1": False, "i2": False}
    found = difference(HALL, _with("policies", 0, delivery_days=3))
    assert (found.items, found.other_item) == ({"i1": False, "i2": True}, True)


def test_an_item_or_an_org_that_is_new_or_gone_differs() -> None:
    more = replace(
        HALL,
        items=(*HALL.items, Item(code="i3", name_zh="新")),
        orgs=(*HALL.orgs, Org(code="new", name_zh="新局")),
    )
    for found in (difference(HALL, more), difference(more, HALL)):
        assert (found.items["i3"], found.orgs["new"]) == (True, ALWAYS)


def test_a_private_network_differs_always() -> None:
    assert difference(HALL, _with("orgs", 0, private_network=True)).orgs == {"tax": ALWAYS, "late": SAME}
    assert difference(HALL, _with("orgs", 0, name_zh="新名", chief_representative="p2")).orgs["tax"] == SAME


@pytest.mark.parametrize(
    "other",
    [replace(HALL, rules=(RuleSetting(rule="TIME-01"),)), replace(HALL, feeds=(Feed(name="approvals", way="file"),))],
)
def test_other_rules_or_feeds_touch_everything(other: HallRegistry) -> None:
    assert difference(HALL, other) is EVERYTHING


def test_people_routes_and_unused_policies_touch_nothing() -> None:
    other = replace(HALL, people=(), routes=(), policies=(*HALL.policies, Policy(code="spare")))
    found = difference(HALL, other)
    assert not any(found.items.values())
    assert set(found.orgs.values()) == {SAME}


def test_a_calendar_does_not_differ_from_itself() -> None:
    calendar = HALL.calendar_of("tax")
    assert first_differing_day(calendar, calendar) == SAME
