"""An embedded stack inside a test, on a clock that the test moves, with a hall of its own that the test may edit."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deploy.clock import VirtualClock
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.stack import Stack
from deploy.settings import Settings, StoreSettings
from deploy.shipped import hall_folder
from deploy.stores import open_store
from deploy.wiring import collect_parts
from streams.contracts import case_event
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.mark import HorizonMark
from streams.contracts.topics import CASE_EVENTS
from streams.registry.loading import load_hall

FEED = "approvals"
_ZONE = ZoneInfo("Asia/Shanghai")


def ms(text: str) -> int:
    """Epoch milliseconds of a local time such as `2026-11-02 10:00`."""
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=_ZONE))


def hall_with_calendar(folder: Path, **lists: dict[str, str]) -> Path:
    """A copy of the Pingliang hall in `folder`, its calendar with these lists (`free`, `working`, `unknown_from`)."""
    if not folder.exists():
        shutil.copytree(hall_folder("pingliang"), folder)
    lines = ["china:", "  zone: Asia/Shanghai", '  version: "2"', "  base: china"]
    for name, days in lists.items():
        lines += [f"  {name}:", *(f"    {day}: {title}" for day, title in days.items())]
    (folder / "calendars.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@asynccontextmanager
async def stack_on(root: Path, clock: VirtualClock) -> AsyncIterator[Stack]:
    """A live stack on a folder; stopped cleanly at the end."""
    folder = DataFolder(root)
    with folder.owned():
        stack = Stack(folder, Settings(), clock, collect_parts(), open_store(StoreSettings(), folder.store))
        stack.marks_live_feeds = False  # the test knows how far the feed is
        try:
            await stack.start()
            yield stack
        finally:
            assert await stack.stop()


class Hand:
    """Moves a stack's time and tells it what happens, as the one live feed of the hall."""

    def __init__(self, stack: Stack, clock: VirtualClock) -> None:
        """The clock must be the stack's."""
        self.stack = stack
        self.clock = clock

    async def apply(self, when: str, hall: Path) -> str:
        """Put a hall folder in force at a local time."""
        await self.until(when)
        version = await self.stack.apply_hall(load_hall(hall))
        assert await self.stack.drained()
        return version

    async def until(self, when: str) -> None:
        """Let time pass; the feed is complete until then. Everything is judged, told and stored afterwards."""
        self.clock.jump(ms(when))
        await self.stack.mark(CASE_EVENTS, HorizonMark(feed=FEED, horizon_at=from_ms(ms(when))))
        assert await self.stack.drained()

    async def tell(self, when: str, kind: str, case: str, *, of: str = "", **fields: Any) -> None:
        """An event arrives at a local time; `of` is when it happened, where that was earlier."""
        self.clock.jump(ms(when))
        event = getattr(case_event, kind)(
            event_id=f"{kind}@{of or when}@{case}",
            feed=FEED,
            case_no=case,
            occurred_at=from_ms(ms(of or when)),
            **fields,
        )
        await self.stack.accept(CASE_EVENTS, [(case, event)])
