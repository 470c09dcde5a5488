"""When a live feed is marked as complete: the decision, without a clock (design section 4, horizons)."""

from collections.abc import Iterable, Mapping

from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark
from streams.registry.snapshot import Feed


def marks_due(feeds: Iterable[Feed], heard_ms: Mapping[str, int], now_ms: int) -> list[HorizonMark]:
    """A mark up to now for each push feed that is alive: heard within its `silent_after_seconds`.

    A silent feed gets none, so its horizon stays where it was and its cases are neither guilty nor innocent.
    Polls and files are marked by whoever reads them, up to what they have read.
    """
    horizon_at = from_ms(now_ms)
    return [
        HorizonMark(feed=feed.name, horizon_at=horizon_at)
        for feed in feeds
        if feed.way == "push"
        and feed.name in heard_ms
        and now_ms - heard_ms[feed.name] <= feed.silent_after_seconds * 1000
    ]


def silent_feeds(feeds: Iterable[Feed], heard_ms: Mapping[str, int], now_ms: int) -> list[str]:
    """Push feeds that have been heard before and are silent now: an alarm of its own."""
    return [
        feed.name
        for feed in feeds
        if feed.way == "push"
        and feed.name in heard_ms
        and now_ms - heard_ms[feed.name] > feed.silent_after_seconds * 1000
    ]
