from hypothesis import given
from hypothesis import strategies as st

from sinks.batching import BatchSettings, back_off_ms, due_in_ms

SETTINGS = BatchSettings(wait_ms=50, rows_max=100, back_off_first_ms=100, back_off_last_ms=5_000)


def test_rows_wait_for_company_and_no_longer() -> None:
    assert due_in_ms(SETTINGS, 1, 0) == 50
    assert due_in_ms(SETTINGS, 1, 49) == 1
    assert due_in_ms(SETTINGS, 1, 50) == 0
    assert due_in_ms(SETTINGS, 1, 9_999) == 0


def test_a_full_batch_is_due_at_once() -> None:
    assert due_in_ms(SETTINGS, 99, 0) == 50
    assert due_in_ms(SETTINGS, 100, 0) == 0


@given(st.integers(1, 10_000))
def test_a_store_is_left_alone_ever_longer_up_to_a_bound(failures: int) -> None:
    now, later = back_off_ms(SETTINGS, failures), back_off_ms(SETTINGS, failures + 1)
    assert 100 <= now <= later <= 5_000
    assert later in (2 * now, 5_000)
