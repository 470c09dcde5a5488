"""How far deadlines agree with those that somebody else computed, by type and in all; pure.

Two deadlines agree when they lie at most so many minutes apart. Verdicts can be compared where the case is closed and
theirs is told. What must agree are those whose deadlines agree within five minutes: about another deadline two verdicts
say nothing of each other. All of them are counted beside these, so that nobody takes the one figure for the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

MINUTE_MS = 60_000
LEAST = {"within_2": 0.984, "within_5": 0.991, "verdicts": 1.0}
"""The least shares that pass, measured against what the oracle's own rule explains of its data."""


class Compared(NamedTuple):
    """One case: their deadline and verdict, and ours. Instants are epoch milliseconds.

    `their_late` is absent where they told no verdict. `our_due_ms` is absent where we have no clock.
    """

    case_no: str
    kind: str
    their_due_ms: int
    their_late: bool | None
    our_due_ms: int | None
    stopped_ms: int | None

    def apart_ms(self) -> int | None:
        """How far the deadlines lie apart, ours later positive; absent without a clock of ours."""
        return None if self.our_due_ms is None else self.our_due_ms - self.their_due_ms

    def agrees_within(self, minutes: int) -> bool:
        """Whether the deadlines lie at most so many minutes apart."""
        apart = self.apart_ms()
        return apart is not None and abs(apart) <= minutes * MINUTE_MS

    def our_late(self) -> bool | None:
        """Our verdict on a closed case; absent while it is open."""
        if self.our_due_ms is None or self.stopped_ms is None:
            return None
        return self.stopped_ms > self.our_due_ms

    def verdict_agrees(self) -> bool | None:
        """Whether the verdicts agree, whatever the deadlines; absent where there is nothing to compare."""
        late = self.our_late()
        return None if late is None or self.their_late is None else late == self.their_late


@dataclass
class Counts:
    """Figures of one type, or of all. `verdicts` are told of closed cases; `same_due` those with the same deadline."""

    cases: int = 0
    within_2: int = 0
    within_5: int = 0
    verdicts: int = 0
    verdicts_agreed: int = 0
    same_due: int = 0
    same_due_agreed: int = 0

    def add(self, one: Compared) -> None:
        """Count one case."""
        self.cases += 1
        self.within_2 += one.agrees_within(2)
        self.within_5 += one.agrees_within(5)
        verdict = one.verdict_agrees()
        if verdict is not None:
            self.verdicts += 1
            self.verdicts_agreed += verdict
            same = one.agrees_within(5)
            self.same_due += same
            self.same_due_agreed += verdict and same

    def shares(self) -> dict[str, float | None]:
        """The shares by the names in LEAST; absent where there was nothing to compare."""
        return {
            "within_2": self.within_2 / self.cases if self.cases else None,
            "within_5": self.within_5 / self.cases if self.cases else None,
            "verdicts": self.same_due_agreed / self.same_due if self.same_due else None,
        }


@dataclass
class Agreement:
    """The comparison of many cases. `deviations` differ by more than two minutes or in the verdict, widest first."""

    total: Counts = field(default_factory=Counts)
    kinds: dict[str, Counts] = field(default_factory=dict)
    deviations: list[Compared] = field(default_factory=list)

    def missed(self) -> list[str]:
        """The shares that are below their least; all of them where nothing was compared."""
        return [name for name, share in self.total.shares().items() if share is None or share < LEAST[name]]


def agreement_of(cases: Iterable[Compared]) -> Agreement:
    """Count and collect."""
    found = Agreement()
    for one in cases:
        found.total.add(one)
        found.kinds.setdefault(one.kind, Counts()).add(one)
        if not one.agrees_within(2) or one.verdict_agrees() is False:
            found.deviations.append(one)
    found.kinds = dict(sorted(found.kinds.items()))
    found.deviations.sort(key=_width)
    return found


def _width(one: Compared) -> tuple[float, str]:
    apart = one.apart_ms()
    return (float("-inf") if apart is None else -abs(apart)), one.case_no
