"""Notices every mark on its way to the broker, live or replayed."""

from collections.abc import Iterable

from deploy.embedded.data_folder import DataFolder
from deploy.embedded.mark_history import MarkHistory
from deploy.embedded.snapshot import SnapshotHeader, read_snapshot
from streams.contracts.codec import decode_mark
from streams.contracts.instants import to_ms
from streams.contracts.mark import MARK_KEY, RegistryMark
from streams.contracts.topics import CASE_EVENTS
from streams.intake.door import Sender
from streams.intake.journal import START, Entry, Journal, Position


class MarksSeen(Sender):
    """A publisher that remembers the last registry version and each feed's horizon (epoch ms) that went through it.

    `history` holds when each of them came.
    """

    def __init__(self) -> None:
        """Nothing has been seen; `publisher` must be set before anything is sent."""
        self.registry_version = ""
        self.horizons: dict[str, int] = {}
        self.history = MarkHistory()
        self.publisher: Sender

    def begin_with(self, header: SnapshotHeader) -> None:
        """Remember what a snapshot says."""
        self.registry_version, self.horizons = header.registry_version, dict(header.horizons)
        self.history = header.history
        if header.registry_version and not self.history.versions:
            self.history.note_version(0, header.registry_version)

    async def send(self, entries: Iterable[Entry]) -> None:
        """Send, then remember."""
        sent = list(entries)
        await self.publisher.send(sent)
        for entry in sent:
            self.see(entry)

    def see(self, entry: Entry) -> None:
        """Remember the marks of one journal entry."""
        for key, value in entry.rows:
            if key == MARK_KEY and entry.topic == CASE_EVENTS.name:
                self._see(entry.arrived_at_ms, value)

    def _see(self, arrived_ms: int, value: bytes) -> None:
        mark = decode_mark(value)
        if isinstance(mark, RegistryMark):
            self.registry_version = mark.version
            self.history.note_version(arrived_ms, mark.version)
        else:
            horizon_ms = max(self.horizons.get(mark.feed, 0), to_ms(mark.horizon_at))
            self.horizons[mark.feed] = horizon_ms
            self.history.note_horizon(arrived_ms, mark.feed, horizon_ms)


def kept_marks(folder: DataFolder) -> MarksSeen:
    """Every mark that an idle folder keeps: those of its snapshot, then those of the journal behind it.

    Raises:
        SnapshotError, UnreadableError: the folder is damaged.
    """
    marks = MarksSeen()
    kept = read_snapshot(folder.snapshot)
    position = START
    if kept:
        marks.begin_with(kept[0])
        position = Position(*map(int, kept[0].journal.split(":")))
    if not folder.journal.is_dir():
        return marks
    journal = Journal(folder.journal)
    try:
        for _, entry in journal.read(position):
            marks.see(entry)
    finally:
        journal.close()
    return marks
