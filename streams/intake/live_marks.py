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


def silent_feeds(
    feeds: Iterable[Feed],
    heard_ms: Mapping[str, int],
    horizons_ms: Mapping[str, int],
    now_ms: int,
    grace_ms: int = 0,
) -> set[str]:
    """Push feeds that ought to have spoken and have not: an alarm of its own. `grace_ms` is what a word may take.

    A feed that nobody ever heard is silent. What was heard is forgotten at a restart, horizons are not; a horizon that
    lies further than our own marks could have moved it was said by the feed's reader, and is a word of the feed.
    """
    silent = set()
    for feed in feeds:
        patience_ms = feed.silent_after_seconds * 1000
        heard, horizon = heard_ms.get(feed.name), horizons_ms.get(feed.name)
        is_own_mark = heard is not None and (horizon is None or horizon <= heard + patience_ms)
        last_ms = heard if is_own_mark else horizon
        if feed.way == "push" and (last_ms is None or now_ms - last_ms > patience_ms + grace_ms):
            silent.add(feed.name)
    return silent
