"""Judging alone, without engine and encoding: an event in order, a whole case of fifteen events anew, one due instant.

Of every piece of work the repeat counts that other work on the machine disturbed least.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import streams.rules
from streams.contracts import case_event as contract
from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import identity
from streams.contracts.instants import to_ms
from streams.limits.clock_run import ClockRun
from streams.limits.reckoning import due_of
from streams.parts import find_parts
from streams.processes.case.essence import Essence, essence_of
from streams.processes.case.judge import keep, walked
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.process import CaseProcess
from streams.registry.registry import HallRegistry
from streams.rule import Rule
from tests.bench.hall_events import BEGIN, FEED, shipped_hall
from tests.bench.judging import NOW_MS, VERSION, process
from tests.bench.results import Figure, machine, report

CASES = 200
REPEATS = 20
DAYS = 200
"""Due instants are computed for limits of one to twenty days that start on so many days."""

STORY: tuple[tuple[type[Any], float, dict[str, Any]], ...] = (
    (contract.Applied, 0.5, {}),
    (contract.Accepted, 2, {"case_class": "promised"}),
    (contract.StepStarted, 1, {"step": "受理审查"}),
    (contract.StepEnded, 6, {"step": "受理审查"}),
    (contract.CorrectionNotified, 10, {}),
    (contract.CorrectionCompleted, 30, {}),
    (contract.StepStarted, 1, {"step": "实质审查"}),
    (contract.Suspended, 10, {"special_id": "T", "ground": "hearing", "announced_days": 10}),
    (contract.Resumed, 100, {"special_id": "T"}),
    (contract.Extended, 20, {"days": 5, "approver": "李明"}),
    (contract.StepEnded, 40, {"step": "实质审查"}),
    (contract.MaterialRecorded, 1, {"material": "申请表"}),
    (contract.Finished, 10, {"result": "granted", "document": True}),
    (contract.Delivered, 20, {"means": "handed"}),
    (contract.Evaluated, 2, {"level": 5}),
)
"""Kind, hours since the event before, fields: every mechanism once."""


def main() -> None:
    """Measure."""
    print(f"  {machine()}")
    hall = shipped_hall()
    cases = [list(_case(number, hall, Random(number))) for number in range(CASES)]
    knowledge = Knowledge(hall, find_parts(streams.rules, "RULE", Rule))
    calendar, runs = knowledge.calendar(""), list(_limits())
    policy = knowledge.policy("")
    events, judge = sum(map(len, cases)), process().at(VERSION)
    tails = [_tail(case) for case in cases]
    report(
        [
            Figure("judged: an event in order, with its facts", _rate(lambda: _in_order(judge, cases), events), "/s"),
            Figure("judged: a case of 15 events anew", _rate(lambda: _anew(tails, knowledge), CASES), "/s"),
            Figure(
                "due instants of limits in working days",
                _rate(lambda: [due_of(calendar, run, policy) for run in runs], len(runs)),
                "/s",
            ),
        ]
    )


def _rate(work: Callable[[], object], count: int) -> float:
    """How many of `count` are done in a second of processor time."""
    best = float("inf")
    for _ in range(REPEATS):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return count / best


def _in_order(judge: CaseProcess, cases: Sequence[Sequence[CaseEvent]]) -> None:
    for case in cases:
        state = judge.start(case[0].case_no)
        for event in case:
            occurred_ms = judge.occurred_ms(event)
            while (wake_ms := judge.wake_at(state)) is not None and wake_ms <= occurred_ms:
                list(judge.on_time(state, wake_ms))
            list(judge.on_event(state, event, NOW_MS))


def _anew(tails: Sequence[Sequence[Essence]], knowledge: Knowledge) -> None:
    for tail in tails:
        walked("pingliang/1", tail, knowledge, tail[-1].at_ms)


def _tail(case: Sequence[CaseEvent]) -> list[Essence]:
    tail: list[Essence] = []
    for event in case:
        keep(tail, essence_of(event))
    return tail


def _limits() -> Iterator[ClockRun]:
    for start in range(DAYS):
        started_ms = to_ms(BEGIN + timedelta(days=start))
        for days in range(1, 21):
            yield ClockRun("promise", "working_days", days, started_ms)


def _case(number: int, hall: HallRegistry, chance: Random) -> Iterator[CaseEvent]:
    item = chance.choice(hall.items)
    case_no, at = f"pingliang/J{number:05d}", BEGIN + timedelta(hours=number)
    for place, (kind, hours, fields) in enumerate(STORY):
        at += timedelta(hours=hours * (0.5 + chance.random()))
        made: CaseEvent = kind(
            event_id=identity(case_no, place),
            feed=FEED,
            case_no=case_no,
            occurred_at=at,
            org=item.org,
            item=item.code,
            window="W03",
            **fields,
        )
        yield made


if __name__ == "__main__":
    main()
