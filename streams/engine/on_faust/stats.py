"""What an engine has done, for metrics."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EngineStats:
    """Counts since the start; `processed` and `subjects` by process, `checkpoint_seconds` summed."""

    processed: Mapping[str, int]
    subjects: Mapping[str, int]
    dead: int
    quarantined: int
    skipped: int
    refused: int
    fired: int
    replanned: int
    resent: int
    restored: int
    checkpoints: int
    checkpoint_seconds: float
