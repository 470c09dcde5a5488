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
    assert silent_feeds(FEEDS, HEARD, {}, 110_000) == {"never"}


def test_a_silent_feed_gets_no_mark_and_is_named() -> None:
    assert [mark.feed for mark in marks_due(FEEDS, HEARD, 110_001)] == ["live"]
    assert silent_feeds(FEEDS, HEARD, {}, 110_001) == {"quiet", "never"}
    assert marks_due(FEEDS, HEARD, 160_001) == []
    assert silent_feeds(FEEDS, HEARD, {}, 160_001) == {"live", "quiet", "never"}


def test_a_feed_that_was_never_heard_is_not_complete_and_is_named_silent() -> None:
    assert marks_due(FEEDS, {}, 110_000) == []
    assert silent_feeds(FEEDS, {}, {}, 110_000) == {"live", "quiet", "never"}


def test_our_own_marks_up_to_the_end_of_patience_make_no_feed_look_alive() -> None:
    assert silent_feeds(FEEDS[:1], HEARD, {"live": 160_000}, 160_001) == {"live"}


def test_after_a_restart_the_horizon_tells_when_a_feed_last_spoke() -> None:
    assert silent_feeds(FEEDS[:1], {}, {"live": 160_000}, 220_000) == set()
    assert silent_feeds(FEEDS[:1], {}, {"live": 160_000}, 220_001) == {"live"}


def test_a_horizon_that_the_reader_of_a_feed_tells_is_a_word_of_the_feed() -> None:
    assert silent_feeds(FEEDS[:1], HEARD, {"live": 500_000}, 510_000) == set()
    assert silent_feeds(FEEDS[:1], HEARD, {"live": 500_000}, 560_001) == {"live"}


def test_a_word_may_be_on_its_way_for_the_grace() -> None:
    assert silent_feeds(FEEDS[:1], HEARD, {}, 165_000, 5_000) == set()
    assert silent_feeds(FEEDS[:1], HEARD, {}, 165_001, 5_000) == {"live"}
