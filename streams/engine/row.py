"""A key's row: a fixed prefix that is read without decoding, then the state, then the outputs on their way.

Layout: the head, the lengths of the names and the names (feed, incarnation, registry version), the slots if the
subject tells any, the state (msgpack). Outputs on their way stand behind that, with what is needed to find them, so
that a row without them is the same bytes cut short, but for a flag. Two older layouts are still read.
"""

import struct
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from streams.engine.due import FAR, NO_SLOT
from streams.engine.log import STATE_BYTES_MAX
from streams.engine.ownership import NO_EPOCH
from streams.engine.slots import NO_SLOTS, Slots
from streams.engine.states import FIRST_SHAPE

FORMAT = 3
"""The layout of rows that are written; those before it are still read, another one is refused."""

NO_OFFSET = -1
"""The offset of a key that has seen no record."""

_HEAD = struct.Struct(">BBqqqqB")
_OLD_HEADS = {1: struct.Struct(">BBqIqqIBBB"), 2: struct.Struct(">BBqIqqIBBBBq4I")}
_OLD_LENGTHS_AT = 34
_OLD_SLOTS_AT = 46
_WAKE = _EPOCH = struct.Struct(">q")
_WAKE_AT = 2
_EPOCH_AT = {FORMAT: 26, 2: 38}
_SLOTS = struct.Struct(">4I")
_TAIL = struct.Struct(">II")
"""Behind the outputs on their way: the checkpoint that wrote them and where they begin."""

_GONE = 0
_QUARANTINED = 1
_OUTBOX = 2
_SLOTTED = 4


class Sent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One output, stamped and encoded: what goes out is these bytes, however often it goes out."""

    topic: str
    key: bytes
    value: bytes
    known_ms: int


class Head(NamedTuple):
    """What a row tells before it is decoded.

    `wake_ms`: when `on_time` is due (FAR: never). `last`: offset of the last source record it has seen, in the broker
    of `incarnation`. `version`: the last one stamped on an output. `epoch`: of the owner that wrote it, see
    `ownership`. `shape`: of its state, see `states`. `checkpoint`: the one that wrote it, where outputs are on their
    way with it (`has_outbox`).
    """

    wake_ms: int = FAR
    last: int = NO_OFFSET
    version: int = 0
    feed: str = ""
    incarnation: str = ""
    registry: str = ""
    quarantined: bool = False
    epoch: int = NO_EPOCH
    shape: int = FIRST_SHAPE
    slots: Slots = NO_SLOTS
    state_at: int = 0
    state_end: int = 0
    checkpoint: int = 0
    has_outbox: bool = False


Base = tuple[int, int, str, str, bool, int]
"""How a row stood when its state was packed: wake, version, feed, registry version, whether in quarantine, and how many
outputs were on their way. A plain tuple: there is one for each row of a checkpoint."""


class Row:
    """A decoded row. `packed` is its state as msgpack, without the `calls` that followed on `base`.

    A call that raises may leave the state half changed: it is then made again from `packed` and `calls`, see
    `subjects`. `dirty`: the next checkpoint writes it. `due_slot`: where its wake stands in the due index.
    """

    __slots__ = (
        "base",
        "calls",
        "dirty",
        "due_slot",
        "feed",
        "incarnation",
        "last",
        "outbox",
        "packed",
        "quarantined",
        "registry",
        "slots",
        "state",
        "version",
        "wake_ms",
    )

    def __init__(self, head: Head, state: Any, packed: bytes, due_slot: int = NO_SLOT) -> None:
        """Take over what the prefix says; `packed` is empty for a key that nothing has been done for."""
        self.state = state
        self.packed = packed
        self.calls: list[Any] | None = None
        self.base: Base | None = None
        self.due_slot = due_slot
        self.dirty = False
        self.outbox: list[Sent] | None = None
        self.wake_ms = head.wake_ms
        self.last = head.last
        self.incarnation = head.incarnation
        self.version = head.version
        self.feed = head.feed
        self.registry = head.registry
        self.quarantined = head.quarantined
        self.slots = head.slots


_encode = msgspec.msgpack.Encoder().encode
_decode_outbox = msgspec.msgpack.Decoder(list[Sent]).decode


@lru_cache(maxsize=1 << 12)
def _names(feed: str, incarnation: str, registry: str) -> bytes:
    names = (feed.encode(), incarnation.encode(), registry.encode())
    if max(map(len, names)) > 255:
        raise ValueError("a feed, incarnation or registry version is longer than 255 bytes")
    return b"".join((bytes(map(len, names)), *names))


def pack(row: Row, shape: int, epoch: int, checkpoint: int = 0) -> bytes:
    """A row as bytes, with the outputs that are on their way since this checkpoint; `shape`: of its state.

    Raises:
        ValueError: a name is longer than 255 bytes.
    """
    outbox, slots = row.outbox, row.slots
    flags = (_QUARANTINED if row.quarantined else 0) | (_SLOTTED if slots is not NO_SLOTS else 0)
    if outbox:
        flags |= _OUTBOX
    fixed = _HEAD.pack(FORMAT, flags, row.wake_ms, row.last, row.version, epoch, shape)
    names = _names(row.feed, row.incarnation, row.registry)
    slotted = b"" if slots is NO_SLOTS else _SLOTS.pack(*slots)
    if not outbox:
        return b"".join((fixed, names, slotted, row.packed))
    state_end = len(fixed) + len(names) + len(slotted) + len(row.packed)
    return b"".join((fixed, names, slotted, row.packed, _encode(outbox), _TAIL.pack(checkpoint, state_end)))


def check_plan(wake_ms: int, feed: str) -> None:
    """Refuse what no row could carry; a row that cannot be packed would stop everything else in its checkpoint.

    Raises:
        Exception: of whatever kind: one of them is of the wrong type, out of range or too long.
    """
    _WAKE.pack(wake_ms)
    _names(feed, "", "")


def check_size(packed: bytes) -> None:
    """Refuse a state that its record could not carry.

    Raises:
        ValueError: it is too large.
    """
    if len(packed) > STATE_BYTES_MAX:
        raise ValueError(f"the state would have {len(packed)} bytes; no more than {STATE_BYTES_MAX} are kept")


def check_slots(slots: Slots) -> None:
    """Refuse what no row could carry.

    Raises:
        Exception: of whatever kind: one of them is no number of 32 bits.
    """
    _SLOTS.pack(*slots)


def without_outbox(raw: bytes) -> bytes:
    """The same row with nothing on its way."""
    if not carries_outbox(raw):
        return raw
    return raw[:1] + bytes([raw[1] & ~_OUTBOX]) + raw[2 : head_of(raw).state_end]


def head_of(raw: bytes) -> Head:
    """The prefix of a row.

    Raises:
        ValueError: the row has another layout.
    """
    if raw[0] != FORMAT:
        return _old_head_of(raw)
    _, flags, wake, last, version, epoch, shape = _HEAD.unpack_from(raw)
    a, b, c, d = _names_in(raw)
    slots, at = (Slots._make(_SLOTS.unpack_from(raw, d)), d + _SLOTS.size) if flags & _SLOTTED else (NO_SLOTS, d)
    names = raw[a:b].decode(), raw[b:c].decode(), raw[c:d].decode()
    checkpoint, end = _TAIL.unpack_from(raw, len(raw) - _TAIL.size) if flags & _OUTBOX else (0, len(raw))
    marks = bool(flags & _QUARANTINED), bool(flags & _OUTBOX)
    return Head(wake, last, version, *names, marks[0], epoch, shape, slots, at, end, checkpoint, marks[1])


def _old_head_of(raw: bytes) -> Head:
    a, b, c, d = _names_in(raw)
    _, flags, wake, checkpoint, last, version, size, _, _, _, *more = _OLD_HEADS[raw[0]].unpack_from(raw)
    shape, epoch, *slots = more or (FIRST_SHAPE, NO_EPOCH, *NO_SLOTS)
    names = raw[a:b].decode(), raw[b:c].decode(), raw[c:d].decode()
    marks = bool(flags & _QUARANTINED), bool(flags & _OUTBOX)
    known = Slots._make(slots) if any(slots) else NO_SLOTS
    return Head(wake, last, version, *names, marks[0], epoch, shape, known, d, d + size, checkpoint, marks[1])


def outbox_of(raw: bytes, head: Head) -> list[Sent]:
    """The outputs that a row carries."""
    if not head.has_outbox:
        return []
    return _decode_outbox(raw[head.state_end : -_TAIL.size] if raw[0] == FORMAT else raw[head.state_end :])


def gone(epoch: int) -> bytes:
    """What stands in the log for a key that has no row, in this epoch; a plain removal could not carry one."""
    return bytes([_GONE]) + _EPOCH.pack(epoch)


def is_gone(raw: bytes) -> bool:
    """Whether this says that there is no row."""
    return raw[0] == _GONE


def epoch_of(raw: bytes) -> int:
    """The epoch of a row, read by itself: restoring asks it of every one."""
    at = _EPOCH_AT.get(raw[0])
    if at is not None:
        return int(_EPOCH.unpack_from(raw, at)[0])
    return int(_EPOCH.unpack_from(raw, 1)[0]) if raw[0] == _GONE else NO_EPOCH


def wake_of(raw: bytes) -> int:
    """When the key of a row is due, read by itself; at the same place in every layout."""
    wake: int = _WAKE.unpack_from(raw, _WAKE_AT)[0]
    return wake


def feed_of(raw: bytes) -> str:
    """By whose horizon the key of a row is held back, read by itself: restoring asks it of every one that is due."""
    start, end, _, _ = _names_in(raw)
    return raw[start:end].decode()


def judged_by(raw: bytes) -> tuple[str, Slots]:
    """The registry version that a row was judged by and what of it the subject depends on, read by themselves."""
    _, _, start, end = _names_in(raw)
    registry = raw[start:end].decode()
    if raw[0] == FORMAT:
        return registry, Slots._make(_SLOTS.unpack_from(raw, end)) if raw[1] & _SLOTTED else NO_SLOTS
    return registry, Slots._make(_SLOTS.unpack_from(raw, _OLD_SLOTS_AT)) if raw[0] == 2 else NO_SLOTS


def judgement(raw: bytes) -> bytes:
    """What `judged_by` tells, as bytes that are equal where it is: a scan of a million rows compares nothing else."""
    _, _, start, end = _names_in(raw)
    if raw[0] == FORMAT:
        slots_end = end + _SLOTS.size if raw[1] & _SLOTTED else end
        return raw[:1] + raw[_HEAD.size + 2 : _HEAD.size + 3] + raw[start:slots_end]
    return raw[:1] + raw[start:end] + (raw[_OLD_SLOTS_AT : _OLD_SLOTS_AT + 16] if raw[0] == 2 else b"")


def carries_outbox(raw: bytes) -> bool:
    """Whether outputs are on their way with this row."""
    return bool(raw[1] & _OUTBOX)


def _names_in(raw: bytes) -> tuple[int, int, int, int]:
    """Where feed, incarnation and registry version begin, and where the last of them ends."""
    if raw[0] == FORMAT:
        at, start = _HEAD.size, _HEAD.size + 3
    else:
        layout = _OLD_HEADS.get(raw[0])
        if layout is None:
            raise ValueError(f"a row of layout {raw[0]}; this engine reads {[*_OLD_HEADS, FORMAT]}")
        at, start = _OLD_LENGTHS_AT, layout.size
    b = start + raw[at]
    c = b + raw[at + 1]
    return start, b, c, c + raw[at + 2]
