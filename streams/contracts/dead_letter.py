"""A message that could not be read or processed: its beginning, with the place and the reason."""

import msgspec

from streams.contracts.instants import Instant

RAW_BYTES_MAX = 64 * 1024
"""How much of a message that was set aside is kept."""


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One record set aside. `place` is where it stood: file and line, or topic, partition and offset."""

    letter_id: str
    place: str
    source: str
    reason: str
    field: str = ""
    raw: bytes = b""
    traceback: str = ""
    version: int = 0
    known_at: Instant | None = None
