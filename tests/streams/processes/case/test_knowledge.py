import msgspec

from streams.contracts.case_event import CaseClass
from streams.processes.case.knowledge import Knowledge
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import RuleSetting, Site
from tests.streams.processes.case.cases import RULES, event, found, hall, judged

HALL = hall()


def with_rules(*settings: RuleSetting) -> HallRegistry:
    return HallRegistry(
        hall=HALL.hall,
        orgs=HALL.orgs,
        items=HALL.items,
        policies=HALL.policies,
        calendars=HALL.calendars,
        hours=HALL.hours,
        rules=settings,
    )


def test_a_rule_that_is_switched_off_for_an_item_is_silent_there() -> None:
    off = with_rules(RuleSetting(rule="TIME-02", item="licence", enabled=False))
    events = [event("Accepted", "2018-10-15 10:00")]
    assert [level for level, _ in found(judged(events, "2018-11-30 00:00", off))] == ["warn", "yellow"]
    assert [level for level, _ in found(judged(events, "2018-11-30 00:00"))] == ["warn", "yellow", "red"]


def test_orgs_and_items_with_the_same_rules_share_their_groups() -> None:
    knowledge = Knowledge(with_rules(RuleSetting(rule="TIME-02", item="licence", enabled=False)), RULES)
    assert knowledge.groups("org", "a") is knowledge.groups("other", "b")
    assert knowledge.groups("org", "licence") is not knowledge.groups("org", "a")


def test_limits_and_policy_come_from_what_was_bound_and_calendars_from_the_newest() -> None:
    newest = hall(1, 2, calendar=msgspec.structs.replace(HALL.calendars[0], version="2"))
    knowledge = Knowledge(newest, RULES, bound=HALL)
    item = knowledge.item("licence")
    assert item is not None
    assert item.promise is not None
    assert item.promise.amount == 7
    assert knowledge.calendar("org").version == "2"


def test_acceptance_and_instant_clocks_run_by_the_accepting_sites_hours() -> None:
    instant: CaseClass = "instant"
    registry = HallRegistry(
        hall=HALL.hall,
        items=hall(case_class=instant).items,
        policies=HALL.policies,
        calendars=HALL.calendars,
        hours=(*HALL.hours, msgspec.structs.replace(HALL.hours[0], code="late", weekdays={1: ("08:30-20:00",)})),
        sites=(Site(code="street", name_zh="街道", hours="late"),),
    )
    knowledge = Knowledge(registry, RULES)
    monday = knowledge.calendar("org").day_of(1_772_416_800_000)
    closings = [
        knowledge.calendar_for(clock, "org", "street").closing_of(monday) - knowledge.calendar("org").start_of(monday)
        for clock in ("instant", "acceptance", "promise", "delivery")
    ]
    assert closings == [20 * 3_600_000, 20 * 3_600_000, 18 * 3_600_000, 18 * 3_600_000]
