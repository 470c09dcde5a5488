"""Who owns a partition of state, and how what a replaced owner still writes is kept harmless.

Whoever takes a partition over first writes an owner record to its changelog; that record's offset is the epoch.
Rows carry the epoch they were written in: one behind a newer owner record is void. An owner looks at where its rows
came to stand before it sends their outputs, so it notices a newer owner before anything of it gets out. Outputs
carry their sender with its epoch, so that readers can drop what comes late from a replaced one.
"""

from collections.abc import Iterable
from typing import NamedTuple

from streams.contracts.mark import OWN_KEYS
from streams.engine.log import Record

OWNER_KEY = OWN_KEYS + b"owner"
"""The key of owner records."""

SENDER = "sender"
"""The header that tells who sent an output: process, partition and epoch."""

NO_EPOCH = -1
"""The epoch of one who is alone with its broker and owns everything in it."""


class FencedError(Exception):
    """Another worker has taken this partition over; nothing of it may be written any more."""


def sender_of(process: str, partition: int, epoch: int) -> bytes:
    """Who sends an output, for its header; empty for one who is alone."""
    return b"" if epoch == NO_EPOCH else f"{process}/{partition}/{epoch}".encode()


class Fence(NamedTuple):
    """From `offset` on, what `who` (process and partition) sent in an epoch below this one is void."""

    who: bytes
    epoch: int
    offset: int


class Fences:
    """The newest epoch seen of each sender, for the reader of one partition.

    What stood before the newer epoch's first record stays good when it is read again.
    """

    def __init__(self, fences: Iterable[Fence] = ()) -> None:
        """Go on from these."""
        self._fences = {fence.who: fence for fence in fences}
        self._newest = {b"%b/%d" % (fence.who, fence.epoch) for fence in self._fences.values()}

    def all(self) -> tuple[Fence, ...]:
        """What has been seen, to be kept."""
        return tuple(self._fences.values())

    def admits(self, record: Record) -> bool:
        """Whether a record is still good; False for one that a replaced owner sent behind its successor."""
        for name, sender in record.headers:
            if name == SENDER:
                return sender in self._newest or self._look(sender, record.offset)
        return True

    def _look(self, sender: bytes, offset: int) -> bool:
        who, _, number = sender.rpartition(b"/")
        if not number.isdigit():
            return True  # not one of ours
        epoch, known = int(number), self._fences.get(who)
        if known is not None and epoch < known.epoch:
            return offset < known.offset
        if known is not None:
            self._newest.discard(b"%b/%d" % (who, known.epoch))
        self._fences[who] = Fence(who, epoch, offset)
        self._newest.add(sender)
        return True
