"""What a judgement is made with: a hall's data of one registry version, the rules, and what bound at acceptance."""

from collections.abc import Mapping

from streams.calendar.calendar import Calendar
from streams.contracts.clock import ClockName
from streams.processes.case.rule_groups import RuleGroups
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Item, Policy
from streams.rule import Rule


class Knowledge:
    """One hall's registry data and rules; immutable but for answers that are kept.

    `bound` is the hall's data at the case's first acceptance: limits and policy come from there (clocks.md 5);
    calendars come from `hall`, the newest.
    """

    def __init__(self, hall: HallRegistry, rules: Mapping[str, Rule], bound: HallRegistry | None = None) -> None:
        """The rules are grouped when they are asked for."""
        self.hall = hall
        self.bound = bound or hall
        self._rules = rules
        self._by_id = {rule.id: rule for rule in rules.values()}
        self._items = {item.code: item for item in self.bound.items}
        self._policies = {item.code: self.bound.policy_of(item) for item in self.bound.items}
        self._groups: dict[tuple[str, str], RuleGroups] = {}
        self._grouped: dict[tuple[str, ...], RuleGroups] = {}

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
        return self._items.get(code)

    def policy(self, item: str) -> Policy:
        """The card policy as it was at acceptance."""
        return self._policies.get(item) or self.bound.policy_of(None)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id."""
        return self._by_id[rule_id]

    def groups(self, org: str, item: str) -> RuleGroups:
        """The rules that are switched on for this org and item, grouped; the same for all with the same rules."""
        found = self._groups.get((org, item))
        if found is None:
            rules = tuple(rule for rule in self._rules.values() if _enabled(self.hall, rule, org, item))
            ids = tuple(rule.id for rule in rules)
            if ids not in self._grouped:
                self._grouped[ids] = RuleGroups(rules)
            found = self._groups[org, item] = self._grouped[ids]
        return found


def _enabled(hall: HallRegistry, rule: Rule, org: str, item: str) -> bool:
    setting = hall.rule_setting(rule.id, org, item)
    return setting is None or setting.enabled
