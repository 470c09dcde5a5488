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
    seconds = [7.0]
    clock = VirtualClock(0, lambda: seconds[0])
    clock.run(10_000)
    seconds[0] += 0.0625
    assert clock() == 625_000
    clock.run(2)
    seconds[0] += 3
    assert clock() == 631_000
    clock.run(0)
    seconds[0] += 1
    assert clock() == 631_000


def test_a_virtual_clock_runs_by_the_machines_steady_clock_if_nothing_is_said() -> None:
    clock = VirtualClock(0)
    before = time.monotonic()
    clock.run(1_000)
    time.sleep(0.01)
    passed_ms, at_most_s = clock(), time.monotonic() - before
    assert 10_000 <= passed_ms <= at_most_s * 1_000_000


def test_a_virtual_clock_never_goes_back() -> None:
    clock = VirtualClock(1_000)
    clock.jump(5_000)
    clock.jump(2_000)
    assert clock() == 5_000
