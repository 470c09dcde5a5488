"""The questions whose answers make up a wall, and the figures out of the answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dashboards.wall.figures import AlertLine, DueCase, FeedFigure, OrgFigure, WallFigures
from streams.contracts.finding import LEVELS
from streams.contracts.instants import from_ms

_OPEN = "state IN ('received', 'accepted', 'suspended', 'waiting')"
_HALL = "({hall:String} = '' OR hall = {hall:String})"
_HORIZON = "transform(feed, {feeds:Array(String)}, {horizons:Array(String)}, '0')"
_COMPLETE_UNTIL = f"least(toInt64({_HORIZON}), {{now_ms:Int64}})"
"""Up to when a subject's feed is complete, epoch ms; 0 where nothing is known of the feed. What lies behind it is
unknown, so it condemns nobody."""
_DUE_MS = "toUnixTimestamp64Milli(assumeNotNull(due_at))"
_FAR_MS = "abs(due_ms - until_ms) + ({now_ms:Int64} - until_ms)"
"""How far a case is from its due as of the horizon of its feed, and how old that knowledge is."""
_OLD = "{now_ms:Int64} - until_ms > 86400000"
"""Nothing has been known of a case for more than a day: those of a file of years ago take no room of those of today."""
_RED = "level = 'red'"
_RANK = "indexOf(['notice', 'warn', 'yellow', 'red'], level)"

COUNTS = f"""
SELECT
  countIf({_OPEN}),
  countIf(accepted_at >= {{day_start:DateTime64(3, 'UTC')}} AND accepted_at < {{day_end:DateTime64(3, 'UTC')}}),
  countIf(state = 'finished' AND finished_at >= {{day_start:DateTime64(3, 'UTC')}}
          AND finished_at < {{day_end:DateTime64(3, 'UTC')}}),
  countIf({_OPEN} AND state NOT IN ('suspended', 'waiting') AND isNotNull(due_at)
          AND {_DUE_MS} < {_COMPLETE_UNTIL}),
  countIf({_OPEN} AND isNotNull(due_at) AND {_DUE_MS} >= {_COMPLETE_UNTIL}
          AND due_at >= {{day_start:DateTime64(3, 'UTC')}} AND due_at < {{day_end:DateTime64(3, 'UTC')}})
FROM cases FINAL WHERE {_HALL}
"""
LEVEL_COUNTS = f"""
SELECT level, count() FROM findings FINAL WHERE state = 'open' AND {_HALL} GROUP BY level
"""
DUE = f"""
SELECT case_no, item, org, clock, case_class, due_ms, level, provisional, until_ms
FROM (
  SELECT * FROM (
    SELECT case_no, item, org, clock, toUnixTimestamp64Milli(due_at) AS due_ms, level, provisional,
      {_COMPLETE_UNTIL} AS until_ms
    FROM (
      SELECT case_no, item, org, clock, run, due_at, provisional, feed
      FROM clocks FINAL WHERE state = 'running' AND {_HALL}
    ) AS running
    LEFT JOIN (
      SELECT subject AS case_no, clock, run, argMax(level, {_RANK}) AS level
      FROM findings FINAL WHERE state = 'open' AND clock != '' AND {_HALL} GROUP BY subject, clock, run
    ) AS held USING (case_no, clock, run)
    WHERE until_ms > 0
    ORDER BY {_RANK} DESC, due_ms, clock
    LIMIT 1 BY case_no
  )
  ORDER BY if({_RED}, due_ms - until_ms, {_FAR_MS}), case_no
  LIMIT {{due_max:UInt32}} BY {_RED}, due_ms < until_ms, {_OLD}
) AS near
LEFT JOIN (SELECT case_no, case_class FROM cases FINAL WHERE {_HALL}) AS whole USING (case_no)
ORDER BY due_ms - until_ms, case_no
"""
"""A case by that of its running clocks whose own finding is gravest, among equals by the one due first; then the red
cases longest over, and on each side of now those nearest to their due."""
ALERTS = f"""
SELECT alert_id, subject, item, org, level, state, title_zh, title_en, toUnixTimestamp64Milli(raised_at)
FROM alerts FINAL WHERE state != 'held' AND {_HALL}
ORDER BY coalesce(told_at, known_at) DESC, alert_id LIMIT {{alerts_max:UInt32}}
"""
ORGS = f"""
SELECT hall, org, sum(open_cases), sum(notice), sum(warn), sum(yellow), sum(red)
FROM (
  SELECT hall, org, 1 AS open_cases, 0 AS notice, 0 AS warn, 0 AS yellow, 0 AS red
  FROM cases FINAL WHERE {_OPEN} AND {_HALL}
  UNION ALL
  SELECT hall, org, 0, level = 'notice', level = 'warn', level = 'yellow', level = 'red'
  FROM findings FINAL WHERE state = 'open' AND {_HALL}
)
GROUP BY hall, org ORDER BY hall, org
"""
QUESTIONS = (COUNTS, LEVEL_COUNTS, DUE, ALERTS, ORGS)
"""The questions in the order in which wall_figures takes the answers."""


class Asked(NamedTuple):
    """What a wall is asked for.

    `horizons` says up to when each feed of the hall is complete (epoch ms; absent: nothing is known of it).
    """

    hall: str
    zone: str
    now_ms: int
    horizons: Mapping[str, int | None]
    silent: frozenset[str]
    due_max: int
    alerts_max: int

    def parameters(self) -> dict[str, Any]:
        """The parameters of every question."""
        today = from_ms(self.now_ms).astimezone(ZoneInfo(self.zone)).date()
        return {
            "hall": self.hall,
            "now_ms": self.now_ms,
            "day_start": midnight(today, self.zone),
            "day_end": midnight(today + timedelta(days=1), self.zone),
            "feeds": list(self.horizons),
            "horizons": [str(horizon_ms or 0) for horizon_ms in self.horizons.values()],
            "due_max": self.due_max,
            "alerts_max": self.alerts_max,
        }


def midnight(day: Any, zone: str) -> datetime:
    """The first instant of a day in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def wall_figures(asked: Asked, answers: Sequence[Sequence[tuple[Any, ...]]]) -> WallFigures:
    """The figures out of the rows that answer QUESTIONS, in their order."""
    ((open_cases, accepted, finished, overdue, due_today),), levels, due, alerts, orgs = answers
    return WallFigures(
        open_cases=open_cases,
        accepted_today=accepted,
        finished_today=finished,
        overdue=overdue,
        due_today=due_today,
        levels=dict(levels),
        due=tuple(_due_case(row, asked.now_ms) for row in due),
        alerts=tuple(_alert_line(row) for row in alerts),
        orgs=tuple(
            OrgFigure(hall=hall, org=org, open_cases=cases, levels=dict(zip(LEVELS, counts, strict=True)))
            for hall, org, cases, *counts in orgs
        ),
        feeds=tuple(
            FeedFigure(feed=feed, horizon_ms=horizon_ms, silent=feed in asked.silent)
            for feed, horizon_ms in sorted(asked.horizons.items())
        ),
    )


def _due_case(row: tuple[Any, ...], now_ms: int) -> DueCase:
    case_no, item, org, clock, case_class, due_ms, level, provisional, until_ms = row
    return DueCase(
        case_no=case_no,
        item=item,
        org=org,
        clock=clock,
        case_class=case_class or "other",
        due_ms=due_ms,
        level=level or None,
        provisional=bool(provisional),
        complete_until_ms=until_ms if until_ms < now_ms else None,
    )


def _alert_line(row: tuple[Any, ...]) -> AlertLine:
    alert_id, case_no, item, org, level, state, title_zh, title_en, at_ms = row
    return AlertLine(
        alert_id=alert_id,
        case_no=case_no,
        item=item,
        org=org,
        level=level,
        state=state,
        title_zh=title_zh,
        title_en=title_en,
        at_ms=at_ms,
    )
