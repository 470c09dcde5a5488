"""A clock as a fact: one limit running on one subject, with the ledger that explains it."""

from typing import Literal

import msgspec

from streams.contracts.case_event import LimitUnit
from streams.contracts.instants import Instant

ClockName = Literal[
    "acceptance",
    "promise",
    "statutory",
    "step",
    "first_review",
    "upper_stage",
    "joint_parent",
    "joint_child",
    "special_procedure",
    "delivery",
    "instant",
]
"""The clocks of clocks.md section 3."""

ClockState = Literal["running", "suspended", "waiting", "stopped", "void"]
"""Running; suspended by a special procedure; waiting for a correction; stopped; void (replaced by a new epoch)."""


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One stretch of a clock's life and why it was counted or skipped.

    `amount` is in the clock's unit (an extension of months in calendar days); the amounts of the counted lines add up
    to `Clock.used`, and the start's with the extensions' to `Clock.limit_amount`.
    `ground` is a code (`start`, `counted`, `moved`, `overdue`, `suspension`, `waiting`, `extension`, `stop`, …)
    that explain turns into Chinese and English; `basis` names the law article or the policy. `note` is a code that says
    more (`overlap`, `on_due_day`, why something had no effect); `reason` is what the case's event gives as its ground.
    """

    from_at: Instant
    to_at: Instant
    counted: bool
    amount: int
    ground: str
    basis: str = ""
    event_id: str = ""
    calendar_version: str = ""
    person: str = ""
    note: str = ""
    reason: str = ""


class Clock(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """How one clock of one case stands; `due_at` is the last instant still in time.

    `limit_amount`, `used`, `remaining` are in `unit`; so is `overdue`, for limits in days of any kind
    and for the closing of a day in working days.
    `run` counts runs of a `step`.
    `version` and `known_at` are stamped by the engine.
    """

    clock_id: str
    case_no: str
    clock: ClockName
    epoch: int = 1
    run: int = 1
    step: str = ""
    state: ClockState
    unit: LimitUnit
    limit_amount: int
    started_at: Instant
    due_at: Instant
    stopped_at: Instant | None = None
    used: int = 0
    remaining: int = 0
    overdue: int = 0
    provisional: bool = False
    calendar_version: str = ""
    ledger: tuple[LedgerLine, ...] = ()
    hall: str = ""
    org: str = ""
    site: str = ""
    window: str = ""
    staff: str = ""
    item: str = ""
    feed: str = ""
    version: int = 0
    known_at: Instant | None = None
