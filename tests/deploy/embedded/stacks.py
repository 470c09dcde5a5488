"""An embedded stack inside a test: real broker, journal, store and roles, on a clock that the test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.clock import VirtualClock
from deploy.coming_up import Told, nobody
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.stack import Stack
from deploy.settings import Settings, StoreSettings
from deploy.shipped import hall_folder
from deploy.stores import open_store
from deploy.wiring import collect_parts
from streams.contracts.case_event import Accepted, CaseEvent, Finished
from streams.contracts.codec import identity
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.mark import HorizonMark
from streams.contracts.store import Store
from streams.contracts.topics import CASE_EVENTS
from streams.registry.loading import load_hall

ZONE = ZoneInfo("Asia/Shanghai")
PINGLIANG = load_hall(hall_folder("pingliang"))
FEED = "approvals"
ITEM, ORG, MINUTES = "C11-002", "C11", 30
"""An item that must be done on the spot, within half an hour."""


def ms(text: str) -> int:
    """Epoch milliseconds of a local time."""
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=ZONE))


MORNING_MS = ms("2026-11-23 09:00")
"""A working Monday, the hall is open."""


def clock_at(at_ms: int = MORNING_MS) -> VirtualClock:
    """A clock that stands still until the test moves it."""
    return VirtualClock(at_ms)


def accepted(number: int, at_ms: int = MORNING_MS) -> CaseEvent:
    """The hall accepts a case on the spot; overdue half an hour later."""
    return Accepted(
        event_id=identity("accepted", str(number)), feed=FEED, case_no=f"pingliang/{number}",
        occurred_at=from_ms(at_ms),
        org=ORG, item=ITEM,
    )  # fmt: skip


def finished(number: int, at_ms: int) -> CaseEvent:
    """The hall has done what was asked."""
    return Finished(
        event_id=identity("finished", str(number)), feed=FEED, case_no=f"pingliang/{number}",
        occurred_at=from_ms(at_ms),
        org=ORG, item=ITEM, result="done",
    )  # fmt: skip


@asynccontextmanager
async def stack_on(
    root: Path,
    clock: VirtualClock,
    store: Store | None = None,
    settings: Settings | None = None,
    tell: Told = nobody,
) -> AsyncIterator[Stack]:
    """A live stack on a folder, the hall in force; it is stopped cleanly at the end."""
    folder = DataFolder(root)
    with folder.owned():
        store = store or open_store(StoreSettings(), folder.store)
        stack = Stack(folder, settings or Settings(), clock, collect_parts(), store)
        stack.marks_live_feeds = False  # the test knows how far the feed is
        try:
            await stack.start(tell)
            await stack.apply_hall(PINGLIANG)
            yield stack
        finally:
            assert await stack.stop()


async def take(stack: Stack, *events: CaseEvent) -> None:
    """Send events in."""
    await stack.accept(CASE_EVENTS, [(event.case_no, event) for event in events])


async def let_pass(stack: Stack, clock: VirtualClock, until_ms: int) -> None:
    """Let time pass and say that the feed is complete until then; returns when all is judged, told and stored."""
    clock.jump(until_ms)
    await stack.mark(CASE_EVENTS, HorizonMark(feed=FEED, horizon_at=from_ms(until_ms)))


def count(store: Store, what: str) -> int:
    """How many rows `what` (a table with its conditions) has."""
    return int(store.query(f"SELECT count() FROM {what}").rows[0][0])
