"""What the alert process remembers of one finding: what was told, to whom, at which level, and who answered."""

import msgspec

from streams.contracts.alert import Acknowledge, Alert
from streams.contracts.finding import Finding, Level
from streams.contracts.push import PushReason


class Telling(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One person was asked to be told on one channel. `heard_of_withdrawal` once they were told that it was void."""

    receiver: str
    name: str
    role: str
    channel: str
    level: Level
    stretch: int
    heard_of_withdrawal: bool = False


class Taken(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An acknowledgement and when it was accepted, epoch milliseconds."""

    command: Acknowledge
    accepted_ms: int


class AlertMemory(msgspec.Struct, array_like=True):
    """The state of one finding's alert.

    `finding` is the newest version taken; `told_ms` when people were last told, `stretch` how often it has opened.
    `waiting` is why people would have been told, had it not been held for now.
    Acknowledgements are kept whether or not their finding is there yet: the two come from different places in no
    settled order.
    """

    finding: Finding | None = None
    alert: Alert | None = None
    stretch: int = 1
    told_ms: int = -1
    waiting: PushReason | None = None
    tellings: list[Telling] = []
    taken: list[Taken] = []

    def heard(self) -> list[Telling]:
        """Who was told and does not yet know of a withdrawal: each receiver and channel once, the last level told."""
        return list({(one.receiver, one.channel): one for one in self.tellings if not one.heard_of_withdrawal}.values())

    def is_told(self) -> bool:
        """Whether anybody was told since it opened, or has not heard yet that what they were told of was void.

        Who knows that a higher level was taken back has still been told of the one that stands.
        """
        return any(one.stretch == self.stretch or not one.heard_of_withdrawal for one in self.tellings)

    def answer(self) -> Taken | None:
        """The last acknowledgement accepted since people were last told; one of an earlier telling no longer counts."""
        since = [one for one in self.taken if one.accepted_ms >= self.told_ms]
        return max(since, key=lambda one: (one.accepted_ms, one.command.command_id), default=None)
