"""Outputs become bytes: stamped with what was known when, encoded once."""

import traceback
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import force_setattr

from streams.contracts.codec import encode, identity
from streams.contracts.dead_letter import RAW_BYTES_MAX, DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.topics import DEAD_LETTERS
from streams.engine.log import OUTPUT_BYTES_MAX
from streams.engine.process import Output
from streams.engine.row import Sent


def stamp(outputs: Iterable[Output], previous: int, known_ms: int) -> tuple[list[Sent], int]:
    """Outputs as they will be sent, and the version of the last of them.

    A version is the microseconds of when an output became known, and always above the row's `previous` one.
    `known_ms` is the stamp of the record being worked on, or the wake's own time: never a wall clock, so that a
    replay of the journal gives the same bytes. An output may name a later instant.

    Raises:
        ValueError: an output is larger than its topic takes.
    """
    sent: list[Sent] = []
    known_at: datetime = from_ms(known_ms)
    for output in outputs:
        body, topic, since_ms, since = output.body, output.topic.name, known_ms, known_at
        if output.since_ms > known_ms:
            since_ms = output.since_ms
            since = from_ms(since_ms)
        since_us = since_ms * 1000
        previous = since_us if since_us > previous else previous + 1
        force_setattr(body, "version", previous)  # the body was made for this; a copy of it would be a third dearer
        force_setattr(body, "known_at", since)
        value = encode(body)
        if len(value) > OUTPUT_BYTES_MAX:
            raise ValueError(f"an output to {topic} would have {len(value)} bytes; it takes {OUTPUT_BYTES_MAX}")
        sent.append(Sent(topic, output.key.encode(), value, since_ms))
    return sent, previous


def coalesce(sent: Sequence[Sent], topics: frozenset[str]) -> list[Sent]:
    """The same outputs, of these topics only the last one of each key; every other one keeps its place."""
    last = {(one.topic, one.key): n for n, one in enumerate(sent) if one.topic in topics}
    return [one for n, one in enumerate(sent) if last.get((one.topic, one.key), n) == n]


def dead_letter(source: str, place: str, raw: bytes, key: bytes, known_ms: int, error: Exception) -> DeadLetter:
    """What is kept of a record that could not be worked on; `source` is the process.

    The id comes from what the record is, not from where it stands, so that a replay makes no second letter. What is
    long is cut: a letter that is too large itself would stop everything.
    """
    unreadable = isinstance(error, UnreadableError)
    reason = error.reason if isinstance(error, UnreadableError) else f"{type(error).__name__}: {error}"
    return DeadLetter(
        letter_id=identity(source, key.hex(), raw.hex(), known_ms),
        place=place,
        source=source,
        reason=reason[:RAW_BYTES_MAX],
        field=error.field if isinstance(error, UnreadableError) else "",
        raw=raw[:RAW_BYTES_MAX],
        traceback="" if unreadable else "".join(traceback.format_exception(error))[-RAW_BYTES_MAX:],
    )


def letter_output(letter: DeadLetter) -> Output:
    """A dead letter on its way to its topic."""
    return Output(DEAD_LETTERS, letter.letter_id, letter)
