"""Telling people: the request, each attempt, its receipt."""

from typing import Literal

import msgspec

from streams.contracts.finding import Level
from streams.contracts.instants import Instant

PushReason = Literal["opened", "raised", "reopened", "withdrawn"]
"""Why somebody is told."""

PushState = Literal["due", "sent", "failed", "dead"]
"""Due (to be sent), sent, failed (tried, will be tried again), dead (given up)."""


class PushRequest(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="push.request", omit_defaults=True
):
    """Tell `receiver` on `channel`. `push_id` is a hash of (finding, level, stretch, reason, receiver, channel)."""

    push_id: str
    receiver: str
    receiver_name: str = ""
    role: str = ""
    channel: str
    reason: PushReason
    finding_id: str
    subject: str
    level: Level
    title: str
    message: str
    raised_at: Instant
    hall: str = ""
    org: str = ""
    version: int = 0
    known_at: Instant | None = None


class PushReceipt(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="push.receipt", omit_defaults=True
):
    """What a channel answered to one attempt; comes from outside and is journalled."""

    push_id: str
    receiver: str
    attempt: int
    verdict: Literal["sent", "failed", "dead"]
    detail: str = ""
    answered_at: Instant


class Push(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """How one telling stands: a line of the push ledger."""

    push_id: str
    receiver: str
    receiver_name: str = ""
    role: str = ""
    channel: str
    reason: PushReason
    finding_id: str
    subject: str
    level: Level
    title: str
    message: str
    state: PushState
    attempt: int = 0
    detail: str = ""
    raised_at: Instant
    requested_at: Instant | None = None
    answered_at: Instant | None = None
    hall: str = ""
    org: str = ""
    version: int = 0
    known_at: Instant | None = None
