"""A case that arrives when it is over already, or whose events come in a heap: people hear of where it stands."""

import asyncio
from pathlib import Path
from typing import Any

from deploy.clock import VirtualClock
from deploy.embedded.stack import Stack
from tests.flow.hand_stack import Hand, hall_with_calendar, ms, stack_on

PLACE = {"org": "C02", "item": "C02-001"}
"""Five working days are promised, twenty are the law's."""

CASE = "pingliang/late"
TOLD = "SELECT level, reason FROM pushes FINAL WHERE subject = 'pingliang/late' GROUP BY ALL ORDER BY ALL"
HELD = "SELECT level, reason FROM alerts_history FINAL WHERE subject = 'pingliang/late' ORDER BY version"
KEPT = "SELECT level, raised_at FROM findings_history FINAL WHERE subject = 'pingliang/late' ORDER BY version"


def _rows(stack: Stack, sql: str) -> list[tuple[Any, ...]]:
    return stack.store.query(sql).rows


def _told_of(root: Path, *events: tuple[str, str]) -> tuple[list[Any], list[Any], list[Any]]:
    """What people hear of a case whose events all arrive in the evening of the day that was promised."""

    async def main() -> tuple[list[Any], list[Any], list[Any]]:
        clock = VirtualClock(ms("2025-11-14 19:00"))
        async with stack_on(root / "data", clock) as stack:
            hand = Hand(stack, clock)
            await hand.apply("2025-11-14 19:05", hall_with_calendar(root / "hall"))
            for kind, of in events:
                fields = {"days": 5, "approver": "局长"} if kind == "Extended" else {}
                await hand.tell("2025-11-14 20:00", kind, CASE, of=of, **PLACE, **fields)
            await hand.until("2025-11-14 20:01")
            return _rows(stack, TOLD), _rows(stack, HELD), _rows(stack, KEPT)

    return asyncio.run(main())


def test_of_a_case_that_arrives_over_its_limit_people_hear_once_and_every_level_is_kept(tmp_path: Path) -> None:
    told, alerts, kept = _told_of(tmp_path, ("Accepted", "2025-11-07 10:00"))
    assert told == [("yellow", "opened")]
    assert alerts == [("warn", "overtaken"), ("yellow", "opened")]
    assert [level for level, _ in kept] == ["warn", "yellow"]


def test_of_a_level_that_a_later_event_of_the_heap_ends_people_hear_nothing(tmp_path: Path) -> None:
    told, alerts, _ = _told_of(tmp_path, ("Accepted", "2025-11-07 10:00"), ("Extended", "2025-11-13 10:00"))
    assert told == []
    assert alerts == [("warn", "overtaken"), ("warn", "ended")]
