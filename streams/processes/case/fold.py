"""The fold of a case: everything that its events up to now have made of it.

State of the process, so arrays in msgpack, changed in place; all instants are epoch milliseconds.
"""

from typing import Literal

import msgspec

from streams.contracts.case import CaseState
from streams.contracts.clock import ClockName
from streams.limits.clock_run import ClockRun
from streams.rule import Closed, LatePart, Remark

REMARKS_MAX = 10
"""How many remarks of one kind a case keeps."""


class Span(msgspec.Struct, array_like=True, gc=False):
    """A stretch of time in which a finding was true at one level (index into LEVELS)."""

    level: int
    raised_ms: int
    ended_ms: int | None = None


class FindingRun(msgspec.Struct, array_like=True, gc=False):
    """A finding as the walk has seen it.

    `group` is the ladder, or the rule itself where it stands alone; `part` is the clock that belongs to its identity
    (empty on a ladder). `clock` and `rule` are the labels of its present level. `was`, where its withdrawal is
    proposed, is the clock that it speaks of as it stood when it was published.
    """

    group: str
    epoch: int
    run: int
    part: str
    rule: str
    clock: ClockName | Literal[""]
    spans: list[Span]
    due_ms: int | None = None
    event_id: str = ""
    provisional: bool = False
    was: ClockRun | None = None

    def key(self) -> str:
        """What tells the findings of one case apart."""
        return f"{self.group}|{self.part}|{self.run}|{self.epoch}"

    def open_span(self) -> Span | None:
        """The stretch that is true now."""
        last = self.spans[-1]
        return last if last.ended_ms is None else None

    def highest(self) -> int:
        """The highest level it ever had."""
        return max(span.level for span in self.spans)


class Procedure(msgspec.Struct, array_like=True, gc=False):
    """A special procedure B of the case."""

    special_id: str
    event_id: str
    from_ms: int
    to_ms: int | None = None
    announced: int | None = None
    ground: str = ""


class Child(msgspec.Struct, array_like=True, gc=False):
    """A part of this joint case, as its signals tell: handed over when, by whom it is done, ended when.

    `late` are the stretches in which it was late, and `piece` what told of the last of them.
    """

    handed_ms: int
    org: str = ""
    late: list[tuple[int, int | None]] = []
    ended_ms: int | None = None
    piece: str = ""

    def late_since(self, at_ms: int) -> int | None:
        """Since when it is late at an instant; absent where it is not."""
        for from_ms, to_ms in self.late:
            if from_ms <= at_ms and (to_ms is None or at_ms < to_ms):
                return from_ms
        return None


class Joint(msgspec.Struct, array_like=True, gc=False):
    """What a case of a joint case keeps of the others.

    A part has a `parent`: handed over at `handed_ms` by `handed_event`, its promise due at `latest_ms`. The lead has
    `children` by their case numbers, and `dues`: since when its own promise was due when. `pieces` counts the pieces of
    signals among the events that the fold holds.
    """

    parent: str = ""
    handed_ms: int | None = None
    handed_event: str = ""
    latest_ms: int | None = None
    children: dict[str, Child] = {}
    dues: list[tuple[int, int]] = []
    pieces: int = 0


class CaseFold(msgspec.Struct, array_like=True, gc=False):
    """One case as it stands at `at_ms`, the business time that the walk has reached.

    `next_ms` is the next instant at which something may change without an event. `closed` says how it ended;
    `stopped_ms` is when. `deemed_ms` is when it became accepted by silence, as of `accepted_ms`. `accept_site` is where
    it was received, `first_feed` the feed that told of the receipt. `floor_ms` is when a calendar was published that
    changed a due of the case: nothing it makes true is raised earlier, but for what was raised already, which `kept`
    holds by finding and level (clocks.md 8). `pinned` are clocks that stopped before that, as they stood then.
    `open_steps` are the steps that began and did not end, and since when.
    """

    case_no: str
    at_ms: int = 0
    next_ms: int | None = None
    events: int = 0
    last_ms: int = 0
    org: str = ""
    site: str = ""
    window: str = ""
    staff: str = ""
    item: str = ""
    case_class: str = ""
    applied_ms: int | None = None
    accepted_ms: int | None = None
    deemed_ms: int | None = None
    delivered_ms: int | None = None
    accept_site: str = ""
    first_feed: str = ""
    refused_ms: int | None = None
    finished_ms: int | None = None
    stopped_ms: int | None = None
    result: str = ""
    closed: Closed = ""
    date_only_stop: bool = False
    waiting_ms: int | None = None
    epoch: int = 1
    extended: int = 0
    urged_ms: int | None = None
    told_due_ms: int | None = None
    no_limit: bool = False
    procedures: list[Procedure] = []
    remarks: list[Remark] = []
    clocks: list[ClockRun] = []
    findings: list[FindingRun] = []
    floor_ms: int = 0
    kept: dict[str, int] = {}
    open_steps: dict[str, int] = {}
    joint: Joint | None = None
    pinned: dict[str, ClockRun] = {}
    upper_unit: str = ""

    def clock(self, name: ClockName) -> ClockRun | None:
        """The newest run of a clock."""
        for clock in reversed(self.clocks):
            if clock.name == name:
                return clock
        return None

    def open_clock(self, name: ClockName) -> ClockRun | None:
        """The newest run of a clock, if it has not stopped."""
        clock = self.clock(name)
        return clock if clock is not None and clock.stopped_ms is None else None

    def runs_of(self, name: ClockName) -> list[ClockRun]:
        """Every run of a clock, oldest first."""
        return [clock for clock in self.clocks if clock.name == name]

    def open_parts(self) -> bool:
        """Whether a part of this joint case has not ended."""
        return self.joint is not None and any(child.ended_ms is None for child in self.joint.children.values())

    def late_parts(self) -> list[LatePart]:
        """The parts of this joint case that are late, the one late longest first."""
        return self.parts_late_at(self.at_ms)

    def parts_late_at(self, at_ms: int) -> list[LatePart]:
        """The same at an instant that the walk has passed."""
        children = self.joint.children if self.joint is not None else {}
        return sorted(
            LatePart(since_ms, case_no, child.org, child.piece)
            for case_no, child in children.items()
            if (since_ms := child.late_since(at_ms)) is not None
        )

    def raised_at(self, finding: str, level: int) -> int:
        """Since when a level that holds at the walk's instant counts as raised."""
        if self.at_ms >= self.floor_ms:
            return self.at_ms
        return self.kept.get(f"{finding}|{level}", self.floor_ms)

    def bound_remarks(self) -> None:
        """Keep the first remarks of each kind: a feed that repeats itself says no more by the next one."""
        if len(self.remarks) > REMARKS_MAX:
            kinds: dict[str, list[Remark]] = {}
            for remark in self.remarks:
                kinds.setdefault(remark.code, []).append(remark)
            first = {id(remark) for found in kinds.values() for remark in found[:REMARKS_MAX]}
            self.remarks = [remark for remark in self.remarks if id(remark) in first]

    def leading(self) -> ClockRun | None:
        """The clock whose due is the case's: instant, promise, else statutory."""
        promise = statutory = None
        for clock in reversed(self.clocks):
            name = clock.name
            if name == "promise":
                promise = promise or clock
            elif name == "statutory":
                statutory = statutory or clock
            elif name == "instant" and clock.ended != "void":
                return clock
        return promise or statutory

    def state(self) -> CaseState:
        """How the case stands."""
        if self.closed:
            return self.closed
        if self.accepted_ms is None:
            return "received"
        if self.waiting_ms is not None:
            return "waiting"
        is_suspended = self.procedures and any(map(self._has_effect, self.procedures))
        return "suspended" if is_suspended else "accepted"

    def _has_effect(self, procedure: Procedure) -> bool:
        """Whether a special procedure goes on, and is not over by its cap on every clock that it suspended."""
        if procedure.to_ms is not None:
            return False
        skips = [skip for clock in self.clocks for skip in clock.skips if skip.event_id == procedure.event_id]
        return not skips or any(skip.to_ms is None for skip in skips)
