"""A joint case through the whole road: its parts tell each other how they stand, also over a kill, and nobody twice."""

import asyncio
import json
import shutil
from pathlib import Path

from dashboards.reader import Reader
from deploy.clock import VirtualClock
from deploy.embedded.stack import Stack
from deploy.explaining import Asked, Grounds, explain_case
from deploy.shipped import hall_folder
from tests.flow.hand_stack import Hand, ms, stack_on

LEAD, PART, STRAY = "pingliang/lead", "pingliang/part", "pingliang/stray"
OF_LEAD, OF_PART = {"org": "C01", "item": "C01-001"}, {"org": "C02", "item": "C02-001"}
"""Ten working days are promised by the lead, five by the co-unit."""

TABLES = ("case_events", "cases", "clocks", "findings", "alerts")


async def _beginning(hand: Hand) -> None:
    await hand.apply("2025-11-03 09:00", hall_folder("pingliang"))
    await hand.tell("2025-11-03 10:00", "Accepted", LEAD, case_class="joint", **OF_LEAD)
    await hand.tell("2025-11-03 11:00", "Linked", PART, other_case_no=LEAD, role="parent", **OF_PART)
    await hand.until("2025-11-04 10:00")


async def _rest(hand: Hand) -> None:
    """The part is suspended, goes on, is late by a day; the lead decides first, the co-unit last."""
    await hand.tell("2025-11-04 10:30", "Suspended", PART, announced_days=3, ground="鉴定", **OF_PART)
    await hand.until("2025-11-06 10:00")
    await hand.tell("2025-11-06 10:30", "Resumed", PART, **OF_PART)
    await hand.tell("2025-11-06 10:31", "Linked", STRAY, other_case_no="nowhere/1", role="parent", **OF_PART)
    await hand.until("2025-11-13 10:00")
    await hand.tell("2025-11-13 11:00", "Finished", LEAD, **OF_LEAD)
    await hand.until("2025-11-14 09:00")
    await hand.tell("2025-11-14 10:00", "Finished", PART, **OF_PART)
    await hand.until("2025-11-14 12:00")


def _facts(stack: Stack) -> dict[str, list[str]]:
    asked = {table: stack.store.query(f"SELECT * FROM {table} FINAL") for table in TABLES}
    return {
        table: sorted(json.dumps(dict(zip(answer.columns, row, strict=True)), default=str) for row in answer.rows)
        for table, answer in asked.items()
    }


def _one(stack: Stack, sql: str) -> list[tuple[str, ...]]:
    return [tuple(str(value) for value in row) for row in stack.store.query(sql).rows]


def test_the_cases_of_a_joint_case_tell_each_other_and_a_replay_gives_the_same_facts(tmp_path: Path) -> None:
    async def story() -> None:
        clock, killed = VirtualClock(ms("2025-11-03 09:00")), tmp_path / "killed"
        async with stack_on(tmp_path / "data", clock) as stack:
            hand = Hand(stack, clock)
            await _beginning(hand)
            assert await stack.snapshot()
            await _rest(hand)
            whole = _facts(stack)
            stopped = (
                "SELECT clock, stopped_at FROM clocks FINAL WHERE clock LIKE 'joint%' AND stopped_at > 0 ORDER BY 1"
            )
            assert [row[0] for row in _one(stack, stopped)] == ["joint_child", "joint_parent"]
            assert len({row[1] for row in _one(stack, stopped)}) == 1, "the whole stops with the last decision"
            cards = (
                "SELECT rule, org, level, state FROM findings FINAL WHERE rule IN ('TIME-08', 'TIME-19') "
                f"AND subject != '{STRAY}' ORDER BY 1"
            )
            assert _one(stack, cards) == [("TIME-08", "C02", "yellow", "ended"), ("TIME-19", "C01", "warn", "ended")]
            letters = _one(stack, "SELECT DISTINCT field, reason FROM dead_letters FINAL")
            assert letters == [("case_no", "no such hall in the registry")]
            events = _one(stack, f"SELECT events FROM cases FINAL WHERE case_no = '{LEAD}'")
            assert events == [("2",)], "signals are no events of the case"
            await _explained(stack)
            told = stack.sender.counts["console", "sent"]
            for name in ("journal", "registry", "snapshot"):
                source = tmp_path / "data" / name
                killed.mkdir(exist_ok=True)
                (shutil.copytree if source.is_dir() else shutil.copy)(source, killed / name)
        assert told > 0
        async with stack_on(killed, clock) as stack:
            assert await stack.drained()
            again = _facts(stack)
            assert stack.sender.counts["console", "sent"] == 0, "somebody was told again"
        for table in TABLES:  # the store of this life began empty: it holds what the tail gave
            assert again[table], table
            assert set(again[table]) <= set(whole[table]), table

    asyncio.run(story())


async def _explained(stack: Stack) -> None:
    """Explaining a part and the whole knows what the other told."""
    reader = Reader(stack.store)
    try:
        grounds = Grounds(stack.shelf, stack.parts.rules, stack.marks.history)
        lead = await explain_case(reader, grounds, Asked(LEAD, "en"), stack.now())
        assert lead is not None
        (whole,) = [clock for clock in lead.clocks if clock.title.startswith("joint case")]
        assert any("special procedure" in line for line in whole.lines)
        part = await explain_case(reader, grounds, Asked(PART, "zh"), stack.now())
        assert part is not None
        assert any(clock.title.startswith("协办时限") for clock in part.clocks)
    finally:
        reader.close()
