import asyncio
from collections.abc import Coroutine, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from dashboards.reader import Reader, check_reads
from dashboards.wall.figures import WallFigures
from dashboards.wall.snapshot import DUE_MAX
from streams.contracts.alert import Alert
from streams.contracts.case import Case, CaseState
from streams.contracts.case_event import Accepted
from streams.contracts.clock import Clock, ClockName, ClockState
from streams.contracts.finding import Finding, FindingState, Level
from streams.contracts.instants import to_ms
from streams.contracts.store import Store
from tests.dashboards.stored import STORES, empty_store, forget_everything, put

Result = TypeVar("Result")

SHANGHAI = timezone(timedelta(hours=8))
NOW = datetime(2024, 3, 5, 0, 30, tzinfo=SHANGHAI)
"""Half past midnight: still yesterday in Greenwich."""
NOW_MS = to_ms(NOW)
DAY = timedelta(days=1)
LIVE = {"hall": NOW_MS}


@pytest.fixture(scope="module", params=STORES)
def module_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with empty_store(request.param, tmp_path_factory.mktemp("chdb")) as store:
        yield store


@pytest.fixture
def store(module_store: Store) -> Store:
    forget_everything(module_store)
    return module_store


def run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def asked(store: Store, horizons: dict[str, int | None] | None = None, hall: str = "pl", **more: Any) -> WallFigures:
    reader = Reader(store)
    try:
        return run(reader.figures(hall, "Asia/Shanghai", NOW_MS, LIVE if horizons is None else horizons, **more))
    finally:
        reader.close()


def case(
    number: int, state: CaseState = "accepted", *, accepted: datetime = NOW - 9 * DAY, due: datetime | None = None,
    finished: datetime | None = None, org: str = "amr", hall: str = "pl", feed: str = "hall", version: int = 1,
) -> Case:  # fmt: skip
    return Case(
        case_no=f"{hall}/{number}", state=state, case_class="promised", accepted_at=accepted, finished_at=finished,
        due_at=due, last_event_at=accepted, hall=hall, org=org, item="shop", feed=feed, version=version, known_at=NOW,
    )  # fmt: skip


def clock(
    number: int, due: datetime, *, name: ClockName = "promise", state: ClockState = "running", feed: str = "hall"
) -> Clock:
    return Clock(
        clock_id=f"k{number}{name}", case_no=f"pl/{number}", clock=name, state=state, unit="working_days",
        limit_amount=5, started_at=NOW - 9 * DAY, due_at=due, hall="pl", org="amr", item="shop", feed=feed, version=1,
        known_at=NOW,
    )  # fmt: skip


def finding(
    number: int, level: Level, state: FindingState = "open", org: str = "amr", version: int = 1, clock: str = "promise"
) -> Finding:
    return Finding(
        finding_id=f"g{number}{clock}", clock=clock, subject=f"pl/{number}", rule="TIME-01", state=state,
        change="opened", level=level, highest=level, raised_at=NOW - DAY, hall="pl", org=org, version=version,
        known_at=NOW,
    )  # fmt: skip


def alert(number: int, state: Any = "told", told: datetime | None = NOW, hall: str = "pl") -> Alert:
    return Alert(
        alert_id=f"a{number}", finding_id=f"g{number}", subject=f"{hall}/{number}", rule="TIME-01", state=state,
        level="yellow", raised_at=NOW - DAY, told_at=told, receivers=("wang",), title_zh="超过承诺时限",
        title_en="Over the promise", hall=hall, org="amr", item="shop", version=1, known_at=NOW,
    )  # fmt: skip


def test_an_empty_store_gives_a_wall_of_zeros(store: Store) -> None:
    figures = asked(store, {})
    assert (figures.open_cases, figures.overdue, figures.levels, figures.due, figures.feeds) == (0, 0, {}, (), ())


def test_today_is_the_halls_own_day(store: Store) -> None:
    put(store, [
        case(1, accepted=NOW),
        case(2, accepted=NOW - timedelta(minutes=31)),
        case(3, "finished", finished=NOW),
        case(4, "finished", finished=NOW - timedelta(hours=1)),
        case(5, "stopped", finished=NOW),
        case(6, accepted=NOW, hall="other"),
    ])  # fmt: skip
    figures = asked(store)
    assert (figures.open_cases, figures.accepted_today, figures.finished_today) == (2, 1, 1)
    assert asked(store, hall="").accepted_today == 2


def test_only_the_latest_version_of_a_case_counts(store: Store) -> None:
    put(store, [case(1, "finished", finished=NOW, version=2), case(1, version=1)])
    figures = asked(store)
    assert (figures.open_cases, figures.finished_today) == (0, 1)


def test_overdue_and_due_today_count_open_cases_by_their_due(store: Store) -> None:
    put(store, [
        case(1, due=NOW - DAY),
        case(2, due=NOW + timedelta(hours=8)),
        case(3, due=NOW + DAY),
        case(4, "finished", due=NOW - DAY, finished=NOW),
        case(5, "waiting", due=NOW - DAY),
        case(6),
    ])  # fmt: skip
    figures = asked(store)
    assert (figures.overdue, figures.due_today) == (1, 1)


def test_nobody_is_overdue_behind_the_horizon_of_his_feed(store: Store) -> None:
    put(store, [case(1, due=NOW - DAY, feed="file"), case(2, due=NOW - 3 * DAY, feed="file"), case(3, due=NOW - DAY)])
    put(store, [clock(1, NOW - DAY, feed="file"), clock(2, NOW - 3 * DAY, feed="file"), clock(3, NOW - DAY)])
    horizons = {"file": to_ms(NOW - 2 * DAY), "hall": NOW_MS, "mute": None}
    figures = asked(store, horizons, silent=["mute"])
    assert figures.overdue == 2
    assert [(line.case_no, line.complete_until_ms) for line in figures.due] == [
        ("pl/2", horizons["file"]),
        ("pl/3", None),
        ("pl/1", horizons["file"]),
    ]
    assert [(feed.feed, feed.silent) for feed in figures.feeds] == [("file", False), ("hall", False), ("mute", True)]
    unheard = asked(store, {"file": None, "hall": None})
    assert (unheard.overdue, unheard.due) == (0, ())


def test_what_lay_ahead_at_the_end_of_an_old_file_is_not_due_today(store: Store) -> None:
    put(store, [
        case(1, due=NOW - DAY, feed="file"),
        case(2, due=NOW - timedelta(minutes=20), feed="file"),
        case(3, due=NOW + timedelta(hours=8), feed="file"),
        case(4, due=NOW + DAY, feed="file"),
        case(5, due=NOW - timedelta(minutes=20)),
    ])  # fmt: skip
    figures = asked(store, {"file": to_ms(NOW - 2 * DAY), "hall": NOW_MS})
    assert (figures.overdue, figures.due_today) == (1, 2)


def test_the_cases_of_a_feed_that_ended_long_ago_come_behind_those_of_today(store: Store) -> None:
    ended = NOW - 4000 * DAY
    old = range(100, 101 + DUE_MAX)
    put(store, [clock(number, ended + timedelta(seconds=number), feed="file") for number in old])
    put(store, [clock(1, NOW + 9 * DAY), clock(2, NOW - 9 * DAY)])
    lines = asked(store, {"file": to_ms(ended), "hall": NOW_MS}).due
    assert {"pl/1", "pl/2"} < {line.case_no for line in lines}
    assert len(lines) == 2 + DUE_MAX


def test_the_due_list_shows_a_case_once_by_the_clock_with_its_gravest_finding(store: Store) -> None:
    put(store, [case(number) for number in range(1, 6)])
    put(store, [
        clock(1, NOW + 9 * DAY),
        clock(1, NOW + 8 * DAY, name="statutory"),
        clock(2, NOW - 2 * DAY),
        clock(2, NOW + timedelta(hours=1), name="statutory"),
        clock(3, NOW + timedelta(hours=1)),
        clock(4, NOW, state="stopped"),
        clock(5, NOW - 9 * DAY),
        clock(5, NOW - DAY, name="statutory"),
    ])  # fmt: skip
    put(store, [
        finding(2, "yellow"),
        finding(2, "warn", clock="statutory"),
        finding(3, "red", "ended"),
        finding(3, "red", clock=""),
        finding(5, "yellow"),
        finding(5, "red", clock="statutory"),
        finding(9, "red"),
    ])  # fmt: skip
    lines = asked(store).due
    assert [(line.case_no, line.clock, line.level) for line in lines] == [
        ("pl/2", "promise", "yellow"),
        ("pl/5", "statutory", "red"),
        ("pl/3", "promise", None),
        ("pl/1", "statutory", None),
    ]
    assert lines[2].due_ms == NOW_MS + 3_600_000
    assert lines[2].case_class == "promised"


def test_the_red_cases_longest_over_are_on_the_due_list_however_many_went_over_since(store: Store) -> None:
    red, yellow = range(1, 3 + DUE_MAX), range(100, 200)
    put(store, [clock(number, NOW - (100 - number) * DAY, name="statutory") for number in red])
    put(store, [finding(number, "red", clock="statutory") for number in red])
    put(store, [clock(number, NOW - timedelta(minutes=number)) for number in yellow])
    put(store, [finding(number, "yellow") for number in yellow])
    lines = asked(store).due
    assert [line.case_no for line in lines[:DUE_MAX]] == [f"pl/{number}" for number in red[:DUE_MAX]]
    assert {line.case_no for line in lines[DUE_MAX:]} == {f"pl/{number}" for number in yellow[:DUE_MAX]}


def test_neither_side_of_now_pushes_the_other_off_the_due_list(store: Store) -> None:
    put(store, [case(1)])
    put(store, [clock(1, NOW - DAY), *(clock(number, NOW + timedelta(minutes=number)) for number in range(2, 60))])
    lines = asked(store).due
    assert [line.case_no for line in lines[:2]] == ["pl/1", "pl/2"]
    assert len(lines) == 1 + DUE_MAX


def test_levels_and_departments_count_open_findings(store: Store) -> None:
    put(store, [case(1), case(2), case(3, org="hr"), case(4, "finished", finished=NOW - DAY, org="quiet")])
    put(store, [
        finding(1, "warn"),
        finding(2, "red"),
        finding(3, "red", org="hr"),
        finding(4, "yellow", "ended"),
        finding(5, "yellow", "withdrawn"),
        finding(6, "yellow", version=1),
        finding(6, "yellow", "withdrawn", version=2),
    ])  # fmt: skip
    figures = asked(store)
    assert figures.levels == {"warn": 1, "red": 2}
    assert [(line.org, line.hall, line.open_cases, line.levels["red"]) for line in figures.orgs] == [
        ("amr", "pl", 2, 1),
        ("hr", "pl", 1, 1),
    ]


def test_alerts_come_newest_first_and_held_ones_stay_off_the_wall(store: Store) -> None:
    put(store, [alert(1, told=NOW - DAY), alert(2), alert(3, "held", None), alert(4, hall="other")])
    assert [line.alert_id for line in asked(store).alerts] == ["a2", "a1"]
    reader = Reader(store)
    alerts = run(reader.alerts("pl", 2))
    assert [found.alert_id for found in alerts] == ["a2", "a3"]
    assert alerts[0] == alert(2)
    assert len(run(reader.alerts("", 9))) == 4
    assert run(reader.has_alert("a4"))
    assert not run(reader.has_alert("a5"))
    reader.close()


def test_events_come_back_as_they_were_in_every_version(store: Store) -> None:
    events = [
        Accepted(
            event_id="e1", feed="hall", case_no="pl/1", occurred_at=NOW, arrived_at=NOW + number * DAY,
            data_version=number, notice_no=str(number), extra={"来源": "窗口"},
        )
        for number in range(3)
    ]  # fmt: skip
    put(store, reversed(events))
    reader = Reader(store)
    assert run(reader.events_of("pl/1")) == events
    assert run(reader.events_of("pl/2")) == []
    reader.close()


def test_what_had_not_arrived_is_left_out_of_what_was_known(store: Store) -> None:
    def accepted(number: int) -> Accepted:
        return Accepted(
            event_id=f"e{number}", feed="hall", case_no="pl/1", occurred_at=NOW - DAY, arrived_at=NOW + number * DAY
        )

    put(store, [accepted(number) for number in range(3)])
    put(store, [replace(accepted(0), arrived_at=NOW + 9 * DAY)])  # arrived again: the first time counts
    reader = Reader(store)
    for known, ids in ((NOW - DAY, []), (NOW, ["e0"]), (NOW + DAY, ["e0", "e1"]), (NOW + 9 * DAY, ["e0", "e1", "e2"])):
        assert [event.event_id for event in run(reader.events_of("pl/1", to_ms(known)))] == ids
    reader.close()


def test_open_cases_are_those_that_a_calendar_can_change(store: Store) -> None:
    states: tuple[CaseState, ...] = ("received", "accepted", "suspended", "waiting")
    put(store, [
        *(case(number, state) for number, state in enumerate(states)),
        *(case(number, "finished") for number in (4, 5, 6)),
        case(7, hall="kt"),
        clock(4, NOW, state="stopped"),
        replace(clock(5, NOW, state="stopped"), provisional=True),
        clock(6, NOW, name="delivery"),
    ])  # fmt: skip
    events = [
        Accepted(event_id=f"e{n}", feed="hall", case_no=f"pl/{n}", occurred_at=NOW, arrived_at=NOW) for n in range(7)
    ]
    put(store, events)
    reader = Reader(store)
    assert run(reader.open_cases("pl")) == ["pl/0", "pl/1", "pl/2", "pl/3", "pl/5", "pl/6"]
    found = run(reader.events_of_open_cases("pl", "pl/2", "pl/5"))
    assert found == {event.case_no: [event] for event in (events[2], events[3], events[5])}
    reader.close()


def test_open_clocks_on_days_nobody_published_are_counted_by_hall(store: Store) -> None:
    put(store, [
        *(replace(clock(number, NOW), provisional=True) for number in range(3)),
        replace(clock(3, NOW, state="stopped"), provisional=True),
        clock(4, NOW),
        replace(clock(5, NOW, state="waiting"), provisional=True, hall="kt"),
    ])  # fmt: skip
    reader = Reader(store)
    assert run(reader.provisional_clocks()) == {"pl": 3, "kt": 1}
    reader.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        " select count() from cases final ; ",
        "WITH 1 AS one SELECT one",
        "SHOW TABLES",
        "DESCRIBE TABLE cases",
        "EXPLAIN SELECT 1",
        "SELECT 'INSERT INTO cases; DROP', `insert into` FROM cases -- ; DROP TABLE cases",
        "SELECT $a$ it's; DROP TABLE cases $a$ /* ; */",
        "SELECT replace(case_no, 'file(', '') FROM cases",
    ],
)
def test_reading_is_allowed(sql: str) -> None:
    check_reads(sql)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("", "no statement"),
        ("-- nothing", "no statement"),
        ("DROP TABLE cases", "DROP"),
        ("insert into cases values (1)", "INSERT"),
        ("WITH x AS (SELECT 1) INSERT INTO cases SELECT 1", "read"),
        ("SELECT 1; DROP TABLE cases", "one statement"),
        ("SELECT 1 INTO OUTFILE '/tmp/x'", "OUTFILE"),
        ("SELECT * FROM file('/etc/passwd')", "file"),
        ("SELECT * FROM `url` ('http://elsewhere')", "url"),
        ("SELECT * FROM Python(secrets)", "python"),
        ("SELECT 'it''s' || '\\'' ; DROP TABLE cases", "one statement"),
        ("SELECT 1 AS `'` ; DROP TABLE cases ; SELECT 1 AS `'`", "one statement"),
        ('SELECT 1 AS "\'" ; DROP TABLE cases ; SELECT 1 AS "\'"', "one statement"),
        ("SELECT $$'$$ ; DROP TABLE cases ; SELECT $$'$$", "one statement"),
        ("SELECT 1 /* ' */ ; DROP TABLE cases /* ' */", "one statement"),
        ("SELECT 1 # ' \n ; DROP TABLE cases # '", "one statement"),
        ("SELECT ‘'’ ; DROP TABLE cases ; SELECT ‘'’", "one statement"),
        ("SET readonly = 0", "SET"),
        ("SYSTEM SHUTDOWN", "SYSTEM"),
    ],
)
def test_anything_but_reading_is_refused_with_the_reason(sql: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_reads(sql)


def test_a_reader_refuses_to_write(store: Store) -> None:
    reader = Reader(store)
    with pytest.raises(ValueError, match="DROP"):
        run(reader.ask("DROP TABLE cases"))
    assert run(reader.ask("SELECT {a:Int8} AS a", {"a": 1})).rows == [(1,)]
    reader.close()
