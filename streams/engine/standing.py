"""How a shard stands: its own records in the changelog, written first in each of its checkpoints."""

from collections.abc import Iterable

import msgspec

from streams.contracts.mark import OWN_KEYS
from streams.engine.ownership import NO_EPOCH, Fence
from streams.engine.row import NO_OFFSET, Sent

STANDING_KEY = OWN_KEYS + b"standing"
"""The key of a shard's own record."""


PART_BYTES = 1 << 20
"""From so many bytes of outputs on the next ones stand in a record of their own: a changelog bounds its records."""


class Standing(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What holds for all keys of a shard.

    `acknowledged`: outputs up to this checkpoint are known to be out. `outbox`: outputs of the checkpoint that wrote
    this which belong to no row; of very many the rest stand in parts, records that say nothing else.
    `registry_offset` and `registry_ms` are of the mark that switched to `registry`. `epoch`: of the owner that wrote
    this. `fences`: the newest epochs seen of those who send to this shard.
    """

    checkpoint: int = 0
    acknowledged: int = 0
    incarnation: str = ""
    registry: str = ""
    registry_ms: int = 0
    registry_offset: int = NO_OFFSET
    outbox: tuple[Sent, ...] = ()
    epoch: int = NO_EPOCH
    fences: tuple[Fence, ...] = ()

    def taken_over_by(self, here: "Standing") -> "Standing":
        """This record as the worker that stands as `here` takes it over."""
        taken = self
        if taken.incarnation != here.incarnation:  # offsets of another broker say nothing about this one
            taken = msgspec.structs.replace(taken, incarnation=here.incarnation, registry_offset=NO_OFFSET, fences=())
        if not taken.registry:
            taken = msgspec.structs.replace(taken, registry=here.registry)
        return taken


encode_standing = msgspec.msgpack.Encoder().encode
"""A standing as bytes."""

decode_standing = msgspec.msgpack.Decoder(Standing).decode
"""Bytes as a standing."""


def is_standing(key: bytes) -> bool:
    """Whether this is the key of a shard's own record or of one of its parts."""
    return key.startswith(STANDING_KEY)


def part_key(number: int) -> bytes:
    """The key of a part; they are numbered from 1."""
    return STANDING_KEY + b"/%d" % number


def parted(outputs: Iterable[Sent]) -> list[tuple[Sent, ...]]:
    """Outputs as the shard's own record carries them, at times none, and then each of its parts."""
    parts: list[list[Sent]] = [[]]
    size = 0
    for sent in outputs:
        if size >= PART_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(sent)
        size += len(sent.value)
    return [tuple(part) for part in parts]
