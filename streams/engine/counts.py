"""What a shard has done since it was made."""


class Counts:
    """What a shard has done.

    `quarantined` counts wakes and re-plannings that raised, `fenced` records of replaced owners that were dropped.
    `overslept_ms`: from when fired wakes were due to what fired them, summed.
    """

    __slots__ = (
        "batches",
        "dead",
        "fenced",
        "fired",
        "overslept_ms",
        "processed",
        "quarantined",
        "replanned",
        "skipped",
    )

    def __init__(self) -> None:
        """All zero."""
        self.fenced = self.batches = self.overslept_ms = 0
        self.processed = self.skipped = self.fired = self.replanned = self.dead = self.quarantined = 0
