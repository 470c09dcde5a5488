"""The clocks."""

import time

from deploy.clock import VirtualClock, wall_now_ms


def test_the_wall_clock_tells_epoch_milliseconds() -> None:
    before = time.time_ns() // 1_000_000
    assert before <= wall_now_ms() <= time.time_ns() // 1_000_000


def test_a_virtual_clock_stands_still_until_it_runs() -> None:
    clock = VirtualClock(1_000)
    assert clock() == clock() == 1_000


def test_a_running_virtual_clock_is_as_fast_as_it_is_told() -> None:
    clock = VirtualClock(0)
    clock.run(10_000)
    before = clock()
    time.sleep(0.05)
    assert 450_000 <= clock() - before < 5_000_000
    clock.run(0)
    assert clock() == clock()


def test_a_virtual_clock_never_goes_back() -> None:
    clock = VirtualClock(1_000)
    clock.jump(5_000)
    clock.jump(2_000)
    assert clock() == 5_000
