from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from dashboards.reports.period import period_of
from dashboards.reports.ranking import rank
from streams.contracts.case import Case, CaseState
from streams.contracts.clock import Clock, ClockName
from streams.contracts.finding import Finding, FindingState, Level, Stretch
from streams.contracts.ranking import Ranking, RankingRow
from streams.contracts.store import Store
from streams.scoring.on_time import LimitWeights
from tests.dashboards.stored import STORES, empty_store, forget_everything, put

SHANGHAI = timezone(timedelta(hours=8))
MARCH = period_of("2015-03", "Asia/Shanghai")
MADE = datetime(2015, 4, 1, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def march(day: int, hour: int = 9) -> datetime:
    return datetime(2015, 3, 1, hour, tzinfo=SHANGHAI) + (day - 1) * DAY


@pytest.fixture(scope="module", params=STORES)
def module_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with empty_store(request.param, tmp_path_factory.mktemp("chdb")) as store:
        yield store


@pytest.fixture
def store(module_store: Store) -> Store:
    forget_everything(module_store)
    return module_store


def case(
    number: int, state: CaseState = "finished", *, accepted: datetime | None = None, finished: datetime | None = None,
    due: datetime | None = None, on_time: bool | None = None, org: str = "amr", hall: str = "pl",
) -> Case:  # fmt: skip
    accepted = accepted or march(2)
    return Case(
        case_no=f"{hall}/{number}", state=state, accepted_at=accepted, finished_at=finished, due_at=due,
        on_time=on_time, last_event_at=finished or accepted, hall=hall, org=org, item="shop", version=1, known_at=MADE,
    )  # fmt: skip


def in_time(number: int, org: str = "amr", day: int = 5) -> Case:
    return case(number, finished=march(day), due=march(9), on_time=True, org=org)


def clock(
    number: int, used: int, limit: int, *, name: ClockName = "promise", epoch: int = 1, due: datetime | None = None,
    overdue: int = 0, stopped: bool = True,
) -> Clock:  # fmt: skip
    return Clock(
        clock_id=f"k{number}-{name}-{epoch}", case_no=f"pl/{number}", clock=name, epoch=epoch,
        state="stopped" if stopped else "running", unit="working_days", limit_amount=limit, started_at=march(2),
        due_at=due or march(9), used=used, remaining=max(0, limit - used), overdue=overdue, hall="pl", org="amr",
        version=1, known_at=MADE,
    )  # fmt: skip


def card(
    number: int, *stretches: tuple[Level, datetime], highest: Level, state: FindingState = "ended",
    provisional: bool = False, org: str = "amr",
) -> Finding:  # fmt: skip
    return Finding(
        finding_id=f"g{number}", subject=f"pl/{number}", rule="TIME-01", state=state, change="opened",
        level=stretches[-1][0], highest=highest, raised_at=stretches[-1][1], provisional=provisional,
        stretches=tuple(Stretch(level=level, raised_at=raised) for level, raised in stretches), hall="pl", org=org,
        version=1, known_at=MADE,
    )  # fmt: skip


def ranked(store: Store, **more: Any) -> Ranking:
    return rank(store, MARCH, MADE, hall="pl", **more)


def the_row(store: Store, **more: Any) -> RankingRow:
    (row,) = ranked(store, **more).rows
    return row


def test_nothing_happened_and_nobody_is_ranked(store: Store) -> None:
    put(store, [case(1, finished=march(40), accepted=march(33), due=march(40), on_time=True)])
    assert ranked(store) == Ranking(board="org", period="2015-03", hall="pl", made_at=MADE)


def test_accepted_counts_by_acceptance_and_finished_by_finish(store: Store) -> None:
    put(store, [
        case(1, "accepted", accepted=march(1, 0)),
        case(2, "accepted", accepted=march(32, 0)),
        case(3, accepted=march(-5), finished=march(31, 23), on_time=True),
        case(4, accepted=march(-5), finished=march(32, 0), on_time=True),
        case(5, "refused", accepted=None),
    ])  # fmt: skip
    figures = the_row(store).figures
    assert figures["accepted"] == 2
    assert (figures["finished"], figures["judged"], figures["on_time"]) == (1, 1, 1)


def test_on_time_is_by_finish_date_plus_what_is_open_and_overdue_at_the_end(store: Store) -> None:
    put(store, [in_time(number) for number in range(1, 7)])
    put(store, [
        case(10, finished=march(20), due=march(9), on_time=False),
        case(11, "accepted", due=march(9), on_time=False),
        case(12, finished=march(40), due=march(9), on_time=False),
        case(13, "accepted", due=march(35), on_time=False),
        case(14, "accepted", due=march(9), on_time=None),
        case(15, "stopped", finished=march(12), due=march(9), on_time=False),
        case(16, "stopped", finished=march(6), due=march(9), on_time=None),
        case(17, "finished", finished=march(6), on_time=None),
    ])  # fmt: skip
    row = the_row(store)
    assert row.figures["judged"] == 8
    assert row.figures["on_time"] == 6
    assert row.figures["open_overdue"] == 2
    assert row.figures["on_time_rate"] == 0.6
    assert row.figures["finished"] == 8
    assert row.score == 60.0


def test_an_open_case_is_late_since_its_first_overdue_epoch(store: Store) -> None:
    put(store, [case(1, "accepted", due=march(50), on_time=False)])
    put(store, [
        clock(1, 6, 5, due=march(9), overdue=1),
        clock(1, 1, 5, epoch=2, due=march(50), stopped=False),
    ])  # fmt: skip
    assert the_row(store).figures["open_overdue"] == 1


def test_a_late_case_stands_in_every_month_until_it_is_finished(store: Store) -> None:
    put(store, [case(1, accepted=march(2), finished=march(40), due=march(9), on_time=False)])
    february, april, may = (period_of(f"2015-0{month}", "Asia/Shanghai") for month in (2, 4, 5))
    assert the_row(store).figures["open_overdue"] == 1
    (in_april,) = rank(store, april, MADE).rows
    assert (in_april.figures["judged"], in_april.figures["open_overdue"]) == (1, 0)
    assert rank(store, february, MADE).rows == rank(store, may, MADE).rows == ()


def test_early_and_used_are_those_of_the_last_promise_else_of_the_statutory_clock(store: Store) -> None:
    put(store, [in_time(number) for number in (1, 2, 3)])
    put(store, [
        clock(1, 9, 10, epoch=1),
        clock(1, 2, 10, epoch=2),
        clock(1, 15, 20, name="statutory"),
        clock(2, 20, 20, name="statutory"),
        clock(9, 1, 10),
    ])  # fmt: skip
    figures = the_row(store).figures
    assert figures["early_rate"] == 0.5
    assert figures["used_share"] == 0.6


def test_a_card_counts_once_at_its_highest_level_in_the_period_in_which_that_was_reached(store: Store) -> None:
    put(store, [
        card(1, ("warn", march(-3)), ("yellow", march(2)), highest="yellow"),
        card(2, ("yellow", march(30)), ("red", march(33)), highest="red"),
        card(3, ("yellow", march(-3)), ("red", march(4)), highest="red"),
        card(4, ("red", march(4)), ("yellow", march(6)), highest="red", state="open"),
        card(5, ("yellow", march(4)), highest="yellow", state="withdrawn"),
        card(6, ("yellow", march(4)), highest="yellow", provisional=True),
        card(7, ("warn", march(4)), highest="warn"),
        card(8, ("yellow", march(-3)), ("yellow", march(20)), highest="yellow"),
    ])  # fmt: skip
    figures = the_row(store).figures
    assert (figures["yellow"], figures["red"]) == (1, 2)


def test_places_follow_the_scores_and_too_few_cases_have_none(store: Store) -> None:
    for org, late in (("amr", 1), ("hr", 0), ("tax", 1), ("fire", 2)):
        first = {"amr": 100, "hr": 200, "tax": 300, "fire": 400}[org]
        put(store, [in_time(first + number, org) for number in range(9)])
        put(store, [case(first + 50 + n, finished=march(20), on_time=False, org=org) for n in range(late)])
    put(store, [in_time(900, "small"), case(901, finished=march(5), on_time=True, org="")])
    ranking = ranked(store, names={"hr": "人社局"})
    assert [(row.subject, row.name, row.place, row.score) for row in ranking.rows] == [
        ("hr", "人社局", 1, 100.0),
        ("amr", "amr", 2, 90.0),
        ("tax", "tax", 2, 90.0),
        ("fire", "fire", 4, 81.82),
        ("", "", None, None),
        ("small", "small", None, None),
    ]


def test_a_card_lowers_the_score_by_the_weight_it_is_given(store: Store) -> None:
    put(store, [in_time(number) for number in range(10)])
    put(store, [card(1, ("yellow", march(4)), highest="yellow")])
    assert the_row(store).score == 95.0
    row = the_row(store, weights=LimitWeights(yellow=2.0))
    assert (row.score, row.figures["deduction"]) == (80.0, 20.0)


def test_one_hall_is_ranked_without_the_others_and_all_together(store: Store) -> None:
    put(store, [case(1, finished=march(5), on_time=True), case(1, finished=march(5), on_time=True, hall="other")])
    assert the_row(store).figures["finished"] == 1
    (row,) = rank(store, MARCH, MADE).rows
    assert row.figures["finished"] == 2


def test_items_windows_and_persons_can_be_ranked_too(store: Store) -> None:
    put(store, [in_time(1)])
    assert the_row(store, board="item").subject == "shop"
    assert the_row(store, board="window").subject == ""
    with pytest.raises(ValueError, match="no board 'colour'"):
        ranked(store, board="colour")


def test_the_same_facts_give_the_same_ranking(store: Store) -> None:
    put(store, [in_time(number, org) for number, org in enumerate(["amr", "hr", "tax"] * 7)])
    assert ranked(store) == ranked(store)


def test_g16_a_mean_of_seventy_five_stays_seventy_five_however_often_facts_are_stored(store: Store) -> None:
    facts = [in_time(1), in_time(2), clock(1, 60, 100), clock(2, 90, 100)]
    for _ in range(3):
        put(store, facts)
        assert the_row(store).figures["used_share"] == 0.75
