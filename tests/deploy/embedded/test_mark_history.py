from hypothesis import given
from hypothesis import strategies as st

from deploy.embedded.mark_history import MarkHistory


def test_the_version_in_force_is_the_last_that_came_and_none_before_the_first() -> None:
    history = MarkHistory()
    for arrived_ms, version in ((10, "a"), (20, "b"), (25, "b"), (30, "a")):
        history.note_version(arrived_ms, version)
    assert [history.version_at(ms) for ms in (9, 10, 19, 20, 29, 30, 99)] == ["", "a", "a", "b", "b", "a", "a"]
    assert len(history.versions) == 3


def test_a_file_is_known_to_its_end_only_from_the_moment_it_was_imported() -> None:
    history = MarkHistory()
    history.note_horizon(1_000_000, "log", 5_000)
    history.note_horizon(2_000_000, "log", 9_000)
    assert history.horizons_at(999_999) == {}
    assert history.horizons_at(1_999_999) == {"log": 5_000}
    assert history.horizons_at(9_999_999) == {"log": 9_000}


def test_a_horizon_never_goes_back() -> None:
    history = MarkHistory()
    history.note_horizon(1_000_000, "log", 9_000)
    history.note_horizon(2_000_000, "log", 5_000)
    assert history.horizons_at(3_000_000) == {"log": 9_000}


def test_a_live_feed_is_known_up_to_the_moment_and_while_it_is_silent_up_to_its_last_mark() -> None:
    history = MarkHistory()
    for arrived_ms in (*range(100_000, 200_000, 500), *range(900_000, 950_000, 500)):
        history.note_horizon(arrived_ms, "live", arrived_ms)
    assert len(history.feeds["live"]) == 2
    asked = (150_300, 199_500, 500_000, 900_000, 2_000_000)
    assert [history.horizons_at(ms)["live"] for ms in asked] == [150_300, 199_500, 199_500, 900_000, 949_500]


@given(st.lists(st.integers(1, 4_000), min_size=1, max_size=80), st.data())
def test_what_is_kept_says_the_same_as_all_the_marks_to_within_the_gap(gaps: list[int], data: st.DataObject) -> None:
    history, marks, at_ms = MarkHistory(), list[int](), 0
    for gap in gaps:
        at_ms += gap * 5
        history.note_horizon(at_ms, "live", at_ms)
        marks.append(at_ms)
    asked_ms = data.draw(st.integers(0, at_ms + 10_000))
    true = max((mark for mark in marks if mark <= asked_ms), default=None)
    found = history.horizons_at(asked_ms).get("live")
    assert (found is None) == (true is None)
    assert found is None or true is None or true <= found <= min(true + 5_000, max(marks))
