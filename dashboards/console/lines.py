"""JSON lines at the door: each line a record or a reason why not."""

from typing import Any, NamedTuple

import msgspec

from streams.contracts.codec import decode, decode_mark, identity
from streams.contracts.dead_letter import RAW_BYTES_MAX, DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.mark import Mark
from streams.contracts.topics import Topic
from streams.source import LINE_BYTES_MAX

REASONS_MAX = 20
"""How many refused lines an answer tells one by one; all are counted."""


class RefusedLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line that was not taken and why, in both languages; `line` counts from 1, blank lines included."""

    line: int
    reason: str
    field: str = ""
    reason_zh: str = ""


class IntakeAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of a batch: accepted lines are kept and never lost, dead ones are kept with their reason."""

    accepted: int
    dead: int
    refused: tuple[RefusedLine, ...] = ()


class Line(NamedTuple):
    """A line that is not blank, with its number counted from 1."""

    number: int
    raw: bytes


class ReadLines(NamedTuple):
    """The records of a body, the line each stood in, and the lines that could not be read."""

    records: list[Any]
    lines: list[Line]
    refused: list[tuple[Line, RefusedLine]]


def refused_line(line: Line, error: UnreadableError) -> RefusedLine:
    """A line that was refused by this error."""
    return RefusedLine(line=line.number, reason=error.reason, field=error.field, reason_zh=error.words.zh)


def lines_of(body: bytes) -> list[Line]:
    """The lines of a body that are not blank."""
    return [Line(number, raw) for number, raw in enumerate(body.splitlines(), 1) if raw.strip()]


def read_lines(topic: Topic, body: bytes) -> ReadLines:
    """Every line as a record of `topic`; a line that cannot be read stops nothing."""
    read = ReadLines([], [], [])
    for line in lines_of(body):
        try:
            record = _record_of(topic, line.raw)
        except UnreadableError as error:
            read.refused.append((line, refused_line(line, error)))
        else:
            read.records.append(record)
            read.lines.append(line)
    return read


def _record_of(topic: Topic, raw: bytes) -> Any:
    if len(raw) > LINE_BYTES_MAX:
        zh = f"该行有 {len(raw)} 字节，超过 {LINE_BYTES_MAX}"
        raise UnreadableError(f"the line has {len(raw)} bytes, more than {LINE_BYTES_MAX}", zh=zh)
    return decode(topic, raw)


def read_marks(body: bytes) -> list[Mark]:
    """Every line as a mark.

    Raises:
        UnreadableError: a line is no mark; then none of them counts.
    """
    return [decode_mark(line.raw) for line in lines_of(body)]


def letter_of(line: Line, refused: RefusedLine, source: str) -> DeadLetter:
    """A refused line as a dead letter, with the beginning of its bytes. Refused again it is the same letter."""
    return DeadLetter(
        letter_id=identity("door", source, line.raw.decode(errors="backslashreplace")),
        place=f"{source} line {line.number}",
        source=source,
        reason=refused.reason,
        field=refused.field,
        raw=line.raw[:RAW_BYTES_MAX],
    )
