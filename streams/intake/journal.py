"""The journal: everything from outside, on disk before anybody acts on it (embedded stack).

The folder holds segments `0000000001.journal`, `0000000002.journal`, …, each a row of blocks.
A block is one entry: a header (magic, group, blocks left in it, length, CRC-32) and the body as MessagePack.
One entry is what the door accepted in one call, so the costs of framing and checking fall once a batch, not once a
record.
Blocks that were fsynced together are a group; groups are numbered through a segment.
A kill -9 or a power cut can only tear the last group, which nobody had been told was accepted: it is cut off when the
journal is opened. A sound block of a later group behind a bad one is damage to what was accepted: that is not cut off.
"""

import io
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zlib import crc32

import msgspec

from streams.contracts.errors import UnavailableError, UnreadableError

_MAGIC = b"hwj2"
_HEADER = struct.Struct("<4sIIII")
_ENDING = ".journal"


class Position(NamedTuple):
    """A place between two entries: the number of the segment and the byte offset in it."""

    segment: int
    offset: int


START = Position(0, 0)
"""Before everything that a journal can hold."""


class Entry(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What was accepted in one call: record keys and values of one topic, stamped once, in their order."""

    arrived_at_ms: int
    topic: str
    rows: list[tuple[bytes, bytes]]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Entry).decode


class Journal:
    """One writer's journal in one folder. All calls block; append from one thread at a time.

    `cut_bytes` says how much of a torn tail was cut off on opening.
    """

    def __init__(self, folder: Path, *, segment_bytes: int = 64 << 20) -> None:
        """Open the journal, making the folder if need be; a new segment begins after `segment_bytes`.

        Raises:
            OSError: the folder cannot be used.
            UnreadableError: something that had been accepted is damaged; names the file and the byte.
        """
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._file: io.FileIO | None = None
        self.cut_bytes = 0
        self._group = 0
        folder.mkdir(parents=True, exist_ok=True)
        segments = self._segments()
        if segments:
            path = self._path(segments[-1])
            whole, self._group = _end_of_whole_blocks(path)
            self.cut_bytes = path.stat().st_size - whole
            self._durable = Position(segments[-1], whole)
        else:
            self._durable = Position(1, 0)
        self._open()

    @property
    def position(self) -> Position:
        """The end: everything before it is safe on disk."""
        return self._durable

    def append(self, entries: Sequence[Entry]) -> Position:
        """Write entries and fsync once; on return they are safe, all of them. Returns the new end.

        Raises:
            UnavailableError: the disk refused; none of the entries counts as written, and the next call tries anew.
        """
        group = self._group + 1
        blocks = [_block(entry, group, len(entries) - number) for number, entry in enumerate(entries, 1)]
        try:
            if self._file is None:
                self._open()
            if self._durable.offset >= self._segment_bytes:
                self.roll()
            self._write(b"".join(blocks))
        except OSError as error:
            self._close_file()
            raise UnavailableError(f"the journal cannot be written: {error}") from error
        self._group = group
        self._durable = self._durable._replace(offset=self._durable.offset + sum(map(len, blocks)))
        return self._durable

    def roll(self) -> Position:
        """Begin a new segment, so that `remove_before` can drop all older ones; returns its start."""
        if self._durable.offset:
            self._close_file()
            self._durable = Position(self._durable.segment + 1, 0)
            self._open()
        return self._durable

    def read(self, from_position: Position = START) -> Iterator[tuple[Position, Entry]]:
        """Entries from a position to the end that stands now, each with the position after it.

        Raises:
            UnreadableError: the position lies in removed segments, or a block was damaged after it had been written.
        """
        end = self._durable
        segments = [number for number in self._segments() if from_position.segment <= number <= end.segment]
        if from_position != START and (not segments or segments[0] != from_position.segment):
            raise UnreadableError(f"segment {from_position.segment} is not there any more", field="position")
        for number in segments:
            offset = from_position.offset if number == from_position.segment else 0
            path = self._path(number)
            stop = end.offset if number == end.segment else path.stat().st_size
            with path.open("rb") as file:
                file.seek(offset)
                while offset < stop:
                    block = _next_block(file)
                    if block is None:
                        raise UnreadableError(f"damaged at byte {offset}", field=path.name)
                    offset += _HEADER.size + len(block.body)
                    yield Position(number, offset), _decode(block.body)

    def bytes_behind(self, position: Position) -> int:
        """How many bytes stand behind a position, up to the end that stands now."""
        end = self._durable
        whole = (number for number in self._segments() if position.segment <= number < end.segment)
        return sum(self._path(number).stat().st_size for number in whole) + end.offset - position.offset

    def remove_before(self, position: Position) -> int:
        """Delete the segments that lie wholly before a position; returns how many."""
        old = [number for number in self._segments() if number < min(position.segment, self._durable.segment)]
        for number in old:
            self._path(number).unlink()
        return len(old)

    def close(self) -> None:
        """Let go of the file; what was appended is safe already."""
        self._close_file()

    def _segments(self) -> list[int]:
        return sorted(int(path.stem) for path in self._folder.glob("*" + _ENDING))

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:010d}{_ENDING}"

    def _open(self) -> None:
        """Open the last segment at its safe end, cutting off whatever stands behind it."""
        path = self._path(self._durable.segment)
        new = not path.exists()
        self._file = io.FileIO(path, "a")
        self._file.truncate(self._durable.offset)
        os.fsync(self._file.fileno())
        if new:
            _fsync_folder(self._folder)

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        os.fdatasync(self._file.fileno())

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _block(entry: Entry, group: int, left: int) -> bytes:
    body = _encode(entry)
    return _HEADER.pack(_MAGIC, group, left, len(body), _check(group, left, body)) + body


def _check(group: int, left: int, body: bytes) -> int:
    return crc32(body, crc32(b"%d %d" % (group, left)))


class _Block(NamedTuple):
    group: int
    left: int
    body: bytes


def _next_block(file: BinaryIO) -> _Block | None:
    """The block that begins here; None where no whole, sound block does."""
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    magic, group, left, length, check = _HEADER.unpack(header)
    if magic != _MAGIC:
        return None
    body = file.read(length)
    return _Block(group, left, body) if len(body) == length and _check(group, left, body) == check else None


def _end_of_whole_blocks(path: Path) -> tuple[int, int]:
    """Where the whole blocks from the beginning end, and the last group begun; what follows is a torn group.

    Raises:
        UnreadableError: a later group stands behind the torn one, so what had been accepted is damaged.
    """
    whole, group, left = 0, 0, 0
    with path.open("rb") as file:
        while (block := _next_block(file)) is not None:
            whole += _HEADER.size + len(block.body)
            group, left = block.group, block.left
        file.seek(whole)
        tail = file.read()
    torn = group if left else group + 1
    at = tail.find(_MAGIC)
    while at >= 0:
        later = _next_block(io.BytesIO(tail[at:]))
        if later is not None and later.group > torn:
            reason = f"damaged at byte {whole}, and what was accepted later stands behind it: restore the file"
            raise UnreadableError(reason, field=path.name)
        at = tail.find(_MAGIC, at + 1)
    return whole, torn


def _fsync_folder(folder: Path) -> None:
    """Make the name of a new file durable; the folder is a file too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
