import pytest

from tests.streams.engine.simulated.verdict import judge, run

SEEDS = 500


@pytest.mark.parametrize("start", range(0, SEEDS, 50))
def test_nothing_is_lost_doubled_or_invented_whatever_happens(start: int) -> None:
    for seed in range(start, start + 50):
        judge(seed, run(seed))
