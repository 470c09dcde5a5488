import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.embedded.live_feeds import mark_live_feeds
from deploy.settings import Settings, StreamSettings
from streams.contracts.errors import UnavailableError
from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark, Mark
from streams.contracts.topics import CASE_EVENTS, Topic
from streams.registry.registry import Registry
from tests.deploy.embedded.stacks import FEED, MORNING_MS, PINGLIANG


@dataclass
class Doorway:
    heard: Mapping[str, int]


@dataclass
class HandStack:
    """What the marks need, by hand: refuses the first mark, and is told after the third to mark no more."""

    door: Doorway
    registry: Registry = field(default_factory=lambda: Registry("1", {"pingliang": PINGLIANG}))
    settings: Settings = field(default_factory=lambda: Settings(stream=StreamSettings(mark_seconds=0.001)))
    marks_live_feeds: bool = True
    asked: int = 0
    marked: list[tuple[str, Mark]] = field(default_factory=list)

    def now(self) -> int:
        self.asked += 1
        self.marks_live_feeds = self.asked < 3
        return MORNING_MS + self.asked

    async def mark(self, topic: Topic, mark: Mark) -> None:
        if self.asked == 1:
            raise UnavailableError("the journal's disk is full")
        self.marked.append((topic.name, mark))


def test_a_feed_that_is_heard_is_complete_until_now_again_and_again_until_told_to_stop() -> None:
    stack = HandStack(Doorway({FEED: MORNING_MS}))
    asyncio.run(mark_live_feeds(stack))
    horizons = [HorizonMark(feed=FEED, horizon_at=from_ms(MORNING_MS + asked)) for asked in (2, 3)]
    assert stack.marked == [(CASE_EVENTS.name, mark) for mark in horizons]


def test_a_silent_feed_and_one_never_heard_stay_where_they_are() -> None:
    (feed,) = (one for one in PINGLIANG.feeds if one.name == FEED)
    for heard in ({}, {FEED: MORNING_MS - feed.silent_after_seconds * 1000}):
        stack = HandStack(Doorway(heard))
        asyncio.run(mark_live_feeds(stack))
        assert (stack.asked, stack.marked) == (3, [])


def test_what_was_asked_for_while_it_slept_holds() -> None:
    stack = HandStack(Doorway({FEED: MORNING_MS}), marks_live_feeds=False)
    asyncio.run(mark_live_feeds(stack))
    assert stack.asked == 0
