"""Imports one file: read by a source, checked, taken in by batches, and closed with a mark of how far it goes."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import encode, identity
from streams.contracts.dead_letter import RAW_BYTES_MAX, DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.mark import HorizonMark, Mark
from streams.contracts.topics import CASE_EVENTS, Topic
from streams.contracts.words import Words
from streams.intake.normalise import FeedsOfHalls, check_event
from streams.intake.opening import OpenedFile, open_file
from streams.source import Mask, Read, Rejection, Source, SourceMapping

BATCH = 1_000
"""Pieces of a file that are taken in at once."""

_FILE = Words("整个文件", "the file")
_REST = Words("文件的其余部分", "the rest of the file")

Progress = Callable[[int, int], None]
"""Told after each batch: bytes of the file on disk that were read, and all of them."""


class DoorLike(Protocol):
    """Where an import goes: the door itself, or a running stack behind HTTP."""

    async def accept(self, topic: Topic, rows: Sequence[tuple[str, msgspec.Struct]]) -> object:
        """Take records (key and contract) of one topic; on return they are kept."""

    async def mark(self, topic: Topic, mark: Mark) -> object:
        """Put a mark behind everything accepted so far."""

    async def dead(self, *letters: DeadLetter) -> object:
        """Keep what could not be read."""


@dataclass
class ImportResult:
    """What an import did. Instants are business times in epoch ms.

    `broken` says why the rest of the file could not be read; the horizon is then not moved, since the rest may hold
    what would acquit a case. `reasons` counts the dead letters by field and reason, `places` says where
    in the file each of these stood first.
    """

    events: int = 0
    dead: int = 0
    broken: UnreadableError | None = None
    first_ms: int | None = None
    last_ms: int | None = None
    reasons: Counter[Words] = field(default_factory=Counter)
    places: dict[Words, Words] = field(default_factory=dict)
    ends_ms: dict[str, int] = field(default_factory=dict)
    _cases: set[str] = field(default_factory=set, repr=False)

    @property
    def cases(self) -> int:
        """How many cases the events belong to."""
        return len(self._cases)

    def count(self, event: CaseEvent) -> None:
        """Count one event that was taken."""
        at_ms = to_ms(event.occurred_at)
        self.events += 1
        self._cases.add(event.case_no)
        self.first_ms = at_ms if self.first_ms is None else min(self.first_ms, at_ms)
        self.last_ms = at_ms if self.last_ms is None else max(self.last_ms, at_ms)
        self.ends_ms[event.feed] = max(self.ends_ms.get(event.feed, at_ms), at_ms)

    def count_dead(self, rejection: Rejection) -> None:
        """Count one piece that was set aside."""
        reason = rejection.reason
        if rejection.field:
            reason = Words(f"{rejection.field}: {reason.zh}", f"{rejection.field}: {reason.en}")
        self.dead += 1
        self.reasons[reason] += 1
        self.places.setdefault(reason, rejection.place)


@dataclass(frozen=True)
class FileImport:
    """How one file is to be read: source, mapping, the zone of stamps without one, and the mask.

    `feeds` are the halls and feeds in force where its events go.
    """

    path: Path
    source: Source
    mapping: SourceMapping
    zone: ZoneInfo
    mask: Mask
    feeds: FeedsOfHalls

    async def run(self, door: DoorLike, now_ms: Callable[[], int], progress: Progress) -> ImportResult:
        """Read the file through to its end or its break.

        Rejections become dead letters and stop nothing. At the end every feed in the file is marked complete up to
        its last business time.

        Raises:
            UnreadableError: the file cannot be opened.
            UnavailableError: the door does not take records now; importing again does no harm.
        """
        result = ImportResult()
        with open_file(self.path) as opened:
            pieces = self._pieces(opened, result)
            while batch := await asyncio.to_thread(lambda: list(islice(pieces, BATCH))):
                await self._take(batch, door, now_ms(), result)
                progress(opened.position, opened.size)
        if not result.broken:
            for feed, end_ms in result.ends_ms.items():
                await door.mark(CASE_EVENTS, HorizonMark(feed=feed, horizon_at=from_ms(end_ms)))
        return result

    def _pieces(self, opened: OpenedFile, result: ImportResult) -> Iterator[Read]:
        """What the source reads; a break becomes the last rejection, the only one where nothing could be read."""
        place = _FILE
        try:
            for piece in self.source.read(opened.stream, self.mapping, self.zone, self.mask):
                place = _REST
                yield piece
        except UnreadableError as error:
            result.broken = error
            yield Rejection(place, error.words, error.field)

    async def _take(self, batch: list[Read], door: DoorLike, now_ms: int, result: ImportResult) -> None:
        rows: list[tuple[str, CaseEvent]] = []
        letters: list[DeadLetter] = []
        for piece in batch:
            rejection = piece if isinstance(piece, Rejection) else self._wrong(piece, now_ms)
            if rejection is None:
                assert not isinstance(piece, Rejection)
                rows.append((piece.case_no, piece))
                continue
            result.count_dead(rejection)
            letters.append(self._letter(rejection))
        if letters:
            await door.dead(*letters)
        if rows:
            await door.accept(CASE_EVENTS, rows)
            for _, event in rows:
                result.count(event)

    def _wrong(self, event: CaseEvent, now_ms: int) -> Rejection | None:
        try:
            check_event(event, now_ms=now_ms, feeds=self.feeds, hall=self.mapping.hall)
        except UnreadableError as error:
            place = Words(f"事件 {event.event_id}", f"event {event.event_id}")
            return Rejection(place, error.words, error.field, encode(event))
        return None

    def _letter(self, rejection: Rejection) -> DeadLetter:
        """The same piece of the same file gives the same letter, so a second import adds none."""
        place = f"{self.path.name}, {rejection.place.en}"
        return DeadLetter(
            letter_id=identity(place, rejection.field, rejection.reason.en, rejection.raw.hex()),
            place=place,
            source=self.mapping.feed or self.mapping.source,
            reason=rejection.reason.en,
            field=rejection.field,
            raw=rejection.raw[:RAW_BYTES_MAX],
        )
