"""A store that does not answer: judging and telling go on, the facts arrive later, none is lost."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.embedded.stack import Stack
from deploy.settings import StoreSettings
from deploy.stores import open_store
from streams.contracts.errors import UnavailableError
from streams.contracts.store import Answer, Store
from tests.deploy.embedded.stacks import MINUTES, MORNING_MS, accepted, clock_at, count, let_pass, stack_on, take

LATE_MS = MORNING_MS + (MINUTES + 1) * 60_000


class Gate:
    """A store behind a line that can be cut; what was cut off was not written."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.is_cut = True

    def _pass(self) -> Store:
        if self.is_cut:
            raise UnavailableError("the line is cut")
        return self.store

    def migrate(self) -> list[str]:
        return self._pass().migrate()

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        self._pass().insert(table, columns)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        return self._pass().query(sql, parameters)

    def close(self) -> None:
        self.store.close()


async def _told(stack: Stack, people: int) -> None:
    """Wait until so many tellings went out."""
    async with asyncio.timeout(60):
        while stack.sender.counts["console", "sent"] < people:
            await asyncio.sleep(0.02)


def test_a_store_that_is_away_holds_nobody_up_and_misses_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        gate = Gate(open_store(StoreSettings(), tmp_path / "store"))
        async with stack_on(tmp_path, clock, gate) as stack:  # away from the very start: there is no schema yet
            await take(stack, *(accepted(number) for number in range(3)))
            await let_pass(stack, clock, LATE_MS)
            await _told(stack, 3)
            gate.is_cut = False
            assert await stack.drained()
            assert count(gate, "findings FINAL WHERE level = 'yellow'") == 3

            gate.is_cut = True  # away again, in the middle of work
            await take(stack, *(accepted(number, LATE_MS) for number in range(3, 8)))
            await let_pass(stack, clock, LATE_MS + (MINUTES + 1) * 60_000)
            await _told(stack, 8)
            gate.is_cut = False
            assert await stack.drained()
            found = [count(gate, f"{kind} FINAL") for kind in ("cases", "case_events", "findings", "alerts")]
            assert found == [8, 8, 8, 8]
            assert count(gate, "pushes FINAL WHERE channel = 'console' AND state = 'sent'") == 8
            assert stack.dead_letters == 0
        assert stack.sender.counts["console", "sent"] == 8, "somebody was told twice"

    asyncio.run(story())
