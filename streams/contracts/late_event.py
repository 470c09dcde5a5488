"""What comes for a case of which only a stub is kept: it goes out, and comes back with all that the case once was."""

from typing import final

import msgspec

from streams.contracts.case_event import CaseEvent
from streams.contracts.instants import Instant


class LateEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An event for a stub. `events` is how many events the case had been judged by; so many the store must hold."""

    case_no: str
    event: CaseEvent
    events: int
    version: int = 0
    known_at: Instant | None = None


@final
class Rehydrated(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="case.rehydrated"
):
    """A case is brought back: every event that was `known` of it, and the `late` ones for which it is.

    Ours alone: it never comes from outside.
    """

    case_no: str
    known: tuple[CaseEvent, ...]
    late: tuple[CaseEvent, ...]
