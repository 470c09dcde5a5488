"""What is kept of a case event: only what a clock or a rule reads, in at most about a hundred bytes.

Every contract of the case-events topic has a rank of its own here, which orders events that bear the same stamp
(clocks.md 10) and stands for the kind in the rows that are kept: a rank never changes its meaning.
"""

from collections.abc import Callable
from sys import intern
from typing import Any

import msgspec

from streams.calendar.calendar import Calendar
from streams.contracts import case_event as contract
from streams.contracts import case_signal as signal
from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import identity
from streams.contracts.instants import to_ms


class Essence(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One event of a case.

    `at_ms` is its business time (a finish stands at its decision). `instant_ms`, `number`, `text` and `more` mean
    what the kind says in `_READ`. Empty texts were not told.
    """

    at_ms: int
    rank: int
    event_id: str
    version: int = 0
    date_only: bool = False
    org: str = ""
    site: str = ""
    window: str = ""
    staff: str = ""
    item: str = ""
    instant_ms: int | None = None
    number: int | None = None
    text: str = ""
    more: str = ""

    @property
    def kind(self) -> str:
        """The kind without its prefix, e.g. `accepted`; its rank tells it."""
        return _KIND_OF_RANK[self.rank]

    def order(self) -> tuple[int, int, str]:
        """The key that events of one case are sorted by."""
        return self.at_ms, self.rank, self.event_id


_RANKS: dict[type[Any], int] = {
    contract.Applied: 0,
    contract.Prereviewed: 1,
    contract.Linked: 2,
    contract.Accepted: 3,
    contract.Refused: 4,
    contract.CorrectionNotified: 5,
    contract.CorrectionCompleted: 6,
    contract.Extended: 7,
    contract.Suspended: 8,
    contract.Resumed: 9,
    contract.Urged: 10,
    contract.StepStarted: 11,
    contract.StepEnded: 12,
    contract.PassedUp: 13,
    contract.UpperDecided: 14,
    contract.MaterialRecorded: 15,
    contract.FeeCharged: 16,
    contract.ProgressTold: 17,
    contract.Finished: 18,
    contract.Withdrawn: 19,
    contract.Abandoned: 20,
    contract.ResultReady: 21,
    contract.Delivered: 22,
    contract.Evaluated: 23,
    contract.Complained: 24,
    contract.Consulted: 25,
    contract.WithdrawalConfirmed: 26,
    signal.ChildChanged: 27,
    signal.ParentChanged: 28,
}

CHILD_PIECE, PARENT_PIECE = _RANKS[signal.ChildChanged], _RANKS[signal.ParentChanged]
"""The ranks of pieces of signals: a piece is no event of its own, `joint` makes them."""

_KIND_OF_RANK: dict[int, str] = {
    rank: kind.__struct_config__.tag.removeprefix("case.") for kind, rank in _RANKS.items()
}

Details = tuple[int | None, int | None, str, str]
"""Instant, number, text and more."""

_DOCUMENT: dict[bool | None, str] = {True: "paper", False: "none", None: ""}
"""Whether a decision has a document: yes, no, or as the item says."""

_READ: dict[type[Any], Callable[[Any], Details]] = {
    contract.Applied: lambda event: (None, None, event.case_class or "", event.feed),
    contract.Accepted: lambda event: (_ms(event.told_due_at), None, event.case_class or "", event.entry),
    contract.Extended: lambda event: (_ms(event.applied_at), event.days, event.approver, ""),
    contract.Suspended: lambda event: (None, event.announced_days, event.special_id, event.ground),
    contract.Resumed: lambda event: (None, None, event.special_id, ""),
    contract.StepStarted: lambda event: (None, event.run, event.step, ""),
    contract.StepEnded: lambda event: (None, event.run, event.step, "done" if event.done else ""),
    contract.Finished: lambda event: (to_ms(event.occurred_at), None, event.result, _DOCUMENT[event.document]),
    contract.Urged: lambda event: (to_ms(event.until_at), None, "", ""),
    contract.Linked: lambda event: (None, None, event.other_case_no, event.role),
    contract.PassedUp: lambda event: (None, None, event.upper_unit, ""),
    contract.Delivered: lambda event: (None, None, event.means, ""),
}


def business_ms(event: CaseEvent | signal.CaseSignal) -> int:
    """When an event counts as having happened: a finish at its decision, everything else at its own stamp."""
    if type(event) is contract.Finished and event.decided_at is not None:
        return to_ms(event.decided_at)
    return to_ms(event.occurred_at)


def essence_of(event: CaseEvent) -> Essence:
    """The essence of an event.

    Codes and names that many events have are one object for all: a case is then packed in two thirds of the time,
    since most of it is spent on bringing objects in from memory.
    """
    kind = type(event)
    read = _READ.get(kind)
    instant_ms, number, text, more = read(event) if read is not None else (None, None, "", "")
    return Essence(
        business_ms(event),
        _RANKS[kind],
        event.event_id,
        event.data_version,
        event.date_only,
        intern(event.org),
        intern(event.site),
        intern(event.window),
        intern(event.staff),
        intern(event.item),
        instant_ms,
        number,
        intern(text),
        intern(more),
    )


def dated(essence: Essence, calendar: Calendar) -> Essence:
    """An event that came without a time of day stands at the beginning of its date, whatever stamp it came with."""
    if not essence.date_only:
        return essence
    return msgspec.structs.replace(essence, at_ms=date_began(essence.at_ms, calendar))


def date_began(at_ms: int, calendar: Calendar) -> int:
    """The beginning of the date of an instant, in the hall's zone."""
    return calendar.start_of(calendar.day_of(at_ms))


def wins(new: Essence, old: Essence) -> bool:
    """Whether `new` replaces `old`, another form of the same event: the higher source version, then the larger hash."""
    if new.version != old.version:
        return new.version > old.version
    return new != old and _content_hash(new) > _content_hash(old)


def _content_hash(essence: Essence) -> str:
    return identity(*(str(value) for value in msgspec.structs.astuple(essence)))


def _ms(instant: Any) -> int | None:
    return None if instant is None else to_ms(instant)
