"""The rules that are switched on for a case, grouped by finding, and which of them may have something to say of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from streams.contracts.clock import ClockName
from streams.rule import NextChange, Rule, never


@dataclass(frozen=True)
class Group:
    """Rules that share one finding: those of a ladder, or a rule that stands alone.

    `kinds` are the event kinds that can change an answer; empty: all.
    """

    name: str
    rules: tuple[Rule, ...]
    is_ladder: bool
    kinds: frozenset[str]

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> "Group":
        """The group of rules that name the same ladder, or of one rule."""
        kinds: frozenset[str] = frozenset().union(*(rule.kinds for rule in rules))
        return cls(
            rules[0].ladder or rules[0].id,
            tuple(rules),
            is_ladder=bool(rules[0].ladder),
            kinds=kinds if all(rule.kinds for rule in rules) else frozenset(),
        )


class Asked:
    """The groups that may have something to say of a case; immutable but for answers that are kept.

    `timed` are those whose answer time alone can change, `next_changes` tell when that may be.
    """

    def __init__(self, groups: tuple[Group, ...]) -> None:
        """Find the timed ones."""
        self.groups = groups
        self.timed = tuple(group for group in groups if any(rule.next_change is not never for rule in group.rules))
        self.next_changes: tuple[NextChange, ...] = tuple(
            rule.next_change for group in self.timed for rule in group.rules if rule.next_change is not never
        )
        self._touched: dict[str, tuple[Group, ...]] = {}

    def touched(self, kind: str) -> tuple[Group, ...]:
        """The groups whose answer an event of this kind can change."""
        found = self._touched.get(kind)
        if found is None:
            found = tuple(group for group in self.groups if not group.kinds or kind in group.kinds)
            self._touched[kind] = found
        return found


class RuleGroups:
    """Every rule that is switched on, grouped; immutable but for answers that are kept."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Group the rules by ladder."""
        ladders: dict[str, list[Rule]] = {}
        for rule in sorted(rules, key=lambda rule: rule.id):
            ladders.setdefault(rule.ladder or rule.id, []).append(rule)
        self.all = tuple(map(Group.of, ladders.values()))
        self._rules = tuple(rules)
        self._asked: dict[tuple[frozenset[ClockName], bool], Asked] = {}
        self._listening: dict[str, tuple[Rule, ...]] = {}

    def asked(self, present: frozenset[ClockName], *, has_remarks: bool) -> Asked:
        """Without the rules that are silent of a case with these clocks, with or without remarks."""
        found = self._asked.get((present, has_remarks))
        if found is None:
            heard = (
                [rule for rule in group.rules if _is_heard(rule, present, has_remarks=has_remarks)]
                for group in self.all
            )
            found = self._asked[present, has_remarks] = Asked(tuple(Group.of(rules) for rules in heard if rules))
        return found

    def listening(self, kind: str) -> tuple[Rule, ...]:
        """The rules whose answer an event of this kind can change, of whatever case."""
        found = self._listening.get(kind)
        if found is None:
            found = tuple(rule for rule in self._rules if not rule.kinds or kind in rule.kinds)
            self._listening[kind] = found
        return found


def _is_heard(rule: Rule, present: frozenset[ClockName], *, has_remarks: bool) -> bool:
    return (rule.clock is None or rule.clock in present) and (has_remarks or not rule.remarks)
