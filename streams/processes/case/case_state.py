"""What the case process keeps of one case."""

import msgspec

from streams.processes.case.case_clocks import is_late
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.scored import is_upper_units
from streams.processes.case.signals import Told
from streams.processes.case.withdrawal import counts_as_late


class CaseState(msgspec.Struct, array_like=True, gc=False):
    """One case's row: its events as essences in order, how many of them the fold holds, the fold.

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
    tail: list[Essence] = []
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

    def is_late(self) -> bool:
        """Whether the case counts as late."""
        own = is_late(self.fold) and not is_upper_units(self.fold)
        return own or (bool(self.proposed) and counts_as_late(self.proposed))
