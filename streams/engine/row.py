"""A key's row: a fixed prefix that is read without decoding, then the state, then the outputs on their way.

Layout: HEAD, the names (feed, incarnation, registry version), the state (msgpack), the outbox (msgpack).
The outbox comes last, so that a row without it is the same bytes cut short.
"""

import struct
from typing import Any, NamedTuple

import msgspec

from streams.engine.due import FAR
from streams.engine.ownership import NO_EPOCH
from streams.engine.slots import NO_SLOTS, Slots
from streams.engine.states import FIRST_SHAPE

FORMAT = 2
"""The layout of rows that are written; the one before it is still read, another one is refused."""

NO_OFFSET = -1
"""The offset of a key that has seen no record."""

_HEADS = {1: struct.Struct(">BBqIqqIBBB"), 2: struct.Struct(">BBqIqqIBBBBq4I")}
_HEAD = _HEADS[FORMAT]
_WAKE = _EPOCH = struct.Struct(">q")
_SLOTS = struct.Struct(">4I")
_LENGTHS_AT = 34
_EPOCH_AT = _HEAD.size - 24
_SLOTS_AT = _EPOCH_AT + _EPOCH.size
_GONE = 0
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
    `epoch`: of the owner that wrote it, see `ownership`. `shape`: of its state, see `states`.
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
    epoch: int = NO_EPOCH
    shape: int = FIRST_SHAPE
    slots: Slots = NO_SLOTS


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
    lengths = map(len, (state, *names))
    fixed = _HEAD.pack(
        FORMAT,
        flags,
        head.wake_ms,
        head.checkpoint,
        head.last,
        head.version,
        *lengths,
        head.shape,
        head.epoch,
        *head.slots,
    )
    return b"".join((fixed, *names, state, _encode(outbox) if outbox else b""))


def head_of(raw: bytes) -> Head:
    """The prefix of a row.

    Raises:
        ValueError: the row has another layout.
    """
    names_at = _names_at(raw)
    read = _HEADS[raw[0]].unpack_from(raw)
    _, flags, wake, checkpoint, last, version, size, feed, incarnation, registry, *more = read
    shape, epoch, *slots = more or (FIRST_SHAPE, NO_EPOCH, *NO_SLOTS)
    a = names_at + feed
    b = a + incarnation
    c = b + registry
    return Head(
        wake_ms=wake,
        checkpoint=checkpoint,
        last=last,
        version=version,
        feed=raw[names_at:a].decode(),
        incarnation=raw[a:b].decode(),
        registry=raw[b:c].decode(),
        quarantined=bool(flags & _QUARANTINED),
        has_outbox=bool(flags & _OUTBOX),
        state_at=c,
        state_end=c + size,
        epoch=epoch,
        shape=shape,
        slots=Slots(*slots),
    )


def gone(epoch: int) -> bytes:
    """What stands in the log for a key that has no row, in this epoch; a plain removal could not carry one."""
    return bytes([_GONE]) + _EPOCH.pack(epoch)


def is_gone(raw: bytes) -> bool:
    """Whether this says that there is no row."""
    return raw[0] == _GONE


def epoch_of(raw: bytes) -> int:
    """The epoch of a row, read by itself: restoring asks it of every one."""
    if raw[0] == FORMAT:
        return int(_EPOCH.unpack_from(raw, _EPOCH_AT)[0])
    return int(_EPOCH.unpack_from(raw, 1)[0]) if raw[0] == _GONE else NO_EPOCH


def wake_and_feed(raw: bytes) -> tuple[int, str]:
    """When the key of a row is due and by whose horizon, read by themselves: restoring asks them of every row."""
    start = _names_at(raw)
    wake: int = _WAKE.unpack_from(raw, 2)[0]
    return wake, str(raw[start : start + raw[_LENGTHS_AT]], "utf-8")


def judged_by(raw: bytes) -> tuple[str, Slots]:
    """The registry version that a row was judged by and what of it the subject depends on, read by themselves."""
    slots = Slots._make(_SLOTS.unpack_from(raw, _SLOTS_AT)) if raw[0] == FORMAT else NO_SLOTS
    return str(_registry(raw), "utf-8"), slots


def judgement(raw: bytes) -> bytes:
    """What `judged_by` tells, as bytes that are equal where it is: a scan of a million rows compares nothing else."""
    return raw[:1] + _registry(raw) + (raw[_SLOTS_AT : _HEAD.size] if raw[0] == FORMAT else b"")


def _registry(raw: bytes) -> bytes:
    start = _names_at(raw) + raw[_LENGTHS_AT] + raw[_LENGTHS_AT + 1]
    return raw[start : start + raw[_LENGTHS_AT + 2]]


def carries_outbox(raw: bytes) -> bool:
    """Whether outputs are on their way with this row."""
    return bool(raw[1] & _OUTBOX)


def _names_at(raw: bytes) -> int:
    layout = _HEADS.get(raw[0])
    if layout is None:
        raise ValueError(f"a row of layout {raw[0]}; this engine reads {sorted(_HEADS)}")
    return layout.size


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
        "slots",
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
        self.slots = head.slots
