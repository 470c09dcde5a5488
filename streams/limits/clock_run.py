"""A clock as it runs: one limit on one subject, from its start to its stop, with what was skipped on the way.

These structs are state: they live in a process's rows, so they are arrays in msgpack and change in place.
All instants are epoch milliseconds.
"""

from typing import Literal

import msgspec

from streams.contracts.case_event import LimitUnit
from streams.contracts.clock import ClockName, ClockState

SkipGround = Literal["suspension", "waiting"]
"""Special procedure B, or waiting for a correction after acceptance (clocks.md 4)."""

VoidGround = Literal["suspension", "waiting", "extension"]
"""What can be without effect: these two, and an extension."""


class Skip(msgspec.Struct, array_like=True, gc=False):
    """A stretch that a clock does not count.

    `to_ms` is absent while it is open; `cap_ms` is the last instant up to which it has effect (absent: no cap).
    `whole` says that the day it began on is not counted either: it began on the due day. `reason` is the ground that
    was given for it.
    """

    from_ms: int
    ground: SkipGround
    event_id: str
    to_ms: int | None = None
    cap_ms: int | None = None
    whole: bool = False
    reason: str = ""

    def reach_ms(self) -> int | None:
        """Up to when it has effect: its end or its cap, whichever comes first; absent while open without a cap."""
        if self.to_ms is None or (self.cap_ms is not None and self.cap_ms < self.to_ms):
            return self.cap_ms
        return self.to_ms


class Extension(msgspec.Struct, array_like=True, gc=False):
    """What a special procedure A added, in the clock's unit (for months in calendar days), and who approved it."""

    at_ms: int
    amount: int
    event_id: str
    approver: str


class Void(msgspec.Struct, array_like=True, gc=False):
    """Something that was to move the clock and had no effect on it; `note` is the code of why."""

    at_ms: int
    ground: VoidGround
    note: str
    event_id: str
    reason: str = ""
    approver: str = ""


class ClockRun(msgspec.Struct, array_like=True, gc=False):
    """One run of one clock.

    `amount` is the limit without extensions. `due_ms` is the last instant still in time; while the clock waits without
    a cap it stands where it stood when the wait began. `cards` are the instants from which a level holds, in order:
    pairs of instant and index into LEVELS. `ended` says how it stopped. `bound` marks the limit of a part of
    a joint case which ends with the promise of the whole. `step` names the step whose limit it is. `voids` are the
    first few things that had no effect on it. `told_ms` is the last instant in time that was told to the applicant,
    where that is the limit; `short` is then what is missing to whole units: milliseconds for limits in time, days for
    months. `closing`: the limit is a closing of the hall, the amount only what that left.
    """

    name: ClockName
    unit: LimitUnit
    amount: int
    started_ms: int
    start_event: str = ""
    epoch: int = 1
    run: int = 1
    due_ms: int = 0
    cards: tuple[tuple[int, int], ...] = ()
    skips: tuple[Skip, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped_ms: int | None = None
    stop_event: str = ""
    ended: Literal["", "stopped", "void"] = ""
    provisional: bool = False
    calendar_version: str = ""
    bound: bool = False
    step: str = ""
    voids: tuple[Void, ...] = ()
    told_ms: int | None = None
    short: int = 0
    closing: bool = False

    def total(self) -> int:
        """The limit with its extensions, in the clock's unit; months keep their extensions apart, those are days."""
        if self.unit == "calendar_months":
            return self.amount
        total = self.amount
        for extension in self.extensions:
            total += extension.amount
        return total

    def is_open(self) -> bool:
        """Whether the clock has not stopped."""
        return self.stopped_ms is None

    def halted_ms(self) -> int | None:
        """Since when the clock waits without an end in sight; absent where it does not."""
        for skip in self.skips:
            if skip.reach_ms() is None:
                return skip.from_ms
        return None

    def is_in_time(self, at_ms: int) -> bool:
        """Whether a mechanism that begins at an instant finds the clock not yet over; one that waits never is."""
        return at_ms <= self.due_ms or self.halted_ms() is not None

    def judged_ms(self, at_ms: int) -> int:
        """The last instant up to which the clock can be over: its stop, or where a wait that never ended began.

        An epoch that a correction replaced is judged at the notice, which came in time.
        """
        until = at_ms if self.stopped_ms is None else self.stopped_ms
        for skip in self.skips:
            if skip.reach_ms() is None or (self.ended == "void" and skip.to_ms == self.stopped_ms):
                until = min(until, skip.from_ms)
        return until

    def is_over(self, at_ms: int) -> bool:
        """Whether the clock has gone over its due by an instant."""
        until = at_ms if self.stopped_ms is None else self.stopped_ms
        return until > self.due_ms and self.judged_ms(at_ms) > self.due_ms

    def state(self) -> ClockState:
        """How the clock stands now."""
        if self.ended == "void":
            return "void"
        if self.stopped_ms is not None:
            return "stopped"
        for skip in self.skips:
            if skip.to_ms is None:
                return "waiting" if skip.ground == "waiting" else "suspended"
        return "running"

    def level_at(self, at_ms: int) -> tuple[int, int] | None:
        """The card that holds at an instant: when it came and its level; absent before the first and once stopped."""
        if self.stopped_ms is not None:
            return None
        held = None
        for card in self.cards:
            if card[0] > at_ms:
                break
            if held is None or card[1] > held[1]:
                held = card
        return held

    def next_card(self, at_ms: int) -> int | None:
        """The first instant after `at_ms` at which a card may come."""
        if self.stopped_ms is not None:
            return None
        for card in self.cards:
            if card[0] > at_ms:
                return card[0]
        return None
