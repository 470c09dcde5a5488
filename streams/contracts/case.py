"""A case as a fact: the latest state of one application."""

from typing import Literal

import msgspec

from streams.contracts.case_event import CaseClass, FinishResult
from streams.contracts.instants import Instant

CaseState = Literal["received", "accepted", "suspended", "waiting", "refused", "finished", "stopped"]
"""Received, accepted, suspended, waiting for a correction, refused, finished, stopped without a finish."""


class Case(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """How one case stands. `on_time` is absent while undecided or where the case has no limit.

    `events` were judged; `late_events` came when what they belong to was settled, and are kept without being judged.
    """

    case_no: str
    state: CaseState
    case_class: CaseClass = "other"
    applied_at: Instant | None = None
    accepted_at: Instant | None = None
    finished_at: Instant | None = None
    result: FinishResult | None = None
    due_at: Instant | None = None
    epoch: int = 1
    on_time: bool | None = None
    no_limit: bool = False
    events: int = 0
    late_events: int = 0
    last_event_at: Instant | None = None
    registry_version: str = ""
    hall: str = ""
    org: str = ""
    site: str = ""
    window: str = ""
    staff: str = ""
    item: str = ""
    feed: str = ""
    version: int = 0
    known_at: Instant | None = None
