"""What the cases of a joint case (联办件) tell each other: each the whole of what the other needs, with a revision.

A signal is no event of the outside: a case's process makes it, and only the newest of each sender counts.
"""

from typing import Literal, final

import msgspec

from streams.contracts.instants import Instant


class ToldProcedure(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A special procedure B of the sender; the receiver caps it by its own calendar (clocks.md 4)."""

    event_id: str
    from_at: Instant
    to_at: Instant | None = None
    announced_days: int | None = None
    ground: str = ""


class ToldStretch(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A stretch in which the sender's part was late; `to_at` is absent while it is."""

    from_at: Instant
    to_at: Instant | None = None


class ToldDue(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When the sender's promise was due, as it stood from an instant on."""

    from_at: Instant
    due_at: Instant


class _CaseSignal(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", omit_defaults=True):
    """The envelope of signals, named as that of case events, so that both are kept in one place.

    `case_no` is the receiver, `sender` the other case, `data_version` the sender's revision. `handed_over_at` is when
    the co-unit got its part; absent where the two no longer belong together. `version` and `known_at` are stamped by
    the engine.
    """

    event_id: str
    case_no: str
    sender: str
    occurred_at: Instant
    data_version: int
    handed_over_at: Instant | None = None
    arrived_at: Instant | None = None
    feed: Literal[""] = ""
    date_only: Literal[False] = False
    org: str = ""
    site: Literal[""] = ""
    window: Literal[""] = ""
    staff: Literal[""] = ""
    item: str = ""
    version: int = 0
    known_at: Instant | None = None


@final
class ChildChanged(_CaseSignal, frozen=True, kw_only=True, tag="case.child_changed"):
    """A part of a joint case tells the lead how it stands; `org` is the co-unit.

    `ended_at` is when it was decided or stopped otherwise.
    """

    procedures: tuple[ToldProcedure, ...] = ()
    late: tuple[ToldStretch, ...] = ()
    ended_at: Instant | None = None


@final
class ParentChanged(_CaseSignal, frozen=True, kw_only=True, tag="case.parent_changed"):
    """The lead of a joint case tells a part by when its own promise is due; `org` is the lead."""

    dues: tuple[ToldDue, ...] = ()


CaseSignal = ChildChanged | ParentChanged
"""Every kind of signal between cases."""
