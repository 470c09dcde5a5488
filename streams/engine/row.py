"""A key's row: a fixed prefix that is read without decoding, then the state, then the outputs on their way.

Layout: HEAD, the names (feed, incarnation, registry version), the state (msgpack), the outbox (msgpack).
The outbox comes last, so that a row without it is the same bytes cut short.
"""

import struct
from typing import Any, NamedTuple

import msgspec

from streams.engine.due import FAR

FORMAT = 1
"""The layout of rows; another one is refused, never guessed at."""

NO_OFFSET = -1
"""The offset of a key that has seen no record."""

_HEAD = struct.Struct(">BBqIqqIBBB")
_QUARANTINED = 1
_OUTBOX = 2


class Sent(NamedTuple):
    """One output, stamped and encoded: what goes out is these bytes, however often it goes out."""

    topic: str
    key: bytes
    value: bytes
    known_ms: int


class Head(NamedTuple):
    """What a row tells before it is decoded.

    `wake_ms`: when `on_time` is due (FAR: never). `checkpoint`: the one that wrote it. `last`: offset of the last
    source record it has seen, in the broker of `incarnation`. `version`: the last one stamped on an output.
    """

    wake_ms: int = FAR
    checkpoint: int = 0
    last: int = NO_OFFSET
    version: int = 0
    feed: str = ""
    incarnation: str = ""
    registry: str = ""
    quarantined: bool = False
    has_outbox: bool = False
    state_at: int = 0
    state_end: int = 0


_encode = msgspec.msgpack.Encoder().encode
_decode_outbox = msgspec.msgpack.Decoder(list[Sent]).decode


def pack(head: Head, state: bytes, outbox: list[Sent]) -> bytes:
    """A row as bytes; `state` is the state as msgpack.

    Raises:
        ValueError: a name is longer than 255 bytes.
    """
    names = (head.feed.encode(), head.incarnation.encode(), head.registry.encode())
    if max(map(len, names)) > 255:
        raise ValueError("a feed, incarnation or registry version is longer than 255 bytes")
    flags = (_QUARANTINED if head.quarantined else 0) | (_OUTBOX if outbox else 0)
    fixed = _HEAD.pack(
        FORMAT, flags, head.wake_ms, head.checkpoint, head.last, head.version, len(state), *map(len, names)
    )
    return b"".join((fixed, *names, state, _encode(outbox) if outbox else b""))


def head_of(raw: bytes) -> Head:
    """The prefix of a row.

    Raises:
        ValueError: the row has another layout.
    """
    layout, flags, wake, checkpoint, last, version, size, feed, incarnation, registry = _HEAD.unpack_from(raw)
    if layout != FORMAT:
        raise ValueError(f"a row of layout {layout}; this engine reads {FORMAT}")
    a = _HEAD.size + feed
    b = a + incarnation
    c = b + registry
    return Head(
        wake_ms=wake,
        checkpoint=checkpoint,
        last=last,
        version=version,
        feed=raw[_HEAD.size : a].decode(),
        incarnation=raw[a:b].decode(),
        registry=raw[b:c].decode(),
        quarantined=bool(flags & _QUARANTINED),
        has_outbox=bool(flags & _OUTBOX),
        state_at=c,
        state_end=c + size,
    )


def without_outbox(raw: bytes, head: Head) -> bytes:
    """The same row with nothing on its way."""
    if not head.has_outbox:
        return raw
    return raw[:1] + bytes([raw[1] & ~_OUTBOX]) + raw[2 : head.state_end]


def outbox_of(raw: bytes, head: Head) -> list[Sent]:
    """The outputs that a row carries."""
    return _decode_outbox(raw[head.state_end :]) if head.has_outbox else []


class Row:
    """A decoded row. `base` is its state as of the last cut and `since` the calls made from there.

    A call that raises may leave the state half changed; base and since make it whole again, so that no copy has to
    be taken before each call.
    """

    __slots__ = (
        "base",
        "feed",
        "incarnation",
        "last",
        "outbox",
        "quarantined",
        "registry",
        "since",
        "state",
        "version",
    )

    def __init__(self, head: Head, state: Any, base: bytes) -> None:
        """Take over what the prefix says; an empty `base` is a key that was never written."""
        self.state = state
        self.base = base
        self.since: list[Any] = []
        self.outbox: list[Sent] = []
        self.last = head.last
        self.incarnation = head.incarnation
        self.version = head.version
        self.feed = head.feed
        self.registry = head.registry
        self.quarantined = head.quarantined
