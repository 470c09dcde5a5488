"""Records of topics to rows of tables: decoded, sorted by table, what cannot be read set aside."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from sinks.destination import Columns, Destination, Fact
from streams.contracts.codec import decoder_of, encode, identity
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.mark import MARK_KEY
from streams.contracts.topics import BY_NAME, Topic


class Record(Protocol):
    """What a consumer gives: the fields of a Kafka record that a sink reads."""

    @property
    def key(self) -> bytes | None:
        """The subject's id, or MARK_KEY."""

    @property
    def value(self) -> bytes | None:
        """The contract as JSON."""

    @property
    def offset(self) -> int:
        """Where it stands in its partition."""

    @property
    def timestamp(self) -> int:
        """Its stamp, epoch milliseconds."""


class Batch(NamedTuple):
    """Records of one partition in their order."""

    topic: str
    partition: int
    records: Sequence[Record]


class Rows(NamedTuple):
    """Facts by the destination that keeps them, and letters for what could not be read."""

    facts: dict[str, list[Fact]]
    letters: list[Fact]


def topics_of(destinations: Mapping[str, Destination]) -> tuple[str, ...]:
    """The topics that destinations read."""
    return tuple(sorted({topic.name for made in destinations.values() for topic in made.topics}))


def sort_out(destinations: Mapping[str, Destination], batches: Iterable[Batch]) -> Rows:
    """Decode the batches and sort the facts by destination. Marks say something to processes, not to tables."""
    facts: dict[str, list[Fact]] = {}
    letters: list[Fact] = []
    for batch in batches:
        topic = BY_NAME[batch.topic]
        home = _homes(destinations, topic)
        decode = decoder_of(topic)
        for record in batch.records:
            if record.key == MARK_KEY:
                continue
            try:
                body = decode(record.value or b"")
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                letters.append(letter(batch, record, str(error)))
                continue
            name = home.get(type(body))
            if name is not None:
                facts.setdefault(name, []).append(Fact(body, record.timestamp))
    return Rows(facts, letters)


def letter(batch: Batch, record: Record, reason: str) -> Fact:
    """The dead letter of a record that cannot be read."""
    place = f"{batch.topic}/{batch.partition}/{record.offset}"
    return _letter(place, batch.topic, record.value or b"", record.timestamp, reason)


def letter_of_fact(destination: Destination, fact: Fact, reason: str) -> Fact:
    """The dead letter of a fact that could be read and that the store refuses."""
    return _letter(destination.table, destination.table, encode(fact.body), fact.stamp_ms, reason)


def _letter(place: str, origin: str, raw: bytes, stamp_ms: int, reason: str) -> Fact:
    """The same record gives the same letter, wherever it stands in a log that was written anew."""
    digest = hashlib.blake2b(raw, digest_size=12).hexdigest()
    letter_id = identity("sink", origin, stamp_ms, digest)
    return Fact(DeadLetter(letter_id=letter_id, place=place, source="sink", reason=reason, raw=raw), stamp_ms)


def table_columns(destination: Destination, facts: Sequence[Fact]) -> list[tuple[str, Columns]]:
    """What to write where; one set of columns for both tables."""
    columns = destination.columns(facts)
    return [(table, columns) for table in destination.tables]


def _homes(destinations: Mapping[str, Destination], topic: Topic) -> dict[type, str]:
    return {kind: name for name, made in destinations.items() if topic in made.topics for kind in made.kinds}
