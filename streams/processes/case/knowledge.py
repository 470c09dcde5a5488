"""What a judgement is made with: a hall's data of one registry version, the rules, and what bound at acceptance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streams.calendar.calendar import Calendar
from streams.contracts.clock import ClockName
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Item, Policy
from streams.rule import Rule, never


@dataclass(frozen=True)
class Group:
    """Rules that share one finding: those of a ladder, or a rule that stands alone.

    `kinds` are the event kinds that can change an answer, `clocks` the clocks that are read; empty: all. `timed` are
    the rules whose answer time alone can change.
    """

    name: str
    rules: tuple[Rule, ...]
    timed: tuple[Rule, ...]
    is_ladder: bool
    kinds: frozenset[str]
    clocks: frozenset[ClockName]


class Knowledge:
    """One hall's registry data and rules; immutable but for answers that are kept.

    `bound` is the hall's data at the case's first acceptance: limits and policy come from there (clocks.md 5);
    calendars come from `hall`, the newest.
    """

    def __init__(self, hall: HallRegistry, rules: Mapping[str, Rule], bound: HallRegistry | None = None) -> None:
        """Group the rules by ladder."""
        self.hall = hall
        self.bound = bound or hall
        self._rules = rules
        self._by_id = {rule.id: rule for rule in rules.values()}
        self._groups: dict[tuple[str, str], tuple[Group, ...]] = {}
        self._timed: dict[tuple[str, str], tuple[Group, ...]] = {}
        self._touched: dict[tuple[str, str, str], tuple[Group, ...]] = {}

    def calendar(self, org: str) -> Calendar:
        """The handling org's calendar (clocks.md 2)."""
        return self.hall.calendar_of(org)

    def calendar_for(self, clock: ClockName, org: str, accept_site: str) -> Calendar:
        """The calendar of a clock: the accepting site's for acceptance and instant cases, else the handling org's."""
        if clock in ("acceptance", "instant"):
            return self.hall.calendar_of_site(accept_site)
        return self.hall.calendar_of(org)

    def item(self, code: str) -> Item | None:
        """The item as it was at acceptance."""
        return self.bound.item(code)

    def policy(self, item: str) -> Policy:
        """The card policy as it was at acceptance."""
        return self.bound.policy_of(self.bound.item(item))

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id."""
        return self._by_id[rule_id]

    def groups(self, org: str, item: str) -> tuple[Group, ...]:
        """The rules that are switched on for this org and item, grouped."""
        found = self._groups.get((org, item))
        if found is None:
            found = self._groups[org, item] = _grouped(
                [rule for rule in self._rules.values() if _enabled(self.hall, rule, org, item)]
            )
        return found

    def timed(self, org: str, item: str) -> tuple[Group, ...]:
        """The groups whose answer time alone can change."""
        found = self._timed.get((org, item))
        if found is None:
            found = self._timed[org, item] = tuple(group for group in self.groups(org, item) if group.timed)
        return found

    def touched(self, org: str, item: str, kind: str) -> tuple[Group, ...]:
        """The groups whose answer an event of this kind can change."""
        key = (org, item, kind)
        found = self._touched.get(key)
        if found is None:
            groups = self.groups(org, item)
            found = self._touched[key] = tuple(group for group in groups if not group.kinds or kind in group.kinds)
        return found


def _enabled(hall: HallRegistry, rule: Rule, org: str, item: str) -> bool:
    setting = hall.rule_setting(rule.id, org, item)
    return setting is None or setting.enabled


def _grouped(rules: Sequence[Rule]) -> tuple[Group, ...]:
    ladders: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: rule.id):
        ladders.setdefault(rule.ladder or rule.id, []).append(rule)
    return tuple(_group(name, found) for name, found in ladders.items())


def _group(name: str, rules: Sequence[Rule]) -> Group:
    kinds: frozenset[str] = frozenset().union(*(rule.kinds for rule in rules))
    clocks = frozenset(rule.clock for rule in rules if rule.clock is not None)
    return Group(
        name,
        tuple(rules),
        tuple(rule for rule in rules if rule.next_change is not never),
        is_ladder=bool(rules[0].ladder),
        kinds=kinds if all(rule.kinds for rule in rules) else frozenset(),
        clocks=clocks if all(rule.clock is not None for rule in rules) else frozenset(),
    )
