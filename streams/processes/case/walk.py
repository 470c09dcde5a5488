"""The walk along business time: events in order, and between them every instant at which something may change.

`apply` and `advance` are the whole of judging: a judgement is a fold of them, so judging events one by one as they
arrive in order is the same as judging them all again.
"""

from streams.contracts.finding import LEVELS
from streams.processes.case.acceptance import deemed_at
from streams.processes.case.caps import next_cap
from streams.processes.case.changes import change, changes_nothing, pass_time
from streams.processes.case.essence import Essence
from streams.processes.case.fold import CaseFold, FindingRun, Span
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.rule_groups import Asked, Group
from streams.rule import Verdict


def apply(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """Walk up to an event and let it change the case; the event must not lie before the walk."""
    advance(fold, event.at_ms, knowledge)
    is_bound_anew = change(fold, event, knowledge)
    asked = asked_of(fold, knowledge)
    groups = asked.groups if is_bound_anew else asked.touched(event.kind)
    if groups or is_bound_anew:
        _settle(fold, groups, knowledge)
        fold.next_ms = _next_change(fold, asked, knowledge)


def is_quiet(fold: CaseFold, event: Essence, knowledge: Knowledge) -> bool:
    """Whether an event in order changes neither clocks nor findings, so that the case alone is published."""
    if (fold.next_ms is not None and fold.next_ms <= event.at_ms) or not changes_nothing(fold, event, knowledge):
        return False
    for rule in knowledge.groups(fold.org, fold.item).listening(event.kind):
        if (rule.clock is None or fold.clock(rule.clock) is not None) and (fold.remarks or not rule.remarks):
            return False
    return True


def pass_by(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """What `apply` comes to for an event that is quiet."""
    fold.at_ms = event.at_ms
    change(fold, event, knowledge)


def advance(fold: CaseFold, until_ms: int, knowledge: Knowledge) -> None:
    """Walk through every instant up to and including `until_ms` at which something may change."""
    while fold.next_ms is not None and fold.next_ms <= until_ms:
        fold.at_ms = fold.next_ms
        was_deemed = pass_time(fold, knowledge)
        asked = asked_of(fold, knowledge)
        _settle(fold, asked.groups if was_deemed else asked.timed, knowledge)
        fold.next_ms = _next_change(fold, asked, knowledge)
    fold.at_ms = max(fold.at_ms, until_ms)


def asked_of(fold: CaseFold, knowledge: Knowledge) -> Asked:
    """The rules that may have something to say of a case as it stands."""
    present = frozenset([clock.name for clock in fold.clocks])
    return knowledge.groups(fold.org, fold.item).asked(present, has_remarks=bool(fold.remarks))


def _next_change(fold: CaseFold, asked: Asked, knowledge: Knowledge) -> int | None:
    """The earliest instant after the walk's own that any rule names, at which silence takes effect or a cap ends."""
    earliest = deemed_at(fold, knowledge)
    for next_change in asked.next_changes:
        at_ms = next_change(fold, knowledge.hall, fold.at_ms)
        if at_ms is not None and (earliest is None or at_ms < earliest):
            earliest = at_ms
    if fold.procedures or fold.joint is not None:
        cap = next_cap(fold)
        if cap is not None and (earliest is None or cap < earliest):
            earliest = cap
    return earliest


def _settle(fold: CaseFold, groups: tuple[Group, ...], knowledge: Knowledge) -> None:
    """Ask the rules what holds at the walk's instant; open, change and end the stretches of their findings."""
    for group in groups:
        held = _held(fold, group, knowledge)
        if not held and not fold.findings:
            continue
        for finding in fold.findings:
            if finding.group == group.name:
                _continue(fold, finding, held.pop(finding.key(), None))
        for key, (name, verdict) in held.items():
            raised_ms = fold.raised_at(key, LEVELS.index(verdict.level))
            fold.findings.append(_opened(group, name, verdict, raised_ms))


def _held(fold: CaseFold, group: Group, knowledge: Knowledge) -> dict[str, tuple[str, Verdict]]:
    """The verdicts of a group by finding; on a ladder the highest level wins, the later rule among equals."""
    held: dict[str, tuple[str, Verdict]] = {}
    for rule in group.rules:
        for verdict in rule.check(fold, knowledge.hall, fold.at_ms):
            part = "" if group.is_ladder else verdict.part or verdict.clock
            key = f"{group.name}|{part}|{verdict.run}|{verdict.epoch}"
            other = held.get(key)
            if other is None or LEVELS.index(verdict.level) >= LEVELS.index(other[1].level):
                held[key] = rule.id, verdict
    return held


def _continue(fold: CaseFold, finding: FindingRun, named: tuple[str, Verdict] | None) -> None:
    span = finding.open_span()
    if named is None:
        if span is not None:
            span.ended_ms = max(fold.at_ms, span.raised_ms)
        return
    finding.rule, verdict = named
    finding.clock = verdict.clock
    level = LEVELS.index(verdict.level)
    finding.due_ms, finding.provisional = verdict.due_ms, verdict.provisional
    finding.event_id = verdict.event_id or finding.event_id
    if span is not None and span.level == level:
        return
    raised_ms = fold.raised_at(finding.key(), level)
    if span is not None:
        span.ended_ms = raised_ms = max(raised_ms, span.raised_ms)
    finding.spans.append(Span(level, raised_ms))


def _opened(group: Group, rule: str, verdict: Verdict, raised_ms: int) -> FindingRun:
    return FindingRun(
        group=group.name,
        epoch=verdict.epoch,
        run=verdict.run,
        part="" if group.is_ladder else verdict.part or verdict.clock,
        rule=rule,
        clock=verdict.clock,
        spans=[Span(LEVELS.index(verdict.level), raised_ms)],
        due_ms=verdict.due_ms,
        event_id=verdict.event_id,
        provisional=verdict.provisional,
    )
