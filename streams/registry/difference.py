"""What differs between two versions of a hall, as far as it can change how a case is judged.

Names of items, people and routes are not among it: they are looked up when something is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from streams.calendar.calendar import Calendar
from streams.calendar.midnights import FIRST_DAY, LAST_DAY
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Item, Org

SAME = LAST_DAY + 1
"""The first differing day of calendars that do not differ."""

ALWAYS = 0
"""The first differing day of what differs in more than its days."""


@dataclass(frozen=True, kw_only=True)
class HallDifference:
    """What differs between two versions of a hall.

    `items`: whether the data or the policy of an item differ, by its code. `orgs` and `sites`: the first day (an
    ordinal) on which the calendar of each differs; ALWAYS where more than days does, SAME where nothing does.
    `other_…` speaks of codes that neither version knows.
    """

    items: Mapping[str, bool] = field(default_factory=dict)
    orgs: Mapping[str, int] = field(default_factory=dict)
    sites: Mapping[str, int] = field(default_factory=dict)
    other_item: bool
    other_org: int
    other_site: int


EVERYTHING = HallDifference(other_item=True, other_org=ALWAYS, other_site=ALWAYS)
"""The difference of halls that share too little to be compared: all of their cases are touched."""


def difference(before: HallRegistry, after: HallRegistry) -> HallDifference:
    """Compare two versions of one hall, once for all of its subjects."""
    if _judging(before) != _judging(after):
        return EVERYTHING
    days = _Days()
    orgs = {org.code for hall in (before, after) for org in hall.orgs}
    sites = {site.code for hall in (before, after) for site in hall.sites}
    items = {item.code for hall in (before, after) for item in hall.items}
    return HallDifference(
        items={code: _item(before, code) != _item(after, code) for code in items},
        orgs={code: _org_day(before, after, code, days) for code in orgs},
        sites={code: days.first(before.calendar_of_site(code), after.calendar_of_site(code)) for code in sites},
        other_item=before.policy_of(None) != after.policy_of(None),
        other_org=days.first(before.calendar_of(""), after.calendar_of("")),
        other_site=days.first(before.calendar_of_site(""), after.calendar_of_site("")),
    )


def _judging(hall: HallRegistry) -> object:
    """What holds for every case of a hall: which rules run, and what its feeds tell."""
    rules = sorted(hall.rules, key=lambda rule: (rule.rule, rule.org, rule.item))
    feeds = sorted((feed.name, feed.way, feed.full_profile) for feed in hall.feeds)
    return rules, feeds


def _item(hall: HallRegistry, code: str) -> object:
    item: Item | None = hall.item(code)
    plain = None if item is None else msgspec.structs.replace(item, name_zh="", name_en="")
    return plain, hall.policy_of(item)


def _org_day(before: HallRegistry, after: HallRegistry, code: str, days: "_Days") -> int:
    old, new = before.org(code), after.org(code)
    if old is None or new is None or _org(old) != _org(new):
        return ALWAYS
    return days.first(before.calendar_of(code), after.calendar_of(code))


def _org(org: Org) -> Org:
    """What of an org can change a judgement; its calendar and hours are compared by their days."""
    told = {"name_zh": "", "name_en": "", "chief_representative": "", "site": "", "calendar": "", "hours": ""}
    return msgspec.structs.replace(org, **told)


class _Days:
    """First differing days of pairs of calendars; many orgs share a pair."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], int] = {}

    def first(self, old: Calendar, new: Calendar) -> int:
        pair = id(old), id(new)
        found = self._found.get(pair)
        if found is None:
            found = self._found[pair] = first_differing_day(old, new)
        return found


def first_differing_day(old: Calendar, new: Calendar) -> int:
    """The first day that two calendars take for something else: legal, open, closing, published or known."""
    if old.midnights is not new.midnights or old.regular_day_ms != new.regular_day_ms:
        return ALWAYS
    first = SAME
    if old.unknown_from != new.unknown_from:
        first = min(old.unknown_from, new.unknown_from)
    if old.first_known != new.first_known:
        first = min(first, old.first_known, new.first_known)
    worked = _first_unequal(old.working_before, new.working_before) - 1  # a day's count stands behind it
    return min(first, worked, _first_unequal(old.opened, new.opened), _first_unequal(old.regular, new.regular))


def _first_unequal(old: Sequence[object], new: Sequence[object]) -> int:
    """The day that stands at the first place where two tables differ; behind the last day where none does."""
    if old == new:
        return SAME + 1
    return FIRST_DAY + next(at for at, (left, right) in enumerate(zip(old, new, strict=True)) if left != right)
