import pytest

from deploy.agreement import LEAST, MINUTE_MS, Compared, agreement_of

DUE = 1_000 * MINUTE_MS


def compared(
    apart_minutes: float | None, late: bool | None = None, stopped: int | None = None, no: str = "b/1"
) -> Compared:
    ours = None if apart_minutes is None else DUE + round(apart_minutes * MINUTE_MS)
    return Compared(no, "kind", DUE, late, ours, stopped)


@pytest.mark.parametrize(
    ("apart", "within"),
    [(0, (1, 1)), (2, (1, 1)), (-2, (1, 1)), (2.001, (0, 1)), (-5, (0, 1)), (5.001, (0, 0)), (None, (0, 0))],
)
def test_deadlines_agree_up_to_and_including_so_many_minutes(apart: float | None, within: tuple[int, int]) -> None:
    total = agreement_of([compared(apart)]).total
    assert (total.within_2, total.within_5) == within


def test_a_case_closed_exactly_at_its_due_is_in_time() -> None:
    assert compared(0, late=False, stopped=DUE).verdict_agrees() is True
    assert compared(0, late=True, stopped=DUE).verdict_agrees() is False
    assert compared(0, late=True, stopped=DUE + 1).verdict_agrees() is True


def test_verdicts_are_compared_where_both_are_there_and_counted_apart_where_the_deadlines_agree() -> None:
    total = agreement_of(
        [
            compared(0, late=None, stopped=DUE),
            compared(0, late=True),
            compared(6, late=True, stopped=DUE),
            compared(9, late=False, stopped=DUE),
            compared(5, late=False, stopped=DUE),
            compared(None),
        ]
    ).total
    assert (total.cases, total.verdicts, total.verdicts_agreed) == (6, 3, 2)
    assert (total.same_due, total.same_due_agreed, total.shares()["verdicts"]) == (1, 1, 1.0)


def test_deviations_are_the_widest_first_and_a_missing_clock_before_all() -> None:
    cases = [compared(0, no="a"), compared(3, no="b"), compared(-90, no="c"), compared(None, no="d")]
    verdict = compared(1, late=True, stopped=DUE, no="e")
    assert [one.case_no for one in agreement_of([*cases, verdict]).deviations] == ["d", "c", "b", "e"]


def test_a_share_below_its_least_is_missed_and_so_is_one_of_nothing() -> None:
    good = [compared(0, late=False, stopped=DUE)] * 984
    assert agreement_of([*good, *[compared(3)] * 15, compared(9)]).missed() == []
    assert agreement_of([*good, *[compared(3)] * 17]).missed() == ["within_2"]
    assert agreement_of([*good, *[compared(9)] * 10]).missed() == ["within_5"]
    assert agreement_of([*good, compared(0, late=True, stopped=DUE)]).missed() == ["verdicts"]
    assert agreement_of([]).missed() == list(LEAST)
