"""A judged case as facts: the contracts of the topics cases, clocks and findings."""

from datetime import datetime

import msgspec

from streams.contracts.case import Case
from streams.contracts.clock import Clock
from streams.contracts.codec import identity
from streams.contracts.finding import LEVELS, Finding, FindingChange, FindingState, Level, Stretch, Withdrawal
from streams.contracts.instants import from_ms
from streams.limits.clock_run import ClockRun
from streams.limits.ledger import ledger_of, used_in
from streams.limits.reckoning import overdue_by
from streams.processes.case.case_clocks import is_late
from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.messages import TAILS, message_of, values_of
from streams.processes.case.rising import rises_ms
from streams.processes.case.scored import NOBODY, counts_elsewhere
from streams.registry.snapshot import Policy
from streams.rule import Rule


def case_fact(fold: CaseFold, feed: str, registry_version: str, *, late: bool, late_events: int = 0) -> Case:
    """How the case stands; `late`: an epoch of the clock that decides is over its due.

    In time only when finished; neither while open or without a limit, nor where the lateness is that of an upper unit.
    """
    leading = fold.leading()
    on_time = True if leading is not None and fold.closed == "finished" else None
    if fold.case_class == "reported" and is_late(fold):
        on_time = None
    # A default is left out only where it is the same object, which no text read back from a row is.
    case_class = "other" if fold.case_class in ("", "other") else fold.case_class
    return Case(
        case_no=fold.case_no,
        state=fold.state(),
        case_class=case_class,  # type: ignore[arg-type]
        applied_at=None if fold.applied_ms is None else from_ms(fold.applied_ms),
        accepted_at=None if fold.accepted_ms is None else from_ms(fold.accepted_ms),
        finished_at=None if fold.finished_ms is None else from_ms(fold.finished_ms),
        result=fold.result or None,  # type: ignore[arg-type]
        due_at=from_ms(leading.due_ms) if leading is not None else None,
        epoch=fold.epoch,
        on_time=False if late else on_time,
        no_limit=fold.no_limit,
        events=fold.events - (fold.joint.pieces if fold.joint is not None else 0),
        late_events=late_events,
        last_event_at=from_ms(fold.last_ms),
        registry_version=registry_version,
        hall=_hall(fold),
        org=fold.org,
        site=fold.site,
        window=fold.window,
        staff=fold.staff,
        item=fold.item,
        feed=feed,
    )


def clock_fact(fold: CaseFold, clock: ClockRun, knowledge: Knowledge, feed: str) -> Clock:
    """How one clock stands, with its ledger up to the walk's instant."""
    calendar = knowledge.calendar_for(clock.name, fold.org, fold.accept_site)
    at_ms = fold.at_ms if clock.stopped_ms is None else clock.stopped_ms
    total, ledger = clock.total(), ledger_of(calendar, clock, at_ms, knowledge.policy(fold.item))
    used = used_in(ledger)
    return Clock(
        clock_id=identity(fold.case_no, clock.name, clock.epoch, clock.run, *((clock.step,) if clock.step else ())),
        case_no=fold.case_no,
        clock=clock.name,
        epoch=clock.epoch,
        run=clock.run,
        step=clock.step,
        state=clock.state(),
        unit=clock.unit,
        limit_amount=total,
        started_at=from_ms(clock.started_ms),
        due_at=from_ms(clock.due_ms),
        stopped_at=_at(clock.stopped_ms),
        used=used,
        remaining=max(0, total - used),
        overdue=overdue_by(calendar, clock, clock.judged_ms(at_ms)) if at_ms > clock.due_ms else 0,
        provisional=clock.provisional,
        calendar_version=clock.calendar_version,
        ledger=ledger,
        hall=_hall(fold),
        org=fold.org,
        site=fold.site,
        window=fold.window,
        staff=fold.staff,
        item=fold.item,
        feed=feed,
    )


def finding_fact(
    fold: CaseFold,
    finding: FindingRun,
    knowledge: Knowledge,
    feed: str,
    *,
    change: FindingChange,
    version: str,
    lost: int = -1,
    withdrawal: Withdrawal = "",
) -> Finding:
    """One version of a finding, told by clocks.md 7 and 8; `lost` is the highest level that a withdrawal takes back."""
    rule, last, in_part = knowledge.rule(finding.rule), finding.spans[-1], lost > finding.highest()
    level, state = LEVELS[last.level], _state(finding, change, in_part)
    values, numbers = values_of(fold, finding, knowledge)
    tails = TAILS.get(state, ()) + TAILS.get(withdrawal, ())
    fact = Finding(
        finding_id=finding_id(fold.case_no, finding),
        subject=fold.case_no,
        rule=rule.id,
        rule_version=rule.version,
        clock=finding.clock,
        epoch=finding.epoch,
        run=finding.run,
        state=state,
        change=change,
        withdrawal=withdrawal,
        withdrawn_level=LEVELS[lost] if in_part else "",
        level=level,
        highest=LEVELS[finding.highest()],
        raised_at=from_ms(last.raised_ms),
        ended_at=_at(last.ended_ms),
        due_at=_at(finding.due_ms),
        rises_at=_at(rises_ms(fold, finding)),
        stretches=_stretches(finding),
        tell=_is_told(finding, change, state, level),
        provisional=finding.provisional,
        dimension=rule.dimension,
        anomaly=rule.anomaly,
        basis=_basis(rule, knowledge.policy(fold.item)),
        title_zh=rule.title_zh,
        title_en=rule.title_en,
        message_zh=message_of(rule, level, tails, finding, values, "zh"),
        message_en=message_of(rule, level, tails, finding, values, "en"),
        numbers=numbers,
        event_ids=(finding.event_id,) if finding.event_id else (),
        feed=feed,
        registry_version=version,
    )
    return _placed(fact, fold, finding)


def _basis(rule: Rule, policy: Policy) -> str:
    """What a rule stands on; without China's law where the hall is elsewhere."""
    if policy.law == "china":
        return rule.basis
    return "; ".join(part for part in rule.basis.split("; ") if not part.startswith("行政许可法"))


def _state(finding: FindingRun, change: FindingChange, in_part: bool) -> FindingState:
    if change == "withdrawn" and not in_part:
        return "withdrawn"
    return "open" if finding.spans[-1].ended_ms is None else "ended"


def _is_told(finding: FindingRun, change: FindingChange, state: FindingState, level: Level) -> bool:
    if finding.provisional and level in ("yellow", "red"):
        return False
    return change == "withdrawn" or (state == "open" and change in ("opened", "raised", "reopened"))


def _placed(fact: Finding, fold: CaseFold, finding: FindingRun) -> Finding:
    """Where it belongs; what an upper unit has to do is told to that unit (clocks.md 3)."""
    elsewhere = counts_elsewhere(fold, finding)
    org = fold.upper_unit if finding.clock == "upper_stage" else fold.org
    return msgspec.structs.replace(
        fact,
        hall=_hall(fold),
        org=org,
        site=fold.site,
        window=fold.window,
        staff=fold.staff,
        item=fold.item,
        scored=elsewhere != NOBODY,
        scored_on="" if elsewhere == NOBODY else elsewhere or org,
    )


def _stretches(finding: FindingRun) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(level=LEVELS[span.level], raised_at=from_ms(span.raised_ms), ended_at=_at(span.ended_ms))
        for span in finding.spans
    )


def finding_id(case_no: str, finding: FindingRun) -> str:
    """A finding's identity: subject, ladder or rule, clock, step run, epoch (clocks.md 7)."""
    return identity(case_no, finding.group, finding.part, finding.run, finding.epoch)


def _hall(fold: CaseFold) -> str:
    return fold.case_no.partition("/")[0]


def _at(instant_ms: int | None) -> datetime | None:
    return None if instant_ms is None else from_ms(instant_ms)
