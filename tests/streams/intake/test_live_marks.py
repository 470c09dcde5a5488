from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark
from streams.intake.live_marks import marks_due, silent_feeds
from streams.registry.snapshot import Feed

FEEDS = [
    Feed(name="live", way="push", silent_after_seconds=60),
    Feed(name="quiet", way="push", silent_after_seconds=10),
    Feed(name="never", way="push"),
    Feed(name="table", way="poll"),
    Feed(name="old", way="file"),
]
HEARD = {"live": 100_000, "quiet": 100_000, "table": 100_000, "old": 100_000}


def test_a_push_feed_that_is_alive_is_complete_until_now() -> None:
    assert marks_due(FEEDS, HEARD, 110_000) == [
        HorizonMark(feed="live", horizon_at=from_ms(110_000)),
        HorizonMark(feed="quiet", horizon_at=from_ms(110_000)),
    ]
    assert silent_feeds(FEEDS, HEARD, 110_000) == []


def test_a_silent_feed_gets_no_mark_and_is_named() -> None:
    assert [mark.feed for mark in marks_due(FEEDS, HEARD, 110_001)] == ["live"]
    assert silent_feeds(FEEDS, HEARD, 110_001) == ["quiet"]
    assert marks_due(FEEDS, HEARD, 160_001) == []
    assert silent_feeds(FEEDS, HEARD, 160_001) == ["live", "quiet"]


def test_a_feed_that_was_never_heard_is_neither_complete_nor_silent() -> None:
    assert marks_due(FEEDS, {}, 110_000) == []
    assert silent_feeds(FEEDS, {}, 110_000) == []
