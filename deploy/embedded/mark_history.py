"""What was known when: the registry versions and horizons of the past, by when their marks came.

All instants are epoch milliseconds. It travels in the snapshot and grows with every mark, so it survives what the
journal forgets. A live feed's marks of one stretch are kept as one, so a year of them stays small.
"""

from bisect import bisect_right

import msgspec

_LIVE_MS = 1_000
"""A mark that tells of its own moment, give or take this much, comes from a live feed."""

_GAP_MS = 5_000
"""Live marks that follow each other this closely are one stretch; inside it a horizon is exact to within the gap."""


class MarkStretch(msgspec.Struct, array_like=True, gc=False):
    """Marks of one feed that came from `from_ms` to `to_ms`; the last told `horizon_ms`.

    `live`: each told that all is known up to its own moment.
    """

    from_ms: int
    to_ms: int
    horizon_ms: int
    live: bool


class MarkHistory(msgspec.Struct, array_like=True, gc=False):
    """Every registry version with when it came into force, oldest first; the marks of every feed as stretches."""

    versions: list[tuple[int, str]] = []
    feeds: dict[str, list[MarkStretch]] = {}

    def note_version(self, arrived_ms: int, version: str) -> None:
        """A registry version came into force."""
        if not self.versions or self.versions[-1][1] != version:
            self.versions.append((arrived_ms, version))

    def note_horizon(self, arrived_ms: int, feed: str, horizon_ms: int) -> None:
        """A feed was marked as complete up to a horizon; a horizon never goes back."""
        stretches = self.feeds.setdefault(feed, [])
        last = stretches[-1] if stretches else None
        live = abs(arrived_ms - horizon_ms) <= _LIVE_MS
        if last is not None and horizon_ms <= last.horizon_ms:
            return
        if last is not None and live and last.live and arrived_ms - last.to_ms <= _GAP_MS:
            last.to_ms, last.horizon_ms = arrived_ms, horizon_ms
        else:
            stretches.append(MarkStretch(arrived_ms, arrived_ms, horizon_ms, live))

    def version_at(self, instant_ms: int) -> str:
        """The registry version in force at an instant; empty before the first."""
        place = bisect_right(self.versions, instant_ms, key=lambda entry: entry[0])
        return self.versions[place - 1][1] if place else ""

    def horizons_at(self, instant_ms: int) -> dict[str, int]:
        """Up to when each feed was known to be complete at an instant; a feed that no mark had named is absent."""
        found: dict[str, int] = {}
        for feed, stretches in self.feeds.items():
            place = bisect_right(stretches, instant_ms, key=lambda stretch: stretch.from_ms)
            if place:
                stretch = stretches[place - 1]
                inside = stretch.live and instant_ms <= stretch.to_ms
                found[feed] = min(instant_ms, stretch.horizon_ms) if inside else stretch.horizon_ms
        return found
