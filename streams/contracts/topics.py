"""Every topic: name, what flows, key, retention; and the one partitioner (Kafka's murmur2)."""

import struct
from dataclasses import dataclass
from typing import Any, Literal

from streams.contracts.alert import Acknowledge, Alert, Command
from streams.contracts.case import Case
from streams.contracts.case_event import CaseEvent
from streams.contracts.case_signal import CaseSignal
from streams.contracts.clock import Clock
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.finding import Finding
from streams.contracts.late_event import LateEvent, Rehydrated
from streams.contracts.push import Push, PushReceipt, PushRequest
from streams.contracts.ranking import Ranking
from streams.contracts.registry_part import RegistryRecord

Retention = Literal["short", "long", "compact"]
"""Short: days. Long: as long as facts are kept. Compact: the last record of each key."""


@dataclass(frozen=True)
class Topic:
    """One topic. `contract` is what its records decode to, marks apart; `key` says what keys it."""

    name: str
    contract: Any
    key: str
    retention: Retention


CASE_EVENTS = Topic("case-events", CaseEvent | CaseSignal | Rehydrated, "case_no", "long")
"""Case events, what the cases of a joint case tell each other, and cases that are brought back for late events."""
CASE_SIGNALS = Topic("case-signals", CaseSignal, "case_no", "short")
"""Signals on their way to the door, through which they reach the other case in an order that a replay keeps."""
LATE_EVENTS = Topic("late-events", LateEvent, "case_no", "long")
"""Events for cases of which only a stub is kept."""
CASES = Topic("cases", Case, "case_no", "long")
CLOCKS = Topic("clocks", Clock, "clock_id", "long")
FINDINGS = Topic("findings", Finding | Acknowledge, "finding_id", "long")
"""Findings, and what people say about their alerts: the input of the alert process."""
COMMANDS = Topic("commands", Command, "subject id", "long")
ALERTS = Topic("alerts", Alert, "alert_id", "long")
PUSH_REQUESTS = Topic("push-requests", PushRequest | PushReceipt, "receiver", "long")
"""What is to be told and what the channels answered: the input of the delivery process."""
PUSHES = Topic("pushes", Push, "receiver", "long")
RANKINGS = Topic("rankings", Ranking, "board and period", "long")
REGISTRY = Topic("registry", RegistryRecord, "(kind, id, version)", "compact")
DEAD_LETTERS = Topic("dead-letters", DeadLetter, "letter_id", "short")

TOPICS: tuple[Topic, ...] = (
    CASE_EVENTS,
    CASE_SIGNALS,
    LATE_EVENTS,
    CASES,
    CLOCKS,
    FINDINGS,
    COMMANDS,
    ALERTS,
    PUSH_REQUESTS,
    PUSHES,
    RANKINGS,
    REGISTRY,
    DEAD_LETTERS,
)
"""Every topic there is."""

BY_NAME: dict[str, Topic] = {topic.name: topic for topic in TOPICS}
"""Topics by name."""

_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """Kafka's 32-bit murmur2 with its seed 0x9747b28c, as an unsigned integer."""
    length = len(data)
    h = (0x9747B28C ^ length) & _MASK
    whole = length & ~3
    for word in struct.unpack_from(f"<{length >> 2}I", data):
        k = (word * _M) & _MASK
        k ^= k >> 24
        h = ((h * _M) & _MASK) ^ ((k * _M) & _MASK)
    tail = data[whole:]
    if tail:
        h = ((h ^ int.from_bytes(tail, "little")) * _M) & _MASK
    h ^= h >> 13
    h = (h * _M) & _MASK
    return h ^ (h >> 15)


def partition_of(key: bytes, partitions: int) -> int:
    """The partition that a key belongs to, as every Kafka client with the default partitioner computes it."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
