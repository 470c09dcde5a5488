"""An alert: a finding on its way to people, and what people say about it."""

from typing import Literal

import msgspec

from streams.contracts.finding import Level
from streams.contracts.instants import Instant

AlertState = Literal["held", "told", "acknowledged", "answered", "corrected", "reviewed", "closed", "withdrawn"]
"""Held (recorded, nobody told) … closed; withdrawn with its finding."""


class Alert(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """How one alert stands. `reason` says why it was told or held."""

    alert_id: str
    finding_id: str
    subject: str
    rule: str
    state: AlertState
    level: Level
    reason: str = ""
    raised_at: Instant
    told_at: Instant | None = None
    receivers: tuple[str, ...] = ()
    acknowledged_by: str = ""
    acknowledged_at: Instant | None = None
    expected_done_at: Instant | None = None
    title_zh: str = ""
    title_en: str = ""
    message_zh: str = ""
    message_en: str = ""
    hall: str = ""
    org: str = ""
    site: str = ""
    window: str = ""
    staff: str = ""
    item: str = ""
    version: int = 0
    known_at: Instant | None = None


class Acknowledge(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="command.acknowledge"):
    """A person takes an alert on and says when it will be done; why is kept."""

    command_id: str
    alert_id: str
    person: str
    given_at: Instant
    why: str = ""
    expected_done_at: Instant | None = None


class ConfirmWithdrawal(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="command.confirm_withdrawal"
):
    """A supervisor confirms that what is proposed to be withdrawn was never true (clocks.md 7); why is kept.

    `alert_id` is the finding's id, as of every alert.
    """

    command_id: str
    alert_id: str
    person: str
    given_at: Instant
    why: str = ""


Command = Acknowledge | ConfirmWithdrawal
"""Every kind of command; the union grows with the product."""
