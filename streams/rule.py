"""What a supervision rule is; each rule is one file below `streams/rules` that binds RULE.

A rule never walks and never remembers: it says what holds at one instant, and when that may change by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from streams.contracts.clock import ClockName
from streams.contracts.finding import LEVELS, Anomaly, Dimension, Level
from streams.limits.clock_run import ClockRun
from streams.registry.registry import HallRegistry


class Remark(NamedTuple):
    """Something in a case's events that had no effect or broke an order: what, when, in which event."""

    code: str
    at_ms: int
    event_id: str


Closed = Literal["", "finished", "refused", "stopped"]
"""Open; finished; refused before acceptance; stopped without a finish (clocks.md 3)."""


class LatePart(NamedTuple):
    """A part of a joint case that is late: since when, which case, its co-unit, the event that told of it."""

    since_ms: int
    case_no: str
    org: str
    event_id: str


class CaseSubject(Protocol):
    """What a rule may read of a case, as it stood at the instant that is asked for.

    All instants are epoch milliseconds; empty texts mean unknown. `closed` is empty while the case is open.
    """

    case_no: str
    org: str
    item: str
    case_class: str
    applied_ms: int | None
    accepted_ms: int | None
    finished_ms: int | None
    closed: Closed
    epoch: int
    urged_ms: int | None
    waiting_ms: int | None
    no_limit: bool
    remarks: list[Remark]
    clocks: list[ClockRun]

    def clock(self, name: ClockName) -> ClockRun | None:
        """The newest run of a clock, open or stopped; none where it never started."""

    def runs_of(self, name: ClockName) -> list[ClockRun]:
        """Every run of a clock, oldest first."""

    def late_parts(self) -> list[LatePart]:
        """The parts of this joint case that are late, the one late longest first."""


class Verdict(NamedTuple):
    """One thing that a rule finds to be true.

    `clock`, `epoch`, `run` tell findings of one rule apart; `part` does in place of the clock where it is given: a
    step, or the event that a remark speaks of.
    """

    level: Level
    clock: ClockName | Literal[""] = ""
    epoch: int = 1
    run: int = 1
    due_ms: int | None = None
    event_id: str = ""
    provisional: bool = False
    part: str = ""


class Message(NamedTuple):
    """A sentence in both languages with places to fill: case, item, org, due, limit, over, and what is deemed.

    Rules about steps have `step`, those about a part of a joint case its `part`, rules that tell of remarks have `what`
    was remarked and `when` besides.
    """

    zh: str
    en: str


class Example(NamedTuple):
    """One case as data: its events as the JSON of the canonical contract, judged until an instant.

    `promise_days`, `statutory_days`, `upper_days` (of the upper unit) and those of the `steps` are working days;
    `found` lists (level, raised at) in order of time.
    """

    name: str
    events: tuple[Mapping[str, object], ...]
    until: str
    found: tuple[tuple[Level, str], ...]
    promise_days: int | None = 7
    statutory_days: int | None = 10
    steps: Mapping[str, int] = {}
    upper_days: int | None = None


Check = Callable[[CaseSubject, HallRegistry, int], Sequence[Verdict]]
"""What holds at an instant."""

NextChange = Callable[[CaseSubject, HallRegistry, int], int | None]
"""The first instant after the given one at which the answer may change without an event."""


CLOCK_KINDS = frozenset(
    {
        *("applied", "accepted", "refused", "correction_notified", "correction_completed", "extended", "suspended"),
        *("resumed", "urged", "passed_up", "upper_decided", "finished", "result_ready", "delivered", "withdrawn"),
        "abandoned",
        "linked",
        "child_changed",
        "parent_changed",
    }
)
"""The event kinds that can change a clock; rules that read nothing but clocks name them."""


def step_part(step: str) -> str:
    """What tells the findings about one step from those about another."""
    return f"step:{step}" if step else ""


def cards_of(name: ClockName, *, shared: bool = False) -> tuple[Check, NextChange]:
    """The check and the next change of a rule that tells the cards of one clock.

    `shared`: the clock stands on the case's ladder, whose findings bear the case's epoch.
    """

    def check(subject: CaseSubject, _registry: HallRegistry, at_ms: int) -> Sequence[Verdict]:
        found: list[Verdict] = []
        for clock in subject.clocks:
            if clock.name != name or clock.stopped_ms is not None:
                continue
            held = clock.level_at(at_ms)
            if held is not None:
                epoch = subject.epoch if shared else clock.epoch
                level, source, part = LEVELS[held[1]], clock.start_event, step_part(clock.step)
                found.append(Verdict(level, name, epoch, clock.run, clock.due_ms, source, clock.provisional, part))
        return found

    def next_change(subject: CaseSubject, _registry: HallRegistry, at_ms: int) -> int | None:
        earliest: int | None = None
        for clock in subject.clocks:
            if clock.name == name:
                card = clock.next_card(at_ms)
                if card is not None and (earliest is None or card < earliest):
                    earliest = card
        return earliest

    return check, next_change


def remarked(subject: CaseSubject, codes: frozenset[str]) -> dict[str, list[Remark]]:
    """The remarks with these codes, by the event that they speak of."""
    found: dict[str, list[Remark]] = {}
    for remark in subject.remarks:
        if remark.code in codes:
            found.setdefault(remark.event_id, []).append(remark)
    return found


def tells_of(codes: frozenset[str], level: Level) -> Check:
    """The check of a rule that tells of remarks: every event that was remarked on is a finding, and stays one."""

    def check(subject: CaseSubject, _registry: HallRegistry, _at_ms: int) -> Sequence[Verdict]:
        if not subject.remarks:
            return ()
        return [Verdict(level, event_id=event, part=event) for event in remarked(subject, codes)]

    return check


def never(_subject: CaseSubject, _registry: HallRegistry, _at_ms: int) -> int | None:
    """The `next_change` of a rule whose answer only events change."""
    return None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the catalogue.

    Rules that name the same `ladder` share one finding a case and epoch: the highest level wins and names its rule.
    `kinds` are the event kinds that can change the answer (empty: all). A rule that names a `clock` reads nothing else
    and is silent where a case has none of it; one that names `remarks` is silent where a case has no remark at all.
    `level` is the highest it gives by default.
    """

    id: str
    title_zh: str
    title_en: str
    dimension: Dimension
    anomaly: Anomaly
    level: Level
    basis: str
    check: Check
    next_change: NextChange = never
    phase: Literal["guide", "receipt", "handling", "result", "after"] = "handling"
    version: int = 1
    ladder: str = ""
    kinds: frozenset[str] = frozenset()
    clock: ClockName | None = None
    remarks: frozenset[str] = frozenset()
    parameters: Mapping[str, int | float | str] = field(default_factory=dict)
    messages: Mapping[Level, Message] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
