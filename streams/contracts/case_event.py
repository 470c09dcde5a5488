"""Canonical case events: what happened to one case, in business time (background.md B4.6, clocks.md section 3).

One struct a kind, told apart by `kind` in JSON.
All stamps carry an offset.
`event_id` is a hash of (feed, foreign row key, kind, ordinal among equals): the same row gives the same id for ever.
"""

from typing import Literal, final

import msgspec

from streams.contracts.instants import Instant

LimitUnit = Literal[
    "working_days",
    "office_days",
    "office_minutes",
    "calendar_days",
    "clock_hours",
    "calendar_months",
]
"""Units of a limit; they never convert into each other silently."""

CaseClass = Literal["instant", "promised", "reported", "joint", "other"]
"""即办件, 承诺件, 上报件, 联办件, 其他 (GB/T 39046 A.6 and local codes)."""

FinishResult = Literal["granted", "refused", "done", "returned", "voided", "deleted"]
"""Granted, refused and done are finishes; returned, voided and deleted stop the clocks without one (clocks.md 3)."""


class _CaseEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", omit_defaults=True):
    """The envelope that every kind of case event carries.

    `arrived_at` is stamped by intake. `date_only` marks a stamp that came without a time of day.
    `extra` keeps foreign fields that no clock or rule reads.
    """

    event_id: str
    feed: str
    case_no: str
    occurred_at: Instant
    arrived_at: Instant | None = None
    data_version: int = 0
    date_only: bool = False
    org: str = ""
    site: str = ""
    window: str = ""
    staff: str = ""
    item: str = ""
    extra: dict[str, str] = {}


class Applied(_CaseEvent, frozen=True, kw_only=True, tag="case.applied"):
    """The application was received; starts the acceptance clock."""

    channel: str = ""
    case_class: CaseClass | None = None


class Prereviewed(_CaseEvent, frozen=True, kw_only=True, tag="case.prereviewed"):
    """An online pre-review was done."""

    passed: bool = True


class Accepted(_CaseEvent, frozen=True, kw_only=True, tag="case.accepted"):
    """The case was accepted; starts the handling clocks.

    `told_due_at` is the promise date printed on the acceptance notice.
    `entry` is how a case accepted elsewhere came in: `accept` (异地受理) or `collect` (代收).
    """

    notice_no: str = ""
    told_due_at: Instant | None = None
    case_class: CaseClass | None = None
    entry: Literal["", "accept", "collect"] = ""


class Refused(_CaseEvent, frozen=True, kw_only=True, tag="case.refused"):
    """The application was refused before acceptance."""

    reason: str = ""
    remedy_told: bool | None = None


class CorrectionNotified(_CaseEvent, frozen=True, kw_only=True, tag="case.correction_notified"):
    """The applicant was told what is missing; before acceptance a notice, after it a wait (clocks.md 4)."""

    notice_no: str = ""
    materials: tuple[str, ...] = ()


class CorrectionCompleted(_CaseEvent, frozen=True, kw_only=True, tag="case.correction_completed"):
    """All missing material is in."""


class Extended(_CaseEvent, frozen=True, kw_only=True, tag="case.extended"):
    """Special procedure A: an extension, approved at `occurred_at`; days in the unit of the limit."""

    applied_at: Instant | None = None
    days: int | None = None
    approver: str = ""
    reason: str = ""


class Suspended(_CaseEvent, frozen=True, kw_only=True, tag="case.suspended"):
    """Special procedure B starts: hearing, appraisal and the like (licence law article 45)."""

    special_id: str = ""
    ground: str = ""
    announced_days: int | None = None
    notice_no: str = ""


class Resumed(_CaseEvent, frozen=True, kw_only=True, tag="case.resumed"):
    """Special procedure B ends; an empty `special_id` ends the one that is open."""

    special_id: str = ""


class StepStarted(_CaseEvent, frozen=True, kw_only=True, tag="case.step_started"):
    """A step of the process began; `run` tells repeated runs of one step apart."""

    step: str
    run: int = 1


class StepEnded(_CaseEvent, frozen=True, kw_only=True, tag="case.step_ended"):
    """A step of the process ended.

    `done` is the step's status. A step known only by its end has an unknown duration (clocks.md 9).
    """

    step: str
    run: int = 1
    outcome: str = ""
    opinion: str = ""
    done: bool = True


class MaterialRecorded(_CaseEvent, frozen=True, kw_only=True, tag="case.material"):
    """A document of the application was recorded."""

    material: str
    required: bool = False
    present: bool = True


class PassedUp(_CaseEvent, frozen=True, kw_only=True, tag="case.passed_up"):
    """A reported case (上报件) went to the upper unit; stops the first review."""

    upper_unit: str = ""


class UpperDecided(_CaseEvent, frozen=True, kw_only=True, tag="case.upper_decided"):
    """The upper unit decided."""


class Finished(_CaseEvent, frozen=True, kw_only=True, tag="case.finished"):
    """The case ended; its clocks stop at `decided_at`, else at `occurred_at` (clocks.md 3)."""

    result: FinishResult = "done"
    decided_at: Instant | None = None
    reason: str = ""
    document: bool | None = None
    remedy_told: bool | None = None


class ResultReady(_CaseEvent, frozen=True, kw_only=True, tag="case.result_ready"):
    """The applicant was told that the document is ready to be fetched."""


class Delivered(_CaseEvent, frozen=True, kw_only=True, tag="case.delivered"):
    """The document was handed over, posted, or issued electronically."""

    means: Literal["handed", "posted", "electronic", ""] = ""


class FeeCharged(_CaseEvent, frozen=True, kw_only=True, tag="case.fee"):
    """A fee was charged, in hundredths of the currency."""

    amount_cents: int
    currency: str = "CNY"
    standard: str = ""


class Evaluated(_CaseEvent, frozen=True, kw_only=True, tag="case.evaluated"):
    """A citizen rated the case: 5 = very satisfied … 1 = very dissatisfied."""

    level: int
    channel: str = ""


class Complained(_CaseEvent, frozen=True, kw_only=True, tag="case.complaint"):
    """A complaint about the case was registered."""

    complaint_id: str = ""


class Consulted(_CaseEvent, frozen=True, kw_only=True, tag="case.consult"):
    """A question about the case was registered."""

    consult_id: str = ""


class Linked(_CaseEvent, frozen=True, kw_only=True, tag="case.linked"):
    """The case belongs to a joint case: `role` says what the other case is to this one."""

    other_case_no: str
    role: Literal["parent", "child"]


class Urged(_CaseEvent, frozen=True, kw_only=True, tag="case.urged"):
    """A supervisor urged the case to be finished by `until_at` (policy *urge_deadline*)."""

    until_at: Instant


class ProgressTold(_CaseEvent, frozen=True, kw_only=True, tag="case.progress_told"):
    """The applicant was told how the case stands."""


class Withdrawn(_CaseEvent, frozen=True, kw_only=True, tag="case.withdrawn"):
    """The applicant took the application back; stops all clocks."""

    reason: str = ""


class Abandoned(_CaseEvent, frozen=True, kw_only=True, tag="case.abandoned"):
    """The applicant never supplied what was asked; the case is closed."""

    reason: str = ""


@final
class WithdrawalConfirmed(_CaseEvent, frozen=True, kw_only=True, tag="case.withdrawal_confirmed"):
    """A supervisor confirms that a finding was never true; `staff` says who, `why` is kept (clocks.md 7)."""

    finding_id: str
    why: str = ""


CaseEvent = (
    Applied
    | Prereviewed
    | Accepted
    | Refused
    | CorrectionNotified
    | CorrectionCompleted
    | Extended
    | Suspended
    | Resumed
    | StepStarted
    | StepEnded
    | MaterialRecorded
    | PassedUp
    | UpperDecided
    | Finished
    | ResultReady
    | Delivered
    | FeeCharged
    | Evaluated
    | Complained
    | Consulted
    | Linked
    | Urged
    | ProgressTold
    | Withdrawn
    | Abandoned
    | WithdrawalConfirmed
)
"""Every kind of canonical case event."""
