"""Opens a file for a source: plain or gzip, told apart by content, with progress and an honest end."""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from streams.contracts.errors import UnreadableError

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 16
_WITH_HEADER = zlib.MAX_WBITS | 16


class OpenedFile:
    """A file being read. `stream` gives the plain bytes; `position` of `size` bytes on disk have been read.

    Where a compressed file breaks off or is damaged, `stream` gives everything before the break and then raises
    UnreadableError, so that nothing cut in half looks whole.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Look at the first bytes to see what it is."""
        self.size = size
        self._file = file
        head = file.read(len(_GZIP))
        file.seek(0)
        raw = _Unpacked(file) if head == _GZIP else None
        self.stream: BinaryIO = io.BufferedReader(raw, _CHUNK) if raw else file

    @property
    def position(self) -> int:
        """How many bytes of the file on disk have been read."""
        return self._file.tell()


@contextmanager
def open_file(path: Path) -> Iterator[OpenedFile]:
    """Open a file for a source; closed on leaving.

    Raises:
        UnreadableError: it cannot be opened; names it.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableError(
            str(error.strerror or error), zh=f"打不开（{error.strerror or error}）", field=str(path)
        ) from error
    with file:
        yield OpenedFile(file, path.stat().st_size)


class _Unpacked(io.RawIOBase):
    """The plain bytes of a gzip file of one or several members; zeros behind the last one are padding."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unpacker = zlib.decompressobj(_WITH_HEADER)
        self._packed = b""
        self._plain = memoryview(b"")
        self._broken: UnreadableError | None = None
        self._at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        while not self._plain and not self._at_end:
            if self._broken:
                raise self._broken
            self._unpack()
        part = self._plain[: len(buffer)]
        buffer[: len(part)] = part
        self._plain = self._plain[len(part) :]
        return len(part)

    def _unpack(self) -> None:
        self._packed = self._packed or self._file.read(_CHUNK)
        if self._unpacker.eof:
            self._next_member()
            return
        if not self._packed:
            at = f"byte {self._file.tell()}"
            self._broken = UnreadableError("the compressed file breaks off", zh="压缩文件在此中断", field=at)
            return
        before = self._unpacker.copy()
        try:
            self._plain = memoryview(self._unpacker.decompress(self._packed))
        except zlib.error as error:
            self._plain = memoryview(_all_before_damage(before, self._packed))
            reason = f"the compressed file is damaged: {error}"
            self._broken = UnreadableError(reason, zh=f"压缩文件已损坏（{error}）", field="gzip")
            return
        self._packed = self._unpacker.unused_data

    def _next_member(self) -> None:
        self._packed = self._packed.lstrip(b"\x00")
        if self._packed:
            self._unpacker = zlib.decompressobj(_WITH_HEADER)
        elif not (more := self._file.read(_CHUNK)):
            self._at_end = True
        else:
            self._packed = more


def _all_before_damage(unpacker: "zlib._Decompress", packed: bytes) -> bytes:
    """Byte by byte, since a failing call gives nothing of what it had unpacked."""
    plain = bytearray()
    for position in range(len(packed)):
        try:
            plain += unpacker.decompress(packed[position : position + 1])
        except zlib.error:
            break
    return bytes(plain)
