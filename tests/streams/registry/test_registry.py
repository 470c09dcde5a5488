from streams.contracts.finding import Level
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import (
    CalendarData,
    Feed,
    Hall,
    HoursData,
    Item,
    Org,
    Person,
    Policy,
    Route,
    RuleSetting,
    Site,
)

DAY = ("09:00-17:00",)
HALL = HallRegistry(
    hall=Hall(code="h", name_zh="大厅", zone="UTC", calendar="week", hours="day", policy="plain"),
    orgs=(
        Org(code="tax", name_zh="税务局", chief_representative="p1"),
        Org(code="late", name_zh="夜间局", calendar="every", hours="night", chief_representative="nobody"),
    ),
    sites=(
        Site(code="hall", name_zh="大厅"),
        Site(code="market", name_zh="市场", hours="night"),
        Site(code="stall", name_zh="摊位", parent="market"),
        Site(code="a", name_zh="甲", parent="b"),
        Site(code="b", name_zh="乙", parent="a"),
    ),
    people=(
        Person(code="p1", name="陈一", org="tax"),
        Person(code="p2", name="林二", org="tax", role="section_head"),
        Person(code="p3", name="周三", role="section_head"),
        Person(code="p4", name="吴四", role="supervision"),
        Person(code="p5", name="郑五", role="supervision"),
    ),
    items=(Item(code="i1", name_zh="许可", org="tax", policy="strict"), Item(code="i2", name_zh="登记", org="tax")),
    policies=(Policy(code="plain"), Policy(code="strict", correction="pause")),
    calendars=(
        CalendarData(code="week", zone="UTC", version="1"),
        CalendarData(code="every", zone="UTC", version="1", base="none"),
    ),
    hours=(
        HoursData(code="day", weekdays=dict.fromkeys(range(1, 6), DAY)),
        HoursData(code="night", weekdays={1: ("18:00-22:00",)}),
    ),
    feeds=(Feed(name="approvals"),),
    routes=(
        Route(code="red", levels=("red",), roles=("supervision",)),
        Route(code="tax", org="tax", levels=("yellow", "red")),
        Route(code="rest", levels=("yellow",), roles=("section_head",)),
    ),
    rules=(
        RuleSetting(rule="TIME-01", parameters={"days": 1}),
        RuleSetting(rule="TIME-01", org="tax", parameters={"days": 2}),
        RuleSetting(rule="TIME-01", item="i1", parameters={"days": 3}),
        RuleSetting(rule="TIME-01", org="tax", item="i1", enabled=False),
    ),
)


def test_codes_lead_to_their_parts_and_unknown_codes_to_nothing() -> None:
    item, org, site, person, feed = (
        HALL.item("i1"),
        HALL.org("tax"),
        HALL.site("stall"),
        HALL.person("p3"),
        HALL.feed("approvals"),
    )
    assert item is not None
    assert item.name_zh == "许可"
    assert org is not None
    assert org.name_zh == "税务局"
    assert site is not None
    assert site.name_zh == "摊位"
    assert person is not None
    assert person.name == "周三"
    assert feed is not None
    assert feed.way == "push"
    assert [HALL.item("x"), HALL.org("x"), HALL.site("x"), HALL.person("x"), HALL.feed("x")] == [None] * 5


def test_an_org_without_a_calendar_of_its_own_has_the_halls() -> None:
    assert HALL.calendar_of("tax") is HALL.calendar_of("unknown")
    assert HALL.calendar_of("tax") is HALL.calendar_of("")


def test_an_org_with_its_own_calendar_and_hours_has_those() -> None:
    assert HALL.calendar_of("late") is not HALL.calendar_of("tax")
    assert HALL.calendar_of("late") is HALL.calendar_of("late")


def test_a_site_takes_the_nearest_hours_above_it() -> None:
    assert HALL.calendar_of_site("stall") is HALL.calendar_of_site("market")
    assert HALL.calendar_of_site("stall") is not HALL.calendar_of_site("hall")
    assert HALL.calendar_of_site("hall") is HALL.calendar_of("")
    assert HALL.calendar_of_site("unknown") is HALL.calendar_of("")


def test_a_ring_of_sites_ends_with_the_halls_hours() -> None:
    assert HALL.calendar_of_site("a") is HALL.calendar_of("")


def test_an_items_policy_wins_over_the_halls() -> None:
    assert HALL.policy_of(HALL.item("i1")).correction == "pause"
    assert HALL.policy_of(HALL.item("i2")).code == "plain"
    assert HALL.policy_of(None).code == "plain"


def test_the_most_exact_rule_setting_wins() -> None:
    def days(org: str, item: str) -> object:
        setting = HALL.rule_setting("TIME-01", org, item)
        assert setting is not None
        return setting.parameters.get("days")

    assert days("late", "i2") == 1
    assert days("tax", "i2") == 2
    assert days("late", "i1") == 3
    exact = HALL.rule_setting("TIME-01", "tax", "i1")
    assert exact is not None
    assert not exact.enabled
    assert HALL.rule_setting("TIME-02", "tax", "i1") is None


def test_the_first_route_that_matches_is_taken() -> None:
    def route(level: Level, org: str) -> str | None:
        found = HALL.route_of(level, org)
        return found.code if found is not None else None

    assert route("red", "tax") == "red"
    assert route("yellow", "tax") == "tax"
    assert route("yellow", "late") == "rest"
    assert route("warn", "tax") is None


def test_the_chief_representative_is_whom_the_org_names() -> None:
    assert [person.name for person in HALL.people_with_role("chief_representative", "tax")] == ["陈一"]
    assert HALL.people_with_role("chief_representative", "late") == ()
    assert HALL.people_with_role("chief_representative", "unknown") == ()


def test_other_roles_are_held_by_the_orgs_own_people_else_by_the_halls() -> None:
    def names(role: str, org: str) -> list[str]:
        return [person.name for person in HALL.people_with_role(role, org)]

    assert names("section_head", "tax") == ["林二"]
    assert names("section_head", "late") == ["周三"]
    assert names("supervision", "tax") == ["吴四", "郑五"]
    assert names("leader", "tax") == []


def test_a_subject_belongs_to_the_hall_before_the_slash() -> None:
    registry = Registry("v1", {"h": HALL})
    assert registry.hall_of("h/2026/17") is HALL
    assert registry.hall_of("other/17") is None
    assert Registry().hall_of("h/1") is None


def test_a_feed_is_found_in_whichever_hall_declares_it() -> None:
    registry = Registry("v1", {"h": HALL})
    assert registry.feed("approvals") is HALL.feed("approvals")
    assert registry.feed("x") is None
