from datetime import UTC, date, datetime, timedelta
from typing import Any

from dashboards.wall.questions import QUESTIONS, Asked, midnight, wall_figures
from streams.contracts.instants import to_ms

NOON = datetime(2015, 3, 8, 12, tzinfo=UTC)


def asked(zone: str = "Asia/Shanghai", now: datetime = NOON) -> Asked:
    return Asked("pl", zone, to_ms(now), {"b": 5, "a": None}, frozenset({"a"}), 12, 30)


def test_the_day_is_the_halls_and_an_hour_short_when_its_clocks_change() -> None:
    given = asked("America/New_York").parameters()
    assert given["day_start"] == datetime(2015, 3, 8, 5, tzinfo=UTC)
    assert given["day_end"] == datetime(2015, 3, 9, 4, tzinfo=UTC)
    assert midnight(date(2015, 3, 8), "Asia/Shanghai") == datetime(2015, 3, 7, 16, tzinfo=UTC)


def test_the_last_moment_of_a_day_still_belongs_to_it() -> None:
    start = midnight(date(2015, 3, 8), "Asia/Shanghai")
    for now in (start, start + timedelta(days=1, milliseconds=-1)):
        given = asked(now=now).parameters()
        assert (given["day_start"], given["day_end"]) == (start, start + timedelta(days=1))


def test_a_feed_of_which_nothing_is_known_is_complete_up_to_no_instant() -> None:
    given = asked().parameters()
    assert dict(zip(given["feeds"], given["horizons"], strict=True)) == {"a": "0", "b": "5"}


def test_answers_become_figures_in_the_order_of_the_questions() -> None:
    answers: dict[int, list[tuple[Any, ...]]] = {
        0: [(9, 2, 1, 3, 4)],
        1: [("red", 3)],
        2: [
            ("pl/1", "shop", "amr", "promise", "", 77, "", 0, 50),
            ("pl/2", "", "", "promise", "", 78, "", 0, to_ms(NOON)),
        ],
        3: [("a1", "pl/1", "shop", "amr", "red", "told", "红牌", "Red", 66)],
        4: [("pl", "amr", 9, 0, 1, 2, 3)],
    }
    figures = wall_figures(asked(), [answers[number] for number in range(len(QUESTIONS))])
    assert (figures.open_cases, figures.accepted_today, figures.finished_today) == (9, 2, 1)
    assert (figures.overdue, figures.due_today, figures.levels) == (3, 4, {"red": 3})
    (due, live), (alert,), (org,) = figures.due, figures.alerts, figures.orgs
    assert (due.complete_until_ms, live.complete_until_ms) == (50, None)
    assert (due.case_class, due.level, due.due_ms, due.provisional) == ("other", None, 77, False)
    assert (alert.alert_id, alert.title_en, alert.at_ms) == ("a1", "Red", 66)
    assert org.levels == {"notice": 0, "warn": 1, "yellow": 2, "red": 3}
    assert [(feed.feed, feed.horizon_ms, feed.silent) for feed in figures.feeds] == [("a", None, True), ("b", 5, False)]
