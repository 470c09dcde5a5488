"""What a demo came to: counts out of the store, and whether they agree with the truth that was planted."""

from dataclasses import dataclass

from deploy.demo.counting import Truth
from streams.contracts.finding import Level
from streams.contracts.store import Store

_RULES = "('TIME-01', 'TIME-02', 'TIME-04')"


@dataclass(frozen=True)
class Outcome:
    """Counts of the summary, and what differs from the truth, one line a case."""

    counts: dict[str, int]
    differences: tuple[str, ...]


_COUNTS = {
    "办件 cases": "SELECT count() FROM cases FINAL",
    "事件 events": "SELECT count() FROM case_events FINAL",
    "计时 clocks": "SELECT count() FROM clocks FINAL",
    "监察发现 findings": "SELECT count() FROM findings FINAL WHERE state != 'withdrawn'",
    "督办 alerts": "SELECT count() FROM alerts FINAL",
    "已签收 acknowledged": "SELECT count() FROM alerts FINAL WHERE acknowledged_by != ''",
    "推送 tellings": "SELECT count() FROM pushes FINAL WHERE state = 'sent'",
    "未达 tellings not sent": "SELECT count() FROM pushes FINAL WHERE state != 'sent'",
    "死信 dead letters": "SELECT count() FROM dead_letters FINAL",
}


def outcome_of(store: Store, truth: Truth) -> Outcome:
    """Ask the store and compare every case's highest level with the truth."""
    counts = {name: int(store.query(question).rows[0][0]) for name, question in _COUNTS.items()}
    found: dict[str, Level] = dict(
        store.query(
            "SELECT subject, argMax(highest, indexOf(['notice', 'warn', 'yellow', 'red'], highest)) FROM findings FINAL"
            f" WHERE state != 'withdrawn' AND rule IN {_RULES} GROUP BY subject"
        ).rows
    )
    planted = truth.highest
    differences = tuple(
        f"{case_no}: planted {planted.get(case_no, 'nothing')}, found {found.get(case_no, 'nothing')}"
        for case_no in sorted(planted.keys() | found.keys())
        if planted.get(case_no) != found.get(case_no)
    )
    return Outcome(counts, differences)
