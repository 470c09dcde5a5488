"""When rows that wait are written: soon, and together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BatchSettings:
    """How long a row waits for company (ms), how many rows one write takes, how many may wait before readers do.

    After a write comes a rest as long as the write was, at most `rest_max_ms`: few rows in many tables would keep a
    whole core busy otherwise.

    The back-off after a store that does not answer doubles from the first to the last (ms).
    """

    wait_ms: int = 50
    rest_max_ms: int = 500
    rows_max: int = 50_000
    waiting_rows_max: int = 200_000
    back_off_first_ms: int = 100
    back_off_last_ms: int = 5_000


def due_in_ms(settings: BatchSettings, rows: int, waited_ms: int, rest_ms: int) -> int:
    """In how many milliseconds the rows that wait should be written; 0: now.

    `waited_ms`: how long the oldest has waited. `rest_ms`: what is left of the rest after the last write. A full batch
    waits for nothing.
    """
    if rows >= settings.rows_max:
        return 0
    return max(0, settings.wait_ms - waited_ms, rest_ms)


def rest_ms(settings: BatchSettings, took_ms: int) -> int:
    """The rest after a write that took so long."""
    return min(took_ms, settings.rest_max_ms)


def back_off_ms(settings: BatchSettings, failures: int) -> int:
    """How long to leave a store alone after so many failures in a row (at least one)."""
    doubled = settings.back_off_first_ms << min(failures - 1, 30)
    return min(settings.back_off_last_ms, doubled)
