"""Seeded case events as a hall sends them: about ten a case, cases overlapping, in order of business time."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.shipped import hall_folder
from streams.contracts import case_event as contract
from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import identity
from streams.registry.loading import load_hall
from streams.registry.registry import HallRegistry

FEED = "approvals"
BEGIN = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
"""A Monday morning in the hall."""


def shipped_hall() -> HallRegistry:
    """The hall whose items and limits the cases have."""
    return load_hall(hall_folder("pingliang"))


def case_events(cases: int, seed: int = 11) -> Iterator[CaseEvent]:
    """Every event of so many cases, in order of business time."""
    chance, hall = random.Random(seed), shipped_hall()
    found: list[CaseEvent] = []
    for number in range(cases):
        found += _one_case(f"pingliang/B{number:07d}", BEGIN + timedelta(minutes=number * 3), chance, hall)
    found.sort(key=lambda event: event.occurred_at)
    return iter(found)


def _one_case(case_no: str, begin: datetime, chance: random.Random, hall: HallRegistry) -> Iterator[CaseEvent]:
    item = chance.choice(hall.items)
    envelope: dict[str, Any] = {"feed": FEED, "case_no": case_no, "org": item.org, "item": item.code, "window": "W03"}
    at = begin

    def event(kind: type[Any], hours: float, **fields: Any) -> CaseEvent:
        nonlocal at
        at += timedelta(hours=hours * (0.5 + chance.random()))
        event_id = identity(FEED, case_no, kind.__name__, at.isoformat())
        made: CaseEvent = kind(event_id=event_id, occurred_at=at, **envelope, **fields)
        return made

    yield event(contract.Applied, 0.1, channel="窗口", case_class=item.case_class)
    yield event(contract.Accepted, 1, notice_no=case_no, case_class=item.case_class)
    if chance.random() < 0.1:
        yield event(contract.CorrectionNotified, 20, notice_no=case_no, materials=("申请表",))
        yield event(contract.CorrectionCompleted, 30)
    if chance.random() < 0.05:
        yield event(contract.Suspended, 10, special_id="T", ground="hearing", announced_days=10, notice_no=case_no)
        yield event(contract.Resumed, 120, special_id="T")
    pace = 60 if chance.random() < 0.1 else 12
    for step in ("受理审查", "实质审查", "决定"):
        yield event(contract.StepStarted, pace / 6, step=step)
        yield event(contract.StepEnded, pace, step=step, outcome="通过", opinion="材料齐全")
    yield event(contract.Finished, 2, result="granted", document=True)
    yield event(contract.Delivered, 6, means="handed")
    if chance.random() < 0.5:
        yield event(contract.Evaluated, 1, level=5, channel="窗口")
