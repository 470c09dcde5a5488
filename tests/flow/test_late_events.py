"""An event that comes long after a case was closed: the case is fetched from the store and judged again."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from deploy.embedded.stack import Stack
from deploy.settings import CasesSettings, Settings
from tests.deploy.embedded.stacks import (
    MORNING_MS,
    accepted,
    clock_at,
    finished,
    let_pass,
    stack_on,
    take,
)

DAY = 86_400_000
HOUR = 3_600_000
SETTINGS = Settings(cases=CasesSettings(retain_closed_days=1))


def _stub_sizes(stack: Stack) -> list[int]:
    return [len(raw) for process, _, key, raw in stack.stream.rows() if process == "case" and key.startswith(b"ping")]


async def _case(stack: Stack) -> dict[str, Any]:
    assert await stack.drained()
    answer = stack.store.query(
        "SELECT state, on_time, events, finished_at, "
        "(SELECT count() FROM findings FINAL WHERE state = 'withdrawn') AS withdrawn, "
        "(SELECT count() FROM pushes FINAL WHERE state = 'sent') AS told FROM cases FINAL WHERE case_no = 'pingliang/1'"
    )
    return dict(zip(answer.columns, answer.rows[0], strict=True))


def test_a_late_event_brings_a_closed_case_back_from_the_store_and_a_restart_changes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        at_once = finished(1, MORNING_MS + 600_000)
        late = msgspec.structs.replace(at_once, data_version=1)  # the feed corrects itself two days later
        async with stack_on(tmp_path, clock, settings=SETTINGS) as stack:
            await take(stack, accepted(1))
            await let_pass(stack, clock, MORNING_MS + 2 * HOUR)
            await take(stack, finished(1, MORNING_MS + 2 * HOUR))
            await let_pass(stack, clock, MORNING_MS + 3 * HOUR)
            before = await _case(stack)
            assert (before["on_time"], before["withdrawn"]) == (False, 0)
            whole = _stub_sizes(stack)
            await let_pass(stack, clock, MORNING_MS + 2 * DAY)
            assert await stack.drained()
            (size,) = _stub_sizes(stack)
            assert size < min(250, whole[0] / 2)
            await take(stack, late, late)
            after = await _case(stack)
            assert (after["state"], after["events"], after["on_time"], after["withdrawn"]) == ("finished", 2, True, 1)
            await let_pass(stack, clock, MORNING_MS + 2 * DAY + HOUR)
            assert await stack.drained()
            (again,) = _stub_sizes(stack)
            assert again < 300
        async with stack_on(tmp_path, clock, settings=SETTINGS) as stack:
            await take(stack, late)
            assert await _case(stack) == after
            assert stack.dead_letters == 0

    asyncio.run(story())
