"""What is planned for one simulated case: every instant of its life, before a single event is made of it."""

from dataclasses import dataclass

from streams.registry.snapshot import Item


@dataclass(frozen=True, kw_only=True)
class Wait:
    """From a correction notice to its completion."""

    from_ms: int
    to_ms: int


@dataclass(frozen=True, kw_only=True)
class Suspension:
    """Special procedure B: `days` were announced."""

    from_ms: int
    to_ms: int
    days: int
    ground: str


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Special procedure A."""

    at_ms: int
    days: int


@dataclass(frozen=True, kw_only=True)
class CasePlan:
    """One case. `supplement` lies before acceptance, `correction` after it; no `stopped_ms`: it stays open.

    `result` is how it ends: granted, refused, done, or withdrawn by the applicant.
    """

    case_no: str
    item: Item
    site: str
    window: str
    staff: str
    applied_ms: int
    accepted_ms: int
    supplement: Wait | None = None
    correction: Wait | None = None
    suspension: Suspension | None = None
    extension: Extension | None = None
    stopped_ms: int | None = None
    result: str = "done"

    def settled_ms(self) -> int:
        """When the last mechanism is over."""
        ends = [self.accepted_ms]
        for wait in (self.correction, self.suspension):
            if wait is not None:
                ends.append(wait.to_ms)
        if self.extension is not None:
            ends.append(self.extension.at_ms)
        return max(ends)
