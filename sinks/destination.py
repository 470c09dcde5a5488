"""What a destination is: one kind of fact, the topics it flows on, the two tables that keep it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from streams.contracts.instants import from_ms
from streams.contracts.topics import Topic

Columns = dict[str, list[Any]]
"""Rows as columns of equal length."""


class Fact(NamedTuple):
    """One decoded record: its body and the record's own stamp, epoch milliseconds."""

    body: Any
    stamp_ms: int


@dataclass(frozen=True)
class Destination:
    """One kind of fact and how it becomes rows. Pure: the same facts twice give the same rows, which collapse.

    Attributes:
        topics: where the facts flow; records of other kinds on these topics are passed over.
        kinds: the contracts that are this kind of fact.
        table: the latest version of each; `<table>_history` keeps every version.
        copied: fields that are columns as they are.
        made: columns computed from a fact.
    """

    topics: tuple[Topic, ...]
    kinds: tuple[type, ...]
    table: str
    copied: tuple[str, ...]
    made: Mapping[str, Callable[[Fact], Any]] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[str, str]:
        """Both tables, history first: what the latest shows, the history has."""
        return f"{self.table}_history", self.table

    def columns(self, facts: Sequence[Fact]) -> Columns:
        """The facts, all of this destination's kinds, as columns."""
        bodies = [fact.body for fact in facts]
        columns: Columns = {name: list(map(attrgetter(name), bodies)) for name in self.copied}
        for name, make in self.made.items():
            columns[name] = [make(fact) for fact in facts]
        return columns


def version(fact: Fact) -> int:
    """The version that the engine stamped; for what no engine stamps, the record's own stamp in microseconds."""
    stamped: int = fact.body.version
    return stamped or fact.stamp_ms * 1000


def known_at(fact: Fact) -> Any:
    """Since when it is known: as the engine stamped it, else the record's own stamp."""
    return fact.body.known_at or from_ms(fact.stamp_ms)


STAMPS: Mapping[str, Callable[[Fact], Any]] = {"version": version, "known_at": known_at}
"""The two columns of every fact that carries the engine's stamps."""

PLACE = ("hall", "site", "org", "item", "window", "staff")
"""Where a fact belongs, as of then."""
