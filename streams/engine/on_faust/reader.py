"""Readers: who takes whole batches of topics without keeping state, such as a sink."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiokafka import ConsumerRecord

Write = Callable[[str, int, "Sequence[ConsumerRecord[bytes, bytes]]", Callable[[], None]], Awaitable[None]]
"""Function of (topic, partition, records, done); may return early and holds reading back while it does not.

`done()` says that these records, and all before them, are safe. Records may come again after a crash.
"""


@dataclass(frozen=True)
class Reader:
    """One reader of topics; the name is its own within its engine."""

    name: str
    topics: Sequence[str]
    write: Write
