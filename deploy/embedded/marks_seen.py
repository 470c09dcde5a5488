"""Notices every mark on its way to the broker, live or replayed."""

from collections.abc import Iterable

from streams.contracts.codec import decode_mark
from streams.contracts.instants import to_ms
from streams.contracts.mark import MARK_KEY, RegistryMark
from streams.contracts.topics import CASE_EVENTS
from streams.intake.door import Sender
from streams.intake.journal import Entry


class MarksSeen(Sender):
    """A publisher that remembers the last registry version and each feed's horizon (epoch ms) that went through it."""

    def __init__(self, registry_version: str = "", horizons: dict[str, int] | None = None) -> None:
        """Begin with what a snapshot says; `publisher` must be set before anything is sent."""
        self.registry_version = registry_version
        self.horizons: dict[str, int] = dict(horizons or {})
        self.publisher: Sender

    async def send(self, entries: Iterable[Entry]) -> None:
        """Send, then remember."""
        sent = list(entries)
        await self.publisher.send(sent)
        for entry in sent:
            for key, value in entry.rows:
                if key == MARK_KEY:
                    self._see(entry.topic, value)

    def _see(self, topic: str, value: bytes) -> None:
        if topic != CASE_EVENTS.name:
            return
        mark = decode_mark(value)
        if isinstance(mark, RegistryMark):
            self.registry_version = mark.version
        else:
            self.horizons[mark.feed] = max(self.horizons.get(mark.feed, 0), to_ms(mark.horizon_at))
