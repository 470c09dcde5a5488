"""Where a suspension has no more effect though nothing has ended it: its announced days, or the most, are over."""

from collections.abc import Iterator

from streams.limits.clock_run import Skip
from streams.processes.case.fold import CaseFold


def next_cap(fold: CaseFold) -> int | None:
    """The first instant after the walk's own at which an open suspension has no more effect; absent without one."""
    return min((cap + 1 for _, cap in _open(fold) if cap >= fold.at_ms), default=None)


def end_capped(fold: CaseFold) -> None:
    """Let clocks go on whose suspension is over by its cap; what is due when stays as it was (clocks.md 4)."""
    for skip, cap in _open(fold):
        if cap < fold.at_ms:
            skip.to_ms = cap


def _open(fold: CaseFold) -> Iterator[tuple[Skip, int]]:
    """The open stretches with a cap, on clocks that run."""
    for clock in fold.clocks:
        if clock.stopped_ms is None:
            for skip in clock.skips:
                if skip.to_ms is None and skip.cap_ms is not None:
                    yield skip, skip.cap_ms
