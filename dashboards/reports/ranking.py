"""A period's ranking out of the facts: who kept the limits, by figures that stand beside each place.

Period attribution (rules.md C3): accepted by acceptance date, finished by finish date, on time by finish date plus
what is open and overdue at the end of the period, cards by the instant that they were raised.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from dashboards.reports.period import Period
from streams.contracts.ranking import Ranking, RankingRow
from streams.contracts.store import Store
from streams.scoring.on_time import (
    LimitCounts,
    LimitWeights,
    deduction,
    early_rate,
    limit_score,
    on_time_rate,
)
from streams.scoring.places import places

BOARDS = ("org", "item", "window", "staff")
"""What can be ranked: the fact columns that name a subject."""


def _within(column: str) -> str:
    return f"({column} >= {{start:DateTime64(3, 'UTC')}} AND {column} < {{end:DateTime64(3, 'UTC')}})"


_HALL = "({hall:String} = '' OR hall = {hall:String})"
_HANDLING = "clock IN ('promise', 'statutory', 'instant')"
_ENDED_AT = "if(state IN ('finished', 'stopped'), coalesce(finished_at, last_event_at), NULL)"

_CASES = f"""
SELECT subject,
  countIf(accepted_in),
  countIf(state = 'finished' AND ended_in),
  countIf(ended_in AND isNotNull(on_time)),
  countIf(ended_in AND on_time = true),
  countIf(late AND open_at_end)
FROM (
  SELECT BOARD AS subject, state, on_time,
    ifNull({_within("accepted_at")}, false) AS accepted_in,
    ifNull({_within("ended_at")}, false) AS ended_in,
    {_ENDED_AT} AS ended_at,
    on_time = false AND ifNull(coalesce(over.late_since, due_at) < {{end:DateTime64(3, 'UTC')}}, false) AS late,
    state != 'refused' AND ifNull(accepted_at < {{end:DateTime64(3, 'UTC')}}, false)
      AND (isNull(ended_at) OR ended_at >= {{end:DateTime64(3, 'UTC')}}) AS open_at_end
  FROM (SELECT * FROM cases FINAL WHERE {_HALL}) AS whole
  LEFT JOIN (
    SELECT case_no, toNullable(min(due_at)) AS late_since
    FROM clocks FINAL WHERE overdue > 0 AND {_HANDLING} AND {_HALL} GROUP BY case_no
  ) AS over USING (case_no)
)
GROUP BY subject
"""
_CLOCKS = f"""
SELECT subject, count(), countIf(remaining > 0), avg(used / limit_amount)
FROM (
  SELECT case_no, BOARD AS subject, used, remaining, limit_amount
  FROM clocks FINAL
  WHERE state = 'stopped' AND limit_amount > 0 AND {_HANDLING} AND {_HALL}
    AND case_no IN (
      SELECT case_no FROM cases FINAL WHERE state = 'finished' AND {_within("finished_at")} AND {_HALL}
    )
  ORDER BY case_no, clock = 'statutory', epoch DESC
  LIMIT 1 BY case_no
)
GROUP BY subject
"""
_CARDS = f"""
SELECT subject, countIf(highest = 'yellow'), countIf(highest = 'red')
FROM (
  SELECT SCORED AS subject, highest,
    arrayMin(arrayMap(
      stretch -> parseDateTime64BestEffort(JSONExtractString(stretch, 'raised_at'), 3, 'UTC'),
      arrayFilter(stretch -> JSONExtractString(stretch, 'level') = highest, JSONExtractArrayRaw(stretches))
    )) AS reached_at
  FROM findings FINAL
  WHERE state != 'withdrawn' AND NOT provisional AND highest IN ('yellow', 'red') AND subject_kind = 'case' AND {_HALL}
    AND scored AND (scored_on = org OR 'BOARD' IN ('org', 'item'))
)
WHERE {_within("reached_at")}
GROUP BY subject
"""


def rank(
    store: Store,
    period: Period,
    made_at: datetime,
    *,
    board: str = "org",
    hall: str = "",
    names: Mapping[str, str] | None = None,
    weights: LimitWeights | None = None,
) -> Ranking:
    """The ranking of a board over a period, of one hall or (empty) of all; blocks while the store is asked.

    Everybody with a figure has a row; who has too few cases has no place. Rows are ordered by place, then by code.
    `names` gives the subjects' names by code.

    Raises:
        ValueError: there is no such board.
        UnavailableError: the store does not answer.
    """
    if board not in BOARDS:
        raise ValueError(f"there is no board {board!r}: the boards are {', '.join(BOARDS)}")
    weights = weights or LimitWeights()
    counts = _counts(store, board, {"hall": hall, "start": period.start, "end": period.end})
    subjects = sorted(counts)
    scores = [limit_score(counts[subject], weights) if subject else None for subject in subjects]
    rows = [
        RankingRow(
            subject=subject,
            name=(names or {}).get(subject, subject),
            place=place,
            score=score,
            figures=_figures(counts[subject], weights),
        )
        for subject, score, place in zip(subjects, scores, places(scores), strict=True)
    ]
    rows.sort(key=lambda row: (row.place is None, row.place or 0, row.subject))
    return Ranking(board=board, period=period.name, hall=hall, made_at=made_at, rows=tuple(rows))


def _counts(store: Store, board: str, parameters: Mapping[str, Any]) -> dict[str, LimitCounts]:
    """The counts of each subject; the board is one of BOARDS, so it may stand in the SQL."""
    found: dict[str, LimitCounts] = {}
    for question, fields in (
        (_CASES, ("accepted", "finished", "judged", "on_time", "open_overdue")),
        (_CLOCKS, ("measured", "early", "used_share")),
        (_CARDS, ("yellow", "red")),
    ):
        scored = "scored_on" if board == "org" else f"`{board}`"
        asked = question.replace("SCORED", scored).replace("'BOARD'", f"'{board}'").replace("BOARD", f"`{board}`")
        for subject, *values in store.query(asked, parameters).rows:
            before = found.get(subject, LimitCounts())
            found[subject] = msgspec.structs.replace(before, **dict(zip(fields, values, strict=True)))
    return {subject: counts for subject, counts in found.items() if counts != LimitCounts()}


def _figures(counts: LimitCounts, weights: LimitWeights) -> dict[str, int | float | None]:
    """Everything that the score is made of."""
    return {
        "accepted": counts.accepted,
        "finished": counts.finished,
        "judged": counts.judged,
        "on_time": counts.on_time,
        "open_overdue": counts.open_overdue,
        "on_time_rate": _rounded(on_time_rate(counts)),
        "early_rate": _rounded(early_rate(counts)),
        "used_share": _rounded(counts.used_share),
        "yellow": counts.yellow,
        "red": counts.red,
        "deduction": _rounded(deduction(counts, weights)),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
