"""The only clocks: the wall's, and one that starts where and runs as fast as it is told."""

import time
from collections.abc import Callable


def wall_now_ms() -> int:
    """Epoch milliseconds by this machine's clock."""
    return time.time_ns() // 1_000_000


class VirtualClock:
    """A clock for demo and simulation: stands still until run, then runs `speed` times as fast as the wall's.

    It never goes back.
    """

    def __init__(self, start_ms: int, steady: Callable[[], float] = time.monotonic) -> None:
        """Stand still at `start_ms`. `steady`: seconds of a clock that never goes back, by which it runs."""
        self._steady = steady
        self._base_ms = start_ms
        self._since_s = 0.0
        self._speed = 0.0

    def __call__(self) -> int:
        """Epoch milliseconds of the virtual time now."""
        if not self._speed:
            return self._base_ms
        return self._base_ms + int((self._steady() - self._since_s) * 1000 * self._speed)

    def run(self, speed: float) -> None:
        """Go on from here, `speed` times as fast as the wall's clock; 0 stands still."""
        self._base_ms = self()
        self._since_s = self._steady()
        self._speed = speed

    def jump(self, to_ms: int) -> None:
        """Be at `to_ms` at once, unless that has passed already."""
        self._base_ms = max(self(), to_ms)
        self._since_s = self._steady()
