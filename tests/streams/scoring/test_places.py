from hypothesis import given
from hypothesis import strategies as st

from streams.scoring.places import places

SCORES = st.lists(st.none() | st.sampled_from([0.0, 50.0, 99.5, 100.0]) | st.floats(0, 100))


def test_ties_share_a_place_and_the_next_one_is_skipped() -> None:
    assert places([90.0, 95.0, 95.0, 80.0]) == [3, 1, 1, 4]


def test_who_has_no_score_has_no_place_and_takes_none() -> None:
    assert places([None, 80.0, None, 90.0]) == [None, 2, None, 1]
    assert places([None]) == [None]
    assert places([]) == []


@given(SCORES)
def test_a_place_is_one_more_than_the_number_of_better_ones(scores: list[float | None]) -> None:
    for score, place in zip(scores, places(scores), strict=True):
        if score is None:
            assert place is None
        else:
            assert place == 1 + sum(other is not None and other > score for other in scores)
