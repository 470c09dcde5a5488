"""What the case process keeps of one case."""

from collections.abc import Sequence
from typing import Any

import msgspec

from streams.processes.case.case_clocks import is_late
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.judge import keep
from streams.processes.case.scored import is_upper_units
from streams.processes.case.signals import Told
from streams.processes.case.withdrawal import counts_as_late

SHAPE = 2
"""In the first shape the events were an array of their own; many small objects in memory, packed again each time."""

_encode = msgspec.msgpack.Encoder().encode
_decode_events = msgspec.msgpack.Decoder(list[Essence]).decode
_ARRAY = b"\xdd"
"""What stands before the length of an array in msgpack."""


class CaseState(msgspec.Struct, array_like=True, gc=False):
    """One case's row: its events as essences in order, how many of them the fold holds, the fold.

    `tail` are the events, packed one behind the other, and `kept` is how many they are: judging in order only adds to
    them, what judges again unpacks them all.
    `bound_version` is the registry version at the first acceptance, `judged_by` the one the fold was made with.
    `base` is the fold of the events up to `settled`, which are no longer kept (`settling`); `applied` counts those in
    the tail. `late_events` counts what came too late to be judged.
    `is_stub`: long after its end only this is kept (`stub`); `came_late` marks the last events for which it came back.
    `withdrawn` remembers findings that were published and withdrawn, `proposed` those whose withdrawal waits for a
    supervisor, `contested` those whose withdrawal waited until a calendar made them true again. `told` is what the
    other cases of a joint case were told. `running_by` is the registry version that the clocks of a closed case follow
    which run on, its delivery above all.
    """

    fold: CaseFold
    feed: str = ""
    tail: bytes = b""
    applied: int = 0
    bound_version: str = ""
    judged_by: str = ""
    withdrawn: set[str] = set()
    proposed: dict[str, FindingRun] = {}
    base: CaseFold | None = None
    settled: tuple[int, int, str] | None = None
    late_events: int = 0
    contested: set[str] = set()
    told: dict[str, Told] = {}
    is_stub: bool = False
    came_late: list[str] = []
    running_by: str = ""
    kept: int = 0

    def events(self) -> list[Essence]:
        """The events of the tail; a copy."""
        return _decode_events(_ARRAY + self.kept.to_bytes(4) + self.tail)

    def hold(self, events: Sequence[Essence]) -> None:
        """Make these the events of the tail."""
        self.tail, self.kept = b"".join(map(_encode, events)), len(events)

    def put(self, event: Essence) -> bool | None:
        """Put an event into the tail: whether it is the next in order; None where it brings nothing new."""
        is_next = self.applied == self.kept
        if is_next and event.at_ms > self.fold.at_ms and event.event_id.encode() not in self.tail:
            self.tail += _encode(event)
            self.kept += 1
            return True
        events = self.events()
        if not keep(events, event):
            return None
        is_more = len(events) > self.kept
        self.hold(events)
        return is_next and is_more and event.at_ms >= self.fold.at_ms and events[-1] is event

    def is_late(self) -> bool:
        """Whether the case counts as late."""
        own = is_late(self.fold) and not is_upper_units(self.fold)
        return own or (bool(self.proposed) and counts_as_late(self.proposed))


def from_first_shape(raw: bytes) -> CaseState:
    """A state from the bytes of the first shape."""
    parts: list[Any] = msgspec.msgpack.decode(raw)
    events, parts[_TAIL] = parts[_TAIL], b""
    state = msgspec.convert(parts, CaseState)
    state.hold(msgspec.convert(events, list[Essence]))
    return state


_TAIL = CaseState.__struct_fields__.index("tail")
