from datetime import datetime

from streams.calendar.building import build_calendar
from streams.contracts.finding import LEVELS
from streams.contracts.instants import from_ms, to_ms
from streams.limits.clock_run import ClockRun, Skip
from streams.limits.ladder import deal, deal_own
from streams.limits.reckoning import due_of
from streams.registry.snapshot import CalendarData, HoursData, Policy

CHINA = build_calendar(
    CalendarData(code="cn", zone="Asia/Shanghai", version="1", base="china"),
    HoursData(code="h", weekdays=dict.fromkeys(range(1, 6), ("08:30-12:00", "13:30-18:00"))),
)
POLICY = Policy(code="p")
ZONE = CHINA.midnights.zone


def run(name: str, amount: int, *skips: Skip) -> ClockRun:
    start = to_ms(datetime(2018, 10, 15, 10, tzinfo=ZONE))
    clock = ClockRun(name, "working_days", amount, start, skips=list(skips))  # type: ignore[arg-type]
    clock.due_ms = due_of(CHINA, clock, POLICY)
    return clock


def cards(*clocks: ClockRun | None) -> list[tuple[str, str, str]]:
    return [
        (clock.name, LEVELS[level], from_ms(at_ms).astimezone(ZONE).strftime("%m-%d %H:%M"))
        for clock in clocks
        if clock is not None
        for at_ms, level in clock.cards
    ]


def dealt(promise: ClockRun | None, statutory: ClockRun | None, policy: Policy = POLICY) -> list[tuple[str, str, str]]:
    deal(CHINA, policy, promise, statutory)
    return cards(promise, statutory)


def test_two_limits_warn_before_the_promise_yellow_over_it_red_over_the_law() -> None:
    assert dealt(run("promise", 7), run("statutory", 10)) == [
        ("promise", "warn", "10-22 08:30"),
        ("promise", "yellow", "10-24 18:00"),
        ("statutory", "red", "10-29 18:00"),
    ]


def test_without_a_statutory_limit_yellow_is_the_highest() -> None:
    assert [level for _, level, _ in dealt(run("promise", 7), None)] == ["warn", "yellow"]


def test_without_a_promise_the_statutory_limit_warns_and_then_is_red() -> None:
    assert dealt(None, run("statutory", 10)) == [
        ("statutory", "warn", "10-25 08:30"),
        ("statutory", "red", "10-29 18:00"),
    ]


def test_a_promise_that_is_not_shorter_than_the_law_warns_and_then_is_red() -> None:
    assert [level for _, level, _ in dealt(run("promise", 10), run("statutory", 10))] == ["warn", "red"]


def test_other_ladders_fall_back_on_the_statutory_limit_where_there_is_no_promise() -> None:
    near = Policy(code="p", ladder="near_due")
    assert dealt(None, run("statutory", 10), near) == [
        ("statutory", "yellow", "10-25 08:30"),
        ("statutory", "red", "10-29 18:00"),
    ]


def test_a_clock_that_waits_gets_no_card_after_the_wait_began() -> None:
    notice = to_ms(datetime(2018, 10, 23, 10, tzinfo=ZONE))
    waiting = run("promise", 7, Skip(notice, "waiting", "e"))
    assert [level for _, level, _ in dealt(waiting, None)] == ["warn"]


def test_a_special_procedure_warns_two_days_before_and_is_red_a_day_over() -> None:
    clock = run("special_procedure", 5)
    deal_own(CHINA, clock)
    assert cards(clock) == [
        ("special_procedure", "warn", "10-18 08:30"),
        ("special_procedure", "yellow", "10-22 18:00"),
        ("special_procedure", "red", "10-23 18:00"),
    ]


def test_a_special_procedure_of_a_day_warns_in_the_morning_of_that_day() -> None:
    clock = run("special_procedure", 1)
    deal_own(CHINA, clock)
    assert cards(clock)[0] == ("special_procedure", "warn", "10-16 08:30")


def test_an_instant_case_has_no_warning() -> None:
    clock = run("instant", 1)
    deal_own(CHINA, clock)
    assert [level for _, level, _ in cards(clock)] == ["yellow"]
