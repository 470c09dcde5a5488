"""Keeps the horizons of live feeds going while a stack is up."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Protocol

from deploy.settings import Settings
from streams.contracts.errors import UnavailableError
from streams.contracts.mark import Mark
from streams.contracts.topics import CASE_EVENTS, Topic
from streams.intake.live_marks import marks_due
from streams.registry.registry import Registry


class _Door(Protocol):
    @property
    def heard(self) -> Mapping[str, int]:
        """When each feed was last heard, epoch ms."""


class LiveStack(Protocol):
    """What is needed of a stack."""

    marks_live_feeds: bool
    settings: Settings

    @property
    def registry(self) -> Registry:
        """The registry in force."""

    @property
    def door(self) -> _Door:
        """The door that feeds come through."""

    def now(self) -> int:
        """The clock, epoch ms."""

    async def mark(self, topic: Topic, mark: Mark) -> None:
        """Put a mark into every partition of a topic."""


async def mark_live_feeds(stack: LiveStack) -> None:
    """Say of each live push feed, again and again, that it is complete until now; a silent one's horizon stays."""
    while True:
        await asyncio.sleep(stack.settings.stream.mark_seconds)
        if not stack.marks_live_feeds:  # asked for while this slept: the history of a simulation is half sent in
            return
        feeds = [feed for hall in stack.registry.halls.values() for feed in hall.feeds]
        with contextlib.suppress(UnavailableError):  # the horizons stand still, and the wall shows it
            for mark in marks_due(feeds, stack.door.heard, stack.now()):
                await stack.mark(CASE_EVENTS, mark)
