from collections import defaultdict
from datetime import date
from pathlib import Path

import msgspec
import pytest

import deploy
import streams.rules
from deploy.demo.hall_day import HallDay, TakenOn, hall_day
from deploy.demo.office import Office
from streams.contracts.case_event import CaseEvent
from streams.contracts.finding import LEVELS, Level
from streams.parts import find_parts
from streams.processes.case.judge import judge
from streams.processes.case.knowledge import Knowledge
from streams.registry.loading import load_hall
from streams.registry.registry import HallRegistry
from streams.rule import Rule

HALL = load_hall(Path(deploy.__file__).parent / "halls" / "pingliang")
DAY = date(2026, 11, 23)


def told_by_judge(script: HallDay) -> dict[str, dict[Level, int]]:
    """Since when each level is true first, by case, as the judge of the product finds it."""
    knowledge = Knowledge(HALL, find_parts(streams.rules, "RULE", Rule))
    events: dict[str, list[CaseEvent]] = defaultdict(list)
    for entry in script.entries:
        if not isinstance(entry.event, TakenOn):
            events[entry.event.case_no].append(entry.event)
    found: dict[str, dict[Level, int]] = {}
    for case_no, sent in events.items():
        spans = [
            (span.raised_ms, LEVELS[span.level])
            for finding in judge(case_no, sent, knowledge, script.ends_ms).findings
            if finding.clock in ("promise", "statutory", "instant")
            for span in finding.spans
        ]
        for raised_ms, level in sorted(spans):
            found.setdefault(case_no, {}).setdefault(level, raised_ms)
    return found


def planted(script: HallDay) -> dict[str, dict[Level, int]]:
    return {case_no: {card.level: card.at_ms for card in cards} for case_no, cards in script.truth.cards.items()}


@pytest.mark.parametrize(
    ("seed", "day", "days"),
    [(1, DAY, 1), (2, DAY, 1), (3, date(2026, 10, 9), 1), (4, date(2026, 2, 24), 1), (5, date(2026, 9, 21), 30)],
)
def test_the_judge_finds_exactly_the_cards_that_were_planted(seed: int, day: date, days: int) -> None:
    script = hall_day(HALL, seed, day, 250, days)
    assert told_by_judge(script) == planted(script)


def test_the_same_arguments_give_the_same_script() -> None:
    assert hall_day(HALL, 1, DAY, 60) == hall_day(HALL, 1, DAY, 60)
    assert hall_day(HALL, 1, DAY, 60).entries != hall_day(HALL, 2, DAY, 60).entries


def test_the_script_is_sorted_and_ends_where_it_says() -> None:
    script = hall_day(HALL, 1, DAY, 200)
    times = [entry.at_ms for entry in script.entries]
    assert times == sorted(times)
    assert times[0] < script.begins_ms < times[-1] <= script.ends_ms


def test_a_day_has_lateness_of_every_level_and_mostly_none() -> None:
    script = hall_day(HALL, 1, DAY, 300)
    levels = list(script.truth.highest.values())
    assert {"warn", "yellow", "red"} <= set(levels)
    assert len(script.truth.overdue) < 0.25 * len(script.plans)


def test_cards_come_up_during_the_shown_day_at_the_opening_in_between_and_at_the_close() -> None:
    script, office = hall_day(HALL, 1, DAY, 300), Office(HALL)
    live = [card.at_ms for cards in script.truth.cards.values() for card in cards if card.at_ms >= script.begins_ms]
    assert office.opening(DAY) in live
    assert office.closing(DAY) + 1 in live
    assert any(office.opening(DAY) < at_ms < office.closing(DAY) for at_ms in live)


def test_alerts_are_taken_on_by_the_chief_representative_after_they_came_and_while_the_case_is_open() -> None:
    script = hall_day(HALL, 1, DAY, 400)
    plans = {plan.case_no: plan for plan in script.plans}
    taken = [(entry.at_ms, entry.event) for entry in script.entries if isinstance(entry.event, TakenOn)]
    assert taken
    for at_ms, event in taken:
        plan, cards = plans[event.case_no], {card.level: card.at_ms for card in script.truth.cards[event.case_no]}
        assert script.begins_ms <= cards[event.level] < at_ms < event.done_by_ms
        assert plan.stopped_ms is None or at_ms < plan.stopped_ms
        assert event.person == f"{plan.item.org}-1"


def test_a_free_day_shows_the_next_working_day() -> None:
    assert hall_day(HALL, 1, date(2026, 10, 3), 20).begins_ms == hall_day(HALL, 1, date(2026, 10, 8), 20).begins_ms


def test_thirty_days_end_on_the_last_working_day_among_them() -> None:
    script, office = hall_day(HALL, 1, date(2026, 9, 1), 50, days=30), Office(HALL)
    assert office.day_of(script.begins_ms) == date(2026, 9, 1)
    assert office.day_of(script.ends_ms) == date(2026, 9, 30)


def test_a_hall_without_a_push_feed_is_refused() -> None:
    feeds = tuple(msgspec.structs.replace(feed, way="file") for feed in HALL.feeds)
    hall = HallRegistry(hall=HALL.hall, orgs=HALL.orgs, items=HALL.items, feeds=feeds)
    with pytest.raises(ValueError, match="no push feed"):
        hall_day(hall, 1, DAY, 5)
