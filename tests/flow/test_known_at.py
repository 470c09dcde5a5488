"""What was known then: a suspension entered late and a holiday published late change what is, not what was known."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

from dashboards.reader import Reader
from deploy.clock import VirtualClock
from deploy.explaining import Asked, Grounds, explain_case
from tests.flow.hand_stack import Hand, hall_with_calendar, ms, stack_on

CASE = "pingliang/1"
PLACE = {"org": "C02", "item": "C02-001"}
"""Five working days are promised."""


async def _story(hand: Hand, folder: Path) -> None:
    await hand.apply("2026-11-02 09:00", hall_with_calendar(folder / "hall"))
    await hand.tell("2026-11-02 10:00", "Accepted", CASE, **PLACE)
    await hand.until("2026-11-05 12:00")
    await hand.tell("2026-11-06 10:00", "Suspended", CASE, of="2026-11-04 10:00", ground="鉴定", announced_days=1)
    await hand.until("2026-11-06 12:00")
    hall = hall_with_calendar(folder / "hall", free={"2026-11-09": "大厅迁址"})
    await hand.apply("2026-11-06 14:00", hall)
    await hand.until("2026-11-06 16:00")


DUES = {
    "2026-11-02 09:30": None,  # nothing of the case had arrived
    "2026-11-05 12:00": "2026-11-09 18:00",
    "2026-11-06 12:00": "2026-11-10 18:00",  # the suspension of one day, entered two days late
    "2026-11-06 15:00": "2026-11-11 18:00",  # Monday the 9th was made free
}


def _promise_due(found: Any) -> str | None:
    return None if found is None else next(clock.due for clock in found.clocks if clock.title.startswith("承诺"))


async def _differ(hand: Hand) -> None:
    """At an instant by what is known now is not the same as by what was known then."""
    stack = hand.stack
    reader = Reader(stack.store)
    grounds = Grounds(stack.shelf, stack.parts.rules, stack.marks.history)
    then = ms("2026-11-05 12:00")
    by_now = await explain_case(reader, grounds, Asked(CASE, at_ms=then), stack.now())
    by_then = await explain_case(reader, grounds, Asked(CASE, known_ms=then), stack.now())
    reader.close()
    assert by_now is not None
    assert by_then is not None
    assert (by_now.until, by_then.until) == ("2026-11-05 12:00", "2026-11-05 12:00")
    assert (by_now.state, by_then.state) == ("特别程序中", "已受理")
    assert _promise_due(by_now) == "2026-11-11 18:00"


def test_explain_tells_what_was_known_then_also_after_a_restart_and_from_an_idle_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"

    async def ask(hand: Hand) -> dict[str, str | None]:
        stack = hand.stack
        reader = Reader(stack.store)
        grounds = Grounds(stack.shelf, stack.parts.rules, stack.marks.history)
        found = {
            when: _promise_due(await explain_case(reader, grounds, Asked(CASE, known_ms=ms(when)), stack.now()))
            for when in DUES
        }
        reader.close()
        return found

    async def lives() -> None:
        clock = VirtualClock(ms("2026-11-02 08:00"))
        async with stack_on(data, clock) as stack:
            hand = Hand(stack, clock)
            await _story(hand, tmp_path)
            assert await ask(hand) == DUES
            await _differ(hand)
        async with stack_on(data, clock) as stack:
            assert await ask(Hand(stack, clock)) == DUES

    asyncio.run(lives())
    for when, due in list(DUES.items())[:2]:
        known_at = when.replace(" ", "T") + "+08:00"
        command = [sys.executable, "-m", "deploy", "explain", CASE, "--known-at", known_at, "--data", str(data)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if due is None:
            assert run.returncode == 2
            assert f"没有办件 {CASE}（{known_at} 所知）" in run.stderr
        else:
            assert f"到期 {due}" in run.stdout, run.stderr
            assert f"当时所知 {known_at}" in run.stdout
