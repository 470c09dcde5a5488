from hypothesis import given
from hypothesis import strategies as st

from sinks.batching import BatchSettings, back_off_ms, due_in_ms, rest_ms

SETTINGS = BatchSettings(wait_ms=50, rows_max=100, back_off_first_ms=100, back_off_last_ms=5_000)


def test_rows_wait_for_company_and_no_longer() -> None:
    assert due_in_ms(SETTINGS, 1, 0, 0) == 50
    assert due_in_ms(SETTINGS, 1, 49, 0) == 1
    assert due_in_ms(SETTINGS, 1, 50, 0) == 0
    assert due_in_ms(SETTINGS, 1, 9_999, -9) == 0


def test_after_a_long_write_comes_a_rest() -> None:
    assert due_in_ms(SETTINGS, 1, 60, 300) == 300
    assert due_in_ms(SETTINGS, 1, 0, 10) == 50


def test_a_rest_is_as_long_as_the_write_and_bounded_for_a_store_that_was_away_for_long() -> None:
    assert rest_ms(SETTINGS, 120) == 120
    assert rest_ms(SETTINGS, 3_600_000) == 500


def test_a_full_batch_is_due_at_once() -> None:
    assert due_in_ms(SETTINGS, 99, 0, 0) == 50
    assert due_in_ms(SETTINGS, 100, 0, 80) == 0


@given(st.integers(1, 10_000))
def test_a_store_is_left_alone_ever_longer_up_to_a_bound(failures: int) -> None:
    now, later = back_off_ms(SETTINGS, failures), back_off_ms(SETTINGS, failures + 1)
    assert 100 <= now <= later <= 5_000
    assert later in (2 * now, 5_000)
