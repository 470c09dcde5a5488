"""Clean stops, kills, an emptied broker: the next life goes on where the last one stood, and nobody is told again."""

import asyncio
import json
import shutil
from pathlib import Path

from deploy.clock import VirtualClock
from deploy.embedded.stack import Stack
from deploy.settings import Settings, StreamSettings
from tests.deploy.embedded.stacks import (
    MINUTES,
    MORNING_MS,
    accepted,
    clock_at,
    finished,
    let_pass,
    stack_on,
    take,
)

MINUTE_MS = 60_000
LATE_MS = MORNING_MS + (MINUTES + 1) * MINUTE_MS
TABLES = ("cases", "clocks", "findings", "alerts", "pushes")


def _facts(stack: Stack) -> dict[str, list[str]]:
    """Every latest fact with its stamps and its version; a push without.

    Receipts and requests come from two sides, so which of two in one moment was first differs between lives.
    """
    asked = {table: stack.store.query(f"SELECT * FROM {table} FINAL") for table in TABLES if table != "pushes"}
    asked["pushes"] = stack.store.query("SELECT * EXCEPT (version, known_at) FROM pushes FINAL")
    return {
        table: sorted(json.dumps(dict(zip(answer.columns, row, strict=True)), default=str) for row in answer.rows)
        for table, answer in asked.items()
    }


async def _first_half(stack: Stack, clock: VirtualClock) -> None:
    """Three cases; one is done in time, two are late."""
    await take(stack, *(accepted(number) for number in range(3)), finished(0, MORNING_MS + MINUTE_MS))
    await let_pass(stack, clock, LATE_MS)


async def _second_half(stack: Stack, clock: VirtualClock) -> None:
    """The late ones are done; two more come, and one of them is late."""
    await take(stack, *(finished(number, LATE_MS + MINUTE_MS) for number in (1, 2)))
    await take(stack, accepted(3, LATE_MS), accepted(4, LATE_MS), finished(4, LATE_MS + MINUTE_MS))
    await let_pass(stack, clock, LATE_MS + (MINUTES + 1) * MINUTE_MS)


def _sent(stack: Stack) -> int:
    return stack.sender.counts["console", "sent"]


def test_after_a_clean_stop_nothing_is_replayed_and_nobody_is_told_again(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        async with stack_on(tmp_path, clock) as stack:
            await _first_half(stack, clock)
            assert await stack.drained()
            before, told = _facts(stack), _sent(stack)
            version, horizons = stack.marks.registry_version, dict(stack.marks.horizons)
        assert told == 2
        async with stack_on(tmp_path, clock) as stack:
            assert stack.replayed == 0
            assert (stack.marks.registry_version, stack.marks.horizons) == (version, horizons)
            assert await stack.drained()
            assert _facts(stack) == before
            await _second_half(stack, clock)
            assert await stack.drained()
            assert _sent(stack) == 1
            assert len(_facts(stack)["findings"]) == 3

    asyncio.run(story())


def test_a_tail_is_replayed_to_equal_bytes(tmp_path: Path) -> None:
    """A folder as a kill leaves it is a copy of its files at that instant; the store keeps what it had."""

    async def story() -> None:
        clock, killed = clock_at(), tmp_path / "killed"
        async with stack_on(tmp_path / "data", clock) as stack:
            await _first_half(stack, clock)
            assert await stack.snapshot()
            await _second_half(stack, clock)
            assert await stack.drained()
            whole = _facts(stack)
            for name in ("journal", "registry", "snapshot"):
                source = tmp_path / "data" / name
                copy = shutil.copytree if source.is_dir() else shutil.copy
                killed.mkdir(exist_ok=True)
                copy(source, killed / name)
        async with stack_on(killed, clock) as stack:
            assert stack.replayed > 0
            assert await stack.drained()
            again = _facts(stack)
            assert _sent(stack) == 0, "somebody was told again"
        for table in TABLES:  # the store of this life began empty: it holds what the tail gave
            assert again[table], table
            assert set(again[table]) <= set(whole[table]), table

    asyncio.run(story())


def test_an_emptied_broker_changes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        async with stack_on(tmp_path / "calm", clock) as stack:
            await _first_half(stack, clock)
            assert await stack.drained()
            await _second_half(stack, clock)
            assert await stack.drained()
            calm, told = _facts(stack), _sent(stack)

        clock = clock_at()
        settings = Settings(stream=StreamSettings(broker_megabytes=1))
        async with stack_on(tmp_path / "emptied", clock, settings=settings) as stack:
            await _first_half(stack, clock)
            life = stack.stream
            assert await stack.snapshot()
            assert stack.stream is not life, "the broker was not emptied"
            await _second_half(stack, clock)
            assert await stack.drained()
            emptied, told_then = _facts(stack), _sent(stack)
        assert {table: len(rows) for table, rows in emptied.items()} == {table: len(r) for table, r in calm.items()}
        assert told_then == told == 3

    asyncio.run(story())
