from typing import Literal

import msgspec
import pytest

from dashboards.wall.figures import AlertLine, DueCase, OrgFigure, WallFigures
from dashboards.wall.snapshot import (
    ALERTS_MAX,
    DUE_SHARES,
    DUE_SHOWN,
    LATE_MS,
    ORGS_MAX,
    Moment,
    Name,
    NameKind,
    WallSnapshot,
    wall_snapshot,
)
from streams.contracts.finding import Level

MOMENT = Moment(hall="pl", zone="Asia/Shanghai", now_ms=1_000, speed=60.0, age_ms=200, store_up=True)


def name_of(kind: NameKind, hall: str, code: str) -> Name:
    return Name(zh=f"名 {code}", en=f"{kind} {code} of {hall}")


def snapshot_of(
    due: tuple[DueCase, ...] = (),
    alerts: tuple[AlertLine, ...] = (),
    orgs: tuple[OrgFigure, ...] = (),
    levels: dict[Level, int] | None = None,
    behind_ms: int = 0,
) -> WallSnapshot:
    figures = WallFigures(
        open_cases=9, accepted_today=8, finished_today=7, overdue=6, due_today=5, levels=levels or {}, due=due,
        alerts=alerts, orgs=orgs, behind_ms=behind_ms,
    )  # fmt: skip
    return wall_snapshot(figures, MOMENT, name_of)


def due_case(number: int, level: Level | None = None) -> DueCase:
    return DueCase(case_no=f"kt/{number}", item="shop", org="amr", clock="promise", due_ms=number, level=level)


def alert_line(number: int, title_en: str = "") -> AlertLine:
    return AlertLine(
        alert_id=str(number), case_no="kt/1", item="shop", org="amr", level="red", state="told", title_zh="超时",
        title_en=title_en, at_ms=number,
    )  # fmt: skip


def test_counts_and_the_moment_come_through_unchanged() -> None:
    made = snapshot_of()
    counts = (made.open_cases, made.accepted_today, made.finished_today, made.overdue, made.due_today)
    assert counts == (9, 8, 7, 6, 5)
    assert (made.now_ms, made.speed, made.zone, made.store_up) == (1_000, 60.0, "Asia/Shanghai", True)
    assert made.hall_name.zh == "名 pl"


def test_every_level_is_there_with_zero_where_nothing_is_open() -> None:
    assert snapshot_of(levels={"red": 2}).levels == {"notice": 0, "warn": 0, "yellow": 0, "red": 2}


def test_facts_that_wait_for_the_store_make_the_figures_older() -> None:
    assert snapshot_of().age_ms == 200
    assert snapshot_of(behind_ms=15_000).age_ms == 15_200


def test_names_are_those_of_the_hall_that_the_case_belongs_to() -> None:
    made = snapshot_of(due=(due_case(1),), alerts=(alert_line(1),))
    assert made.due[0].item.en == "item shop of kt"
    assert made.alerts[0].org.en == "org amr of kt"


def test_an_alert_without_an_english_title_shows_the_chinese_one() -> None:
    made = snapshot_of(alerts=(alert_line(1), alert_line(2, "Overtime")))
    assert [row.title.en for row in made.alerts] == ["超时", "Overtime"]


def test_no_more_than_fits_is_sent_and_the_order_is_kept() -> None:
    made = snapshot_of(
        due=tuple(due_case(MOMENT.now_ms + number) for number in range(DUE_SHOWN + 5)),
        alerts=tuple(alert_line(number) for number in range(ALERTS_MAX + 5)),
        orgs=tuple(OrgFigure(org=str(number), open_cases=1, levels={}) for number in range(ORGS_MAX + 5)),
    )
    assert [row.due_ms for row in made.due] == [MOMENT.now_ms + number for number in range(DUE_SHOWN)]
    assert [row.at_ms for row in made.alerts] == list(range(ALERTS_MAX))
    assert len(made.orgs) == ORGS_MAX


@pytest.mark.parametrize(
    ("there", "shown"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((1, 1, 1), (1, 1, 1)),
        ((90, 90, 90), DUE_SHARES),
        ((0, 90, 90), (0, 5, 2)),
        ((1, 90, 90), (1, 4, 2)),
        ((90, 0, 90), (5, 0, 2)),
        ((4, 0, 90), (4, 0, 3)),
        ((90, 90, 1), (4, 2, 1)),
        ((0, 0, 90), (0, 0, 7)),
        ((90, 0, 0), (7, 0, 0)),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_longest_red_the_latest_over_and_those_due_next_have_lines_of_their_own(
    there: tuple[int, int, int], shown: tuple[int, int, int], turned: bool
) -> None:
    now = MOMENT.now_ms
    red, over, coming = there
    due = (
        *(due_case(now - 500 + number, "red") for number in range(red)),
        *(due_case(now - 1 - number, "yellow" if number % 2 else None) for number in range(over)),
        *(due_case(now + number, "warn") for number in range(coming)),
    )
    expected = (
        *(number - 500 for number in range(shown[0])),
        *(-1 - number for number in range(shown[1])),
        *range(shown[2]),
    )
    made = snapshot_of(due=due[::-1] if turned else due)
    assert tuple(row.due_ms - now for row in made.due) == expected


def test_a_case_is_not_over_at_its_due_instant() -> None:
    now = MOMENT.now_ms
    due = tuple(due_case(now + number) for number in [*range(-9, 0), *[0] * 9])
    assert [row.due_ms - now for row in snapshot_of(due=due).due].count(0) == DUE_SHARES[-1]


@pytest.mark.parametrize(("late_ms", "stands"), [(0, False), (LATE_MS, False), (LATE_MS + 1, True)])
@pytest.mark.parametrize("speed", [1.0, 60.0])
def test_a_count_stands_as_of_the_horizon_once_its_feed_is_no_longer_live(
    speed: float, late_ms: int, stands: bool
) -> None:
    until_ms = 10**9
    moment = msgspec.structs.replace(MOMENT, speed=speed, now_ms=until_ms + round(late_ms * speed))
    case = msgspec.structs.replace(due_case(until_ms + 5), complete_until_ms=until_ms)
    figures = WallFigures(open_cases=1, accepted_today=0, finished_today=0, overdue=0, due_today=0, levels={})
    (row,) = wall_snapshot(msgspec.structs.replace(figures, due=(case,)), moment, name_of).due
    assert row.as_of_ms == (until_ms if stands else None)


def test_cases_of_an_old_file_stand_by_the_time_they_had_left_and_leave_the_room_to_those_of_today() -> None:
    year_ms = 366 * 86_400_000
    moment = msgspec.structs.replace(MOMENT, now_ms=15 * year_ms)

    def old(left_ms: int) -> DueCase:
        return msgspec.structs.replace(due_case(year_ms + left_ms), complete_until_ms=year_ms)

    def today(left_ms: int) -> DueCase:
        return due_case(moment.now_ms + left_ms)

    def shown(*due: DueCase) -> list[tuple[int, bool]]:
        figures = WallFigures(open_cases=1, accepted_today=0, finished_today=0, overdue=0, due_today=0, levels={})
        rows = wall_snapshot(msgspec.structs.replace(figures, due=due), moment, name_of).due
        return [(row.due_ms - (row.as_of_ms or moment.now_ms), row.as_of_ms is not None) for row in rows]

    assert shown(old(-7), old(9), today(-20), today(8)) == [(-20, False), (-7, True), (8, False), (9, True)]
    crowd = [today(left_ms) for left_ms in (*range(-50, -40), *range(40, 50))]
    old_red = msgspec.structs.replace(old(-9), level="red")
    assert not any(is_old for _, is_old in shown(old_red, old(-1), old(1), *crowd))
    assert shown(old_red, old(-1), today(8)) == [(-9, True), (-1, True), (8, False)]


@pytest.mark.parametrize("order", ["as given", "turned round"])
def test_departments_stand_by_red_then_yellow_then_warnings_then_open_cases_then_code(
    order: Literal["as given", "turned round"],
) -> None:
    orgs = (
        OrgFigure(org="red", open_cases=1, levels={"red": 1}),
        OrgFigure(org="yellow", open_cases=1, levels={"yellow": 9}),
        OrgFigure(org="warn", open_cases=1, levels={"warn": 99}),
        OrgFigure(org="busy", open_cases=50, levels={}),
        OrgFigure(org="a", open_cases=2, levels={}),
        OrgFigure(org="b", open_cases=2, levels={}),
    )
    made = snapshot_of(orgs=orgs if order == "as given" else orgs[::-1])
    assert [row.org for row in made.orgs] == ["red", "yellow", "warn", "busy", "a", "b"]


def test_a_department_with_nothing_open_is_left_out() -> None:
    assert snapshot_of(orgs=(OrgFigure(org="idle", open_cases=0, levels={"red": 0}),)).orgs == ()
