"""What a shard has done since it was made."""


class Counts:
    """What a shard has done.

    `quarantined` counts wakes and re-plannings that raised, `fenced` records of replaced owners that were dropped.
    """

    __slots__ = ("dead", "fenced", "fired", "processed", "quarantined", "replanned", "skipped")

    def __init__(self) -> None:
        """All zero."""
        self.fenced = 0
        self.processed = self.skipped = self.fired = self.replanned = self.dead = self.quarantined = 0
