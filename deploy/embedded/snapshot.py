"""One snapshot of all rows with the journal position they stand for; a start loads it and replays the tail.

A file of frames: a header, rows, and an end frame with the number of rows.
A file without its end frame is as if it were not there: the journal is kept until the snapshot is whole.
"""

import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from deploy.embedded.data_folder import put_in_place
from deploy.embedded.mark_history import MarkHistory

_FRAME = struct.Struct(">II")  # length, crc32
_TELL_BYTES = 1 << 20

Row = tuple[str, int, bytes, bytes]
"""Process, partition, key, raw row."""


class SnapshotHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a snapshot stands for. `journal` is the journal's own position, as text."""

    journal: str
    registry_version: str
    partitions: int
    at_ms: int
    horizons: dict[str, int] = {}
    history: MarkHistory = msgspec.field(default_factory=MarkHistory)
    format: int = 1

    def check_partitions(self, partitions: int, folder: Path) -> None:
        """Refuse to go on with another number of partitions.

        Raises:
            SnapshotError: it differs.
        """
        if self.partitions != partitions:
            raise SnapshotError(
                f"{folder} was made with {self.partitions} partitions, the settings say {partitions}: "
                "partition counts are fixed for a folder's life"
            )


class _End(msgspec.Struct, frozen=True, kw_only=True):
    rows: int


class SnapshotError(Exception):
    """A snapshot cannot be used; the text names the file and says why."""


def write_snapshot(file: Path, header: SnapshotHeader, rows: Iterable[Row]) -> int:
    """Replace the snapshot; returns how many rows it has. A crash leaves the old one whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".new")
    encode = msgspec.msgpack.Encoder().encode
    count = 0
    with beside.open("wb") as out:

        def put(payload: bytes) -> None:
            out.write(_FRAME.pack(len(payload), zlib.crc32(payload)))
            out.write(payload)

        put(encode(header))
        for row in rows:
            put(encode(row))
            count += 1
        put(encode(_End(rows=count)))
        out.flush()
        os.fsync(out.fileno())
    put_in_place(beside, file)
    return count


def read_snapshot(
    file: Path, tell: Callable[[int, int], None] = lambda _, __: None
) -> tuple[SnapshotHeader, list[Row]] | None:
    """The snapshot, or None where there is none. `tell` is told how many bytes are read, of how many.

    Raises:
        SnapshotError: the file is damaged; a snapshot is replaced whole, so this is the disk's doing.
    """
    if not file.exists():
        return None
    frames = _frames(file, tell)
    try:
        header = msgspec.msgpack.decode(next(frames), type=SnapshotHeader)
        decode = msgspec.msgpack.Decoder(Row | _End).decode
        rows: list[Row] = []
        for payload in frames:
            row = decode(payload)
            if isinstance(row, _End):
                if row.rows != len(rows):
                    raise SnapshotError(f"{file}: {row.rows} rows were written, {len(rows)} are there")
                return header, rows
            rows.append(row)
    except (StopIteration, msgspec.DecodeError) as error:
        raise SnapshotError(f"{file}: {error or 'empty'}") from error
    raise SnapshotError(f"{file}: the end is missing")


def _frames(file: Path, tell: Callable[[int, int], None]) -> Iterator[bytes]:
    size, at, told = file.stat().st_size, 0, 0
    with file.open("rb") as read:
        while head := read.read(_FRAME.size):
            if len(head) < _FRAME.size:
                raise SnapshotError(f"{file}: cut off")
            length, crc = _FRAME.unpack(head)
            payload = read.read(length)
            if len(payload) != length or zlib.crc32(payload) != crc:
                raise SnapshotError(f"{file}: damaged")
            at += len(head) + length
            if at == size or at - told >= _TELL_BYTES:
                told = at
                tell(at, size)
            yield payload
