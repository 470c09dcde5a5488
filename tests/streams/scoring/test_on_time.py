import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.scoring.on_time import LimitCounts, LimitWeights, deduction, early_rate, limit_score, on_time_rate

WEIGHTS = LimitWeights()


@st.composite
def some_counts(draw: st.DrawFn) -> LimitCounts:
    judged = draw(st.integers(0, 500))
    return LimitCounts(
        judged=judged,
        on_time=draw(st.integers(0, judged)),
        open_overdue=draw(st.integers(0, 50)),
        yellow=draw(st.integers(0, 500)),
        red=draw(st.integers(0, 500)),
    )


def test_what_is_open_and_overdue_stands_in_the_denominator() -> None:
    counts = LimitCounts(judged=9, on_time=9, open_overdue=1)
    assert on_time_rate(counts) == pytest.approx(0.9)
    assert limit_score(counts, WEIGHTS) == 90.0


def test_without_a_verdict_nothing_is_said() -> None:
    counts = LimitCounts(accepted=40, finished=3)
    assert on_time_rate(counts) is None
    assert early_rate(counts) is None
    assert deduction(counts, WEIGHTS) == 0
    assert limit_score(counts, WEIGHTS) is None


def test_too_few_cases_have_no_score_and_just_enough_have_one() -> None:
    assert limit_score(LimitCounts(judged=4, on_time=4), WEIGHTS) is None
    assert limit_score(LimitCounts(judged=4, on_time=4, open_overdue=1), WEIGHTS) == 80.0


def test_a_red_card_costs_twice_a_yellow_one_as_a_share_of_the_volume() -> None:
    small, large = LimitCounts(judged=10, on_time=10, yellow=1), LimitCounts(judged=100, on_time=100, yellow=10)
    assert deduction(small, WEIGHTS) == deduction(large, WEIGHTS) == 5.0
    assert deduction(LimitCounts(judged=10, on_time=10, red=1), WEIGHTS) == 10.0


def test_early_is_a_share_of_those_with_a_clock() -> None:
    assert early_rate(LimitCounts(finished=10, measured=8, early=2)) == 0.25


def test_the_score_is_rounded_as_it_is_shown() -> None:
    assert limit_score(LimitCounts(judged=7, on_time=6), WEIGHTS) == 85.71


@given(some_counts())
def test_a_score_lies_between_nought_and_a_hundred_and_a_late_case_never_raises_it(counts: LimitCounts) -> None:
    score = limit_score(counts, WEIGHTS)
    if score is None:
        assert counts.volume < WEIGHTS.minimum
        return
    assert 0 <= score <= 100
    fields = {name: getattr(counts, name) for name in counts.__struct_fields__}
    worse = limit_score(
        LimitCounts(**(fields | {"open_overdue": counts.open_overdue + 1, "red": counts.red + 1})), WEIGHTS
    )
    assert worse is not None
    assert counts.red + counts.yellow > counts.volume or worse <= score
