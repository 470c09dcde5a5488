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


def test_rules_of_one_ladder_are_one_group_and_the_others_stand_alone() -> None:
    groups = {group.name: [rule.id for rule in group.rules] for group in Knowledge(HALL, RULES).groups("org", "x")}
    assert groups["handling"] == ["TIME-01", "TIME-02"]
    assert groups["TIME-05"] == ["TIME-05"]


def test_a_rule_that_is_switched_off_for_an_item_is_silent_there() -> None:
    off = with_rules(RuleSetting(rule="TIME-02", item="licence", enabled=False))
    events = [event("Accepted", "2018-10-15 10:00")]
    assert [level for level, _ in found(judged(events, "2018-11-30 00:00", off))] == ["warn", "yellow"]
    assert [level for level, _ in found(judged(events, "2018-11-30 00:00"))] == ["warn", "yellow", "red"]


def test_an_event_touches_only_the_groups_it_can_affect() -> None:
    knowledge = Knowledge(HALL, RULES)
    assert {group.name for group in knowledge.touched("org", "licence", "finished")} >= {"handling", "TIME-05"}
    assert {group.name for group in knowledge.touched("org", "licence", "step_started")} == {"TIME-03"}
    assert knowledge.touched("org", "licence", "material") == ()


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
