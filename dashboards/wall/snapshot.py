"""One frame of the wall: the figures with their names, ready for the screen in both languages."""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from dashboards.wall.figures import AlertLine, DueCase, FeedFigure, OrgFigure, WallFigures
from streams.contracts.finding import LEVELS, Level

DUE_MAX = 20
"""How many red cases, other cases over their due, and cases still in time are asked for."""
DUE_SHARES = (3, 2, 2)
"""How many lines red cases, other cases over their due, and cases still in time have on the wall."""
DUE_SHOWN = sum(DUE_SHARES)
"""How many lines these are together."""
LATE_MS = 60_000
"""A feed that is complete until less than this (real time) before now is live: its cases' countdowns run on."""
ALERTS_MAX = 30
"""How many alerts the wall is sent."""
ORGS_MAX = 12
"""How many departments the wall is sent: those with the gravest open findings."""

NameKind = Literal["hall", "org", "item"]
"""What a code can be a code of."""


class Name(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What people call something, in Chinese and in English; the code itself where the registry knows no name."""

    zh: str
    en: str


NameOf = Callable[[NameKind, str, str], Name]
"""(kind of code, hall, code) to the name; answers for every code."""


class DueRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line of the countdown list; `due_ms` is the last instant still in time.

    `as_of_ms`: the feed of this case has not been live since then, so the countdown stands as it stood then. Absent
    where it runs on with the clock.
    """

    case_no: str
    item: Name
    org: Name
    clock: str
    case_class: str
    due_ms: int
    level: Level | None
    provisional: bool
    as_of_ms: int | None


class AlertRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line of the list of alerts."""

    alert_id: str
    case_no: str
    item: Name
    org: Name
    level: Level
    state: str
    title: Name
    at_ms: int


class OrgRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A department's bar."""

    org: str
    name: Name
    open_cases: int
    levels: Mapping[Level, int]


class WallSnapshot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All that one wall shows.

    `now_ms` is the server's clock when the frame left and `speed` how fast that clock runs against real time (1 unless
    it is virtual), so a screen can count on by itself. `age_ms` is how old the figures are in real milliseconds; above
    the screen's bound they look stale. `store_up` is false while the store does not answer and old figures are shown.
    `build` names the front end that the server has; a screen that runs another one loads itself anew.
    """

    hall: str
    hall_name: Name
    zone: str
    now_ms: int
    speed: float
    age_ms: int
    store_up: bool
    build: str
    open_cases: int
    accepted_today: int
    finished_today: int
    overdue: int
    due_today: int
    levels: dict[Level, int]
    due: tuple[DueRow, ...]
    alerts: tuple[AlertRow, ...]
    orgs: tuple[OrgRow, ...]
    feeds: tuple[FeedFigure, ...]


class Moment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When and for which hall a frame is made; see WallSnapshot for the fields."""

    hall: str
    zone: str
    now_ms: int
    speed: float
    age_ms: int
    store_up: bool
    build: str = ""


def wall_snapshot(figures: WallFigures, moment: Moment, name_of: NameOf) -> WallSnapshot:
    """Put names to the figures and keep what fits on a wall.

    Every level is there, with 0 where nothing is open. Departments are ordered by red, then yellow, then warnings, then
    open cases, ties by code; those with nothing open are left out.
    """
    return WallSnapshot(
        hall=moment.hall,
        hall_name=name_of("hall", moment.hall, moment.hall),
        zone=moment.zone,
        now_ms=moment.now_ms,
        speed=moment.speed,
        age_ms=moment.age_ms + figures.behind_ms,
        store_up=moment.store_up,
        build=moment.build,
        open_cases=figures.open_cases,
        accepted_today=figures.accepted_today,
        finished_today=figures.finished_today,
        overdue=figures.overdue,
        due_today=figures.due_today,
        levels=_all_levels(figures.levels),
        due=tuple(_due_row(case, moment, name_of) for case in _due_shown(figures.due, moment)),
        alerts=tuple(_alert_row(alert, name_of) for alert in figures.alerts[:ALERTS_MAX]),
        orgs=tuple(_org_row(org, moment.hall, name_of) for org in _gravest(figures.orgs)),
        feeds=figures.feeds,
    )


def _as_of_ms(case: DueCase, moment: Moment) -> int | None:
    """Since when the feed of a case has not been live; on a clock that runs fast a minute of the hall is little."""
    until_ms = case.complete_until_ms
    late_ms = LATE_MS * max(1.0, moment.speed)
    return until_ms if until_ms is not None and moment.now_ms - until_ms > late_ms else None


def _due_shown(due: tuple[DueCase, ...], moment: Moment) -> list[DueCase]:
    """Red cases, the longest over first; other cases over their due, the latest first; those still in time, the next
    one first.

    Each is looked at as of the last instant its feed was live. What is known of long ago only takes the lines that the
    cases of live feeds leave.
    """

    def left_ms(case: DueCase) -> int:
        return case.due_ms - (_as_of_ms(case, moment) or moment.now_ms)

    def far_ms(case: DueCase) -> int:
        return abs(left_ms(case)) + moment.now_ms - (_as_of_ms(case, moment) or moment.now_ms)

    red = sorted((case for case in due if case.level == "red"), key=left_ms)
    rest = sorted((case for case in due if case.level != "red"), key=far_ms)
    groups = (red, [case for case in rest if left_ms(case) < 0], [case for case in rest if left_ms(case) >= 0])
    live = [[case for case in group if _as_of_ms(case, moment) is None] for group in groups]
    old = [[case for case in group if _as_of_ms(case, moment) is not None] for group in groups]
    live_shown = _shared(live, DUE_SHOWN)
    old_shown = _shared(old, DUE_SHOWN - sum(map(len, live_shown)))
    return [case for both in zip(live_shown, old_shown, strict=True) for group in both for case in group]


def _shared(groups: list[list[DueCase]], room: int) -> list[list[DueCase]]:
    """The first of each group by DUE_SHARES; lines that a group leaves go to the gravest that has more."""
    shown = [0] * len(groups)
    for shares in (DUE_SHARES, (DUE_SHOWN,) * len(groups)):
        for number, (group, share) in enumerate(zip(groups, shares, strict=True)):
            shown[number] = min(len(group), share, shown[number] + room - sum(shown))
    return [group[:count] for group, count in zip(groups, shown, strict=True)]


def _all_levels(levels: Mapping[Level, int]) -> dict[Level, int]:
    return {level: levels.get(level, 0) for level in LEVELS}


def _gravest(orgs: tuple[OrgFigure, ...]) -> list[OrgFigure]:
    def order(org: OrgFigure) -> tuple[int | str, ...]:
        return (*(-org.levels.get(level, 0) for level in reversed(LEVELS)), -org.open_cases, org.org)

    busy = [org for org in orgs if org.open_cases or any(org.levels.values())]
    return sorted(busy, key=order)[:ORGS_MAX]


def _hall_of(subject: str) -> str:
    return subject.partition("/")[0]


def _due_row(case: DueCase, moment: Moment, name_of: NameOf) -> DueRow:
    hall = _hall_of(case.case_no)
    return DueRow(
        case_no=case.case_no,
        item=name_of("item", hall, case.item),
        org=name_of("org", hall, case.org),
        clock=case.clock,
        case_class=case.case_class,
        due_ms=case.due_ms,
        level=case.level,
        provisional=case.provisional,
        as_of_ms=_as_of_ms(case, moment),
    )


def _alert_row(alert: AlertLine, name_of: NameOf) -> AlertRow:
    hall = _hall_of(alert.case_no)
    return AlertRow(
        alert_id=alert.alert_id,
        case_no=alert.case_no,
        item=name_of("item", hall, alert.item),
        org=name_of("org", hall, alert.org),
        level=alert.level,
        state=alert.state,
        title=Name(zh=alert.title_zh, en=alert.title_en or alert.title_zh),
        at_ms=alert.at_ms,
    )


def _org_row(org: OrgFigure, hall: str, name_of: NameOf) -> OrgRow:
    name = name_of("org", org.hall or hall, org.org)
    return OrgRow(org=org.org, name=name, open_cases=org.open_cases, levels=_all_levels(org.levels))
