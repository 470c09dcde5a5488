"""What the delivery process remembers of one receiver: pushes on their way, receipts ahead of them, what is over."""

import msgspec

from streams.contracts.push import PushReceipt, PushRequest


class Waiting(msgspec.Struct, array_like=True):
    """A push on its way. `attempt` counts from 1, `failures` those answered with failed.

    `next_ms` is when the next attempt is due: the back-off while `is_failed`, else the end of waiting for an answer.
    """

    request: PushRequest
    requested_ms: int
    next_ms: int
    attempt: int = 1
    failures: int = 0
    is_failed: bool = False


class Early(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A receipt that came before its request, and when."""

    receipt: PushReceipt
    accepted_ms: int


class DeliveryMemory(msgspec.Struct, array_like=True):
    """The state of one receiver. `finished`: push ids that are over, with when, the oldest first."""

    waiting: dict[str, Waiting] = {}
    early: list[Early] = []
    finished: dict[str, int] = {}
