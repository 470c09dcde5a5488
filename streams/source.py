"""What a source is: one foreign format, bytes in, canonical case events or a reason out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from streams.contracts.case_event import CaseEvent
from streams.contracts.words import Words

LINE_BYTES_MAX = 1 << 20
"""The longest line that is read as one; what is longer is no record of anybody's."""


class SourceMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every mapping file says; each source's own struct adds what its format needs.

    `source` is the module name of a source, `matches` are file name patterns (`receipt*.xes*`), `feed` and `hall` are
    registry names, `zone` is the time zone of stamps without one (empty: the hall's).
    """

    source: str
    matches: tuple[str, ...] = ()
    feed: str = ""
    hall: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Rejection:
    """A piece of a file that gives no event: where it stands, why, which field, and its own bytes."""

    place: Words
    reason: Words
    field: str = ""
    raw: bytes = b""


Read = CaseEvent | Rejection
"""What a source makes of each piece of a file."""

Mask = Callable[[str], str]
"""Turns personal data into something that tells equal from unequal and shows nobody."""


@dataclass(frozen=True)
class Source:
    """One foreign format.

    `read` takes the plain bytes (already decompressed), a mapping of `mapping_type`, the zone of stamps that carry
    none, and the mask. It reads as it goes, in bounded memory, and yields in the order of the file.
    Where the stream breaks off, it yields everything that stood whole before the break and lets the stream's
    UnreadableError through. It raises UnreadableError itself when nothing further in the file can be used.
    """

    title_zh: str
    title_en: str
    mapping_type: type[SourceMapping]
    read: Callable[[BinaryIO, Any, ZoneInfo, Mask], Iterator[Read]]


TOO_LONG = Words("该行过长", "the line is too long")
"""Why a line that is too long is set aside."""


class Line(NamedTuple):
    """One line of a file with its number (from 1). Of a line that is too long, only the beginning is kept."""

    number: int
    raw: bytes
    too_long: bool = False


def line_place(number: int) -> Words:
    """Where a line stands."""
    return Words(f"第 {number} 行", f"line {number}")


def lines_of(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a stream, each at most LINE_BYTES_MAX long in memory."""
    number = 0
    while raw := stream.readline(LINE_BYTES_MAX):
        number += 1
        too_long = len(raw) == LINE_BYTES_MAX and not raw.endswith(b"\n")
        if too_long:
            while (rest := stream.readline(LINE_BYTES_MAX)) and not rest.endswith(b"\n"):
                pass
        yield Line(number, raw, too_long)
