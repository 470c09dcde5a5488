"""What a shard has done since it was made."""


class Counts:
    """What a shard has done; `quarantined` counts wakes and re-plannings that raised."""

    __slots__ = ("dead", "fired", "processed", "quarantined", "replanned", "skipped")

    def __init__(self) -> None:
        """All zero."""
        self.processed = self.skipped = self.fired = self.replanned = self.dead = self.quarantined = 0
