import asyncio
import time
from datetime import date
from pathlib import Path

from deploy.clock import VirtualClock
from deploy.demo.hall_day import TakenOn, hall_day
from deploy.demo.outcome import outcome_of
from deploy.demo.player import Player
from tests.deploy.embedded.stacks import FEED, PINGLIANG, count, stack_on

SCRIPT = hall_day(PINGLIANG, 3, date(2026, 11, 23), 40)


def test_a_day_played_in_a_second_comes_to_what_was_planted_also_played_twice(tmp_path: Path) -> None:
    async def story() -> None:
        begun = float("inf")
        clock = VirtualClock(SCRIPT.begins_ms, lambda: max(0.0, time.monotonic() - begun))
        async with stack_on(tmp_path, clock) as stack:
            shown: list[tuple[int, int]] = []
            player = Player(stack, SCRIPT, FEED, clock)
            await player.history(0, lambda done, total: shown.append((done, total)))
            past = sum(1 for entry in SCRIPT.entries if entry.at_ms <= SCRIPT.begins_ms)
            assert shown[-1] == (past, past)
            stopped = asyncio.Event()
            stopped.set()
            assert not await player.day(1.0, stopped)
            assert clock() < SCRIPT.ends_ms
            begun = time.monotonic()
            assert await player.day(1.0, asyncio.Event())
            assert clock() >= SCRIPT.ends_ms
            assert await stack.drained()
            assert outcome_of(stack.store, SCRIPT.truth).differences == ()
            taken = sum(1 for entry in SCRIPT.entries if isinstance(entry.event, TakenOn))
            assert count(stack.store, "commands FINAL") == taken - len(player.missed)

            again = Player(stack, SCRIPT, FEED, clock)
            events = count(stack.store, "case_events FINAL")
            await again.history(SCRIPT.ends_ms, lambda done, total: None)
            assert await stack.drained()
            assert count(stack.store, "case_events FINAL") == events
            assert outcome_of(stack.store, SCRIPT.truth).differences == ()

    asyncio.run(story())
