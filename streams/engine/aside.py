"""Setting aside what could not be worked on, without stopping the rest."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from streams.contracts.codec import decode
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import is_instant, to_ms
from streams.contracts.mark import OWN_KEYS
from streams.contracts.topics import Topic, partition_of
from streams.engine.counts import Counts
from streams.engine.log import Record
from streams.engine.memory import Memory
from streams.engine.outbox import dead_letter, letter_output, stamp

LEAD_MS = 24 * 3_600_000
"""How far ahead of its arrival an event may lie and still wait for its time; more is a wrong zone or a wrong year."""


class Aside:
    """Dead letters of one shard, on their way with its next cut."""

    def __init__(
        self, name: str, place: str, memory: Memory, counts: Counts, on_dead: Callable[[DeadLetter], None] | None
    ) -> None:
        """`name`: of the process. `place`: topic and partition. `on_dead`: told each letter as it is made."""
        self._name = name
        self._place = place
        self._memory = memory
        self._counts = counts
        self._on_dead = on_dead

    def record(self, record: Record, key: bytes, error: Exception) -> None:
        """This record could not be worked on."""
        self.put(f"{self._place}/{record.offset}", record.value or b"", key, record.timestamp, error)

    def put(self, place: str, raw: bytes, key: bytes, known_ms: int, error: Exception) -> None:
        """Something about a key could not be worked on; known since the epoch where `known_ms` is no instant."""
        letter = dead_letter(self._name, place, raw, key, known_ms, error)
        sent, _ = stamp([letter_output(letter)], 0, known_ms if is_instant(known_ms) else 0)
        self._memory.send_loose(sent)
        self._counts.dead += 1
        if self._on_dead is not None:
            self._on_dead(letter)


def explained(topic: Topic, value: bytes | None, error: Exception) -> Exception:
    """Why a record of `topic` could not be worked on, in our words where its bytes are no event; else the error."""
    if value is None:
        return UnreadableError("a record without a value")
    if isinstance(error, (msgspec.DecodeError, UnicodeDecodeError)):
        try:
            decode(topic, value)
        except UnreadableError as unreadable:
            return unreadable
    return error


def check_stamp(arrived_ms: int) -> None:
    """Refuse a record whose stamp is no instant of any calendar; one in microseconds is such.

    Raises:
        UnreadableError: it is not.
    """
    if not is_instant(arrived_ms):
        raise UnreadableError(f"the record is stamped {arrived_ms}, which as milliseconds lies outside years 1 to 9999")


def check_lead(event: Any, occurred_ms: int, arrived_ms: int, lead_ms: int) -> int:
    """The business time of an event that is not too far ahead of its arrival.

    Raises:
        UnreadableError: it is, and would wait too long for its time; names the stamp.
    """
    if occurred_ms - arrived_ms <= lead_ms:
        return occurred_ms
    stamps = {name: getattr(event, name) for name in event.__struct_fields__}
    at = (name for name, stamp in stamps.items() if isinstance(stamp, datetime) and to_ms(stamp) == occurred_ms)
    ahead = timedelta(milliseconds=occurred_ms - arrived_ms)
    raise UnreadableError(f"lies {ahead} ahead of its arrival", field=next(at, ""))


def check_key(key: bytes, partition: int, partitions: int) -> None:
    """Refuse a new key that has no place here.

    Raises:
        UnreadableError: it is empty, begins as the engine's own keys do, or Kafka's partitioner puts it elsewhere.
    """
    if not key:
        raise UnreadableError("a record without a key")
    if key.startswith(OWN_KEYS):
        raise UnreadableError("the key begins with a zero byte, as only the engine's own keys may")
    if partition_of(key, partitions) != partition:
        raise UnreadableError("the key does not belong to this partition: another partitioner wrote it")
