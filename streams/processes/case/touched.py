"""Which cases a registry version may touch, told by the slots of their rows; no case is decoded to find out."""

from functools import cache, lru_cache
from zlib import crc32

from streams.calendar.midnights import DAY_MS
from streams.engine.slots import Slots
from streams.processes.case.fold import CaseFold
from streams.registry.difference import EVERYTHING, SAME, HallDifference, difference
from streams.registry.registry import Registry

_EPOCH_DAY = 719_163
"""The ordinal of 1970-01-01."""

_EVER = (1 << 32) - 1
"""The last day of a case whose judgement may look at any day ahead."""

SETTLED = Slots(last_day=1)
"""The slots of a case that no version touches: it is closed, and no clock of it runs or stood on unconfirmed days."""


@cache
def number(hall: str, code: str) -> int:
    """The number of an item, an org or a site in the slots of a row; never 0."""
    return crc32(f"{hall}/{code}".encode()) or 1


def slots_of(fold: CaseFold) -> Slots:
    """What a case depends on in the registry.

    Where the promise began anew, the walk also asks when all epochs together go over the statutory limit, and that may
    lie behind every due.
    """
    if fold.closed:
        for clock in fold.clocks:  # a loop takes a third of what `any` does, and this is asked after each event
            if clock.stopped_ms is None or clock.provisional:
                break
        else:
            return SETTLED
    hall = fold.case_no.partition("/")[0]
    last_day = _EVER if fold.epoch > 1 else _last_ms(fold) // DAY_MS + _EPOCH_DAY + 1
    if not 1 <= last_day <= _EVER:
        last_day = 1 if last_day < 1 else _EVER
    return _slots(hall, fold.item, fold.org, fold.accept_site, last_day)


@lru_cache(maxsize=1 << 9)  # many cases hang on the same few; a larger one is itself far memory
def _slots(hall: str, item: str, org: str, site: str, last_day: int) -> Slots:
    return Slots(number(hall, item), number(hall, org), number(hall, site), last_day)


def _last_ms(fold: CaseFold) -> int:
    """The last instant that the judgement of a case looks at; a day more covers every zone."""
    last = max(fold.at_ms, fold.last_ms, fold.next_ms or 0, fold.told_due_ms or 0, fold.urged_ms or 0)
    for clock in fold.clocks:
        if clock.due_ms > last:
            last = clock.due_ms
        if clock.cards and clock.cards[-1][0] > last:
            last = clock.cards[-1][0]
        for skip in clock.skips:
            last = max(last, skip.cap_ms or 0)
    return last


class Touch:
    """What differs between two registry versions, by the numbers in slots."""

    def __init__(self, before: Registry, after: Registry) -> None:
        """Compare hall by hall; what only one of the versions knows counts as different."""
        self._items: dict[int, bool] = {}
        self._orgs: dict[int, int] = {}
        self._sites: dict[int, int] = {}
        self._other_item = False
        self._other_org = self._other_site = SAME
        for code in before.halls.keys() | after.halls.keys():
            self._add(code, _difference(before, after, code))

    def _add(self, hall: str, found: HallDifference) -> None:
        self._items |= {number(hall, code): differs for code, differs in found.items.items()}
        self._orgs |= {number(hall, code): day for code, day in found.orgs.items()}
        self._sites |= {number(hall, code): day for code, day in found.sites.items()}
        self._other_item = self._other_item or found.other_item
        self._other_org = min(self._other_org, found.other_org)
        self._other_site = min(self._other_site, found.other_site)

    def concerns(self, slots: Slots) -> bool:
        """Whether a case of these slots may be judged otherwise; a day beyond all that it looks at changes nothing."""
        if slots == SETTLED:
            return False
        if self._items.get(slots.item, self._other_item):
            return True
        first_day = min(self._orgs.get(slots.org, self._other_org), self._sites.get(slots.calendar, self._other_site))
        return first_day != SAME and first_day <= slots.last_day  # a case may look at any day, where none differs


def _difference(before: Registry, after: Registry, hall: str) -> HallDifference:
    old, new = before.halls.get(hall), after.halls.get(hall)
    if old is None or new is None:
        return EVERYTHING
    return difference(old, new)
