"""A judged case as facts: the contracts of the topics cases, clocks and findings."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from streams.contracts.case import Case
from streams.contracts.clock import Clock
from streams.contracts.codec import identity
from streams.contracts.finding import LEVELS, Finding, FindingChange, FindingState, Level, Stretch, Withdrawal
from streams.contracts.instants import from_ms
from streams.limits.clock_run import ClockRun
from streams.limits.ledger import ledger_of, used_in
from streams.limits.reckoning import overdue_by, overdue_unit, used_until
from streams.processes.case.case_clocks import is_late
from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.scored import NOBODY, counts_elsewhere
from streams.processes.case.wording import REMARKS, Language, Words, amount_text, instant_text
from streams.registry.snapshot import Policy
from streams.rule import Rule, remarked, step_part


def case_fact(fold: CaseFold, feed: str, registry_version: str, *, late: bool, late_events: int = 0) -> Case:
    """How the case stands; `late`: an epoch of the clock that decides is over its due.

    In time only when finished; neither while open or without a limit, nor where the lateness is that of an upper unit.
    """
    leading = fold.leading()
    on_time = True if leading is not None and fold.closed == "finished" else None
    if fold.case_class == "reported" and is_late(fold):
        on_time = None
    return Case(
        case_no=fold.case_no,
        state=fold.state(),
        case_class=fold.case_class or "other",  # type: ignore[arg-type]
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
        clock_id=identity(fold.case_no, clock.name, clock.epoch, clock.run, *filter(None, (clock.step,))),
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
        overdue=overdue_by(calendar, clock, clock.judged_ms(at_ms)),
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
    rule = knowledge.rule(finding.rule)
    last, in_part = finding.spans[-1], lost > finding.highest()
    level, state = LEVELS[last.level], _state(finding, change, in_part)
    values, numbers = _values(fold, finding, knowledge)
    tails = _TAILS.get(state, ()) + _TAILS.get(withdrawal, ())
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
        stretches=_stretches(finding),
        tell=_is_told(finding, change, state, level),
        provisional=finding.provisional,
        dimension=rule.dimension,
        anomaly=rule.anomaly,
        basis=_basis(rule, knowledge.policy(fold.item)),
        title_zh=rule.title_zh,
        title_en=rule.title_en,
        message_zh=_message(rule, level, tails, finding, values, "zh"),
        message_en=_message(rule, level, tails, finding, values, "en"),
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


def clock_of(fold: CaseFold, finding: FindingRun) -> ClockRun | None:
    """The run of a clock that a finding speaks of: the newest that was due when the finding says.

    Where its due has moved since, the clock as it stood while the finding was true.
    """
    if finding.was is not None:
        return finding.was
    runs = fold.runs_of(finding.clock) if finding.clock else []
    if finding.clock == "step":
        runs = [clock for clock in runs if clock.run == finding.run and step_part(clock.step) == finding.part]
    meant = [clock for clock in runs if clock.due_ms == finding.due_ms]
    if meant or not runs:
        return meant[-1] if meant else None
    end_ms = finding.spans[-1].ended_ms
    if finding.due_ms is None or end_ms is None:
        return runs[-1]
    extensions = [extension for extension in runs[-1].extensions if extension.at_ms < end_ms]
    return msgspec.structs.replace(runs[-1], due_ms=finding.due_ms, extensions=extensions)


def _values(
    fold: CaseFold, finding: FindingRun, knowledge: Knowledge
) -> tuple[dict[Language, dict[str, str]], dict[str, int | float | str]]:
    """What fills the places of a message, and the same as numbers."""
    item, clock = knowledge.item(fold.item), clock_of(fold, finding)
    calendar = knowledge.calendar_for(finding.clock or "promise", fold.org, fold.accept_site)
    zone = calendar.midnights.zone
    last = finding.spans[-1]
    end = fold.at_ms if last.ended_ms is None else last.ended_ms
    same = {
        "case": fold.case_no,
        "org": fold.org,
        "step": clock.step if clock is not None else "",
        "part": finding.part.removeprefix("part:"),
        "as_of": instant_text(end, zone),
        "ended": "" if last.ended_ms is None else instant_text(end, zone),
        "due": "" if finding.due_ms is None else instant_text(finding.due_ms, zone),
    }
    values: dict[Language, dict[str, str]] = {
        "zh": {**same, "item": item.name_zh if item is not None else f"台账外事项{fold.item}"},
        "en": {
            **same,
            "item": (item.name_en or item.name_zh) if item is not None else f"unregistered item {fold.item}".rstrip(),
        },
    }
    if remarks := remarked(fold, knowledge.rule(finding.rule).remarks).get(finding.event_id):
        codes = dict.fromkeys(remark.code for remark in remarks)
        joints: dict[Language, str] = {"zh": "；", "en": "; "}
        for language, joint in joints.items():
            values[language]["what"] = joint.join(REMARKS[code].in_language(language) for code in codes)
            values[language]["when"] = instant_text(remarks[0].at_ms, zone)
    numbers: dict[str, int | float | str] = {}
    if clock is not None:
        over, total = overdue_by(calendar, clock, end), clock.total()
        numbers = {
            "limit": total,
            "unit": clock.unit,
            "used": used_until(calendar, clock, end),
            "over": over,
            "over_unit": overdue_unit(clock),
        }
        for language, texts in values.items():
            texts["limit"] = amount_text(total, clock.unit, language)
            texts["over"] = amount_text(over, overdue_unit(clock), language)
    return values, numbers


_AS_OF = Words("（截至 {as_of}）", " (as of {as_of})")
_TAILS = {
    "ended": (Words("（已于 {ended} 结束）", " (ended {ended})"),),
    "withdrawn": (Words("（已撤回）", " (withdrawn)"),),
    "proposed": (Words("（拟撤回，待监察人员确认）", " (withdrawal proposed, waits for a supervisor to confirm it)"),),
}
"""What is added to a message about the state of a finding, and about its withdrawal."""


def _message(
    rule: Rule,
    level: Level,
    tails: Iterable[Words],
    finding: FindingRun,
    values: Mapping[Language, Mapping[str, str]],
    language: Language,
) -> str:
    message = rule.messages.get(level)
    if message is None:
        text = rule.title_zh if language == "zh" else rule.title_en
    else:
        text = message.zh if language == "zh" else message.en
    mark = ""
    if finding.provisional:
        mark = "【暂定】" if language == "zh" else "[provisional] "
    if "{over}" in text and finding.spans[-1].ended_ms is None:
        tails = (_AS_OF, *tails)  # it grows, and who reads this may read it days later
    tail = "".join(words.in_language(language) for words in tails)
    return mark + (text + tail).format_map(values[language])


def _hall(fold: CaseFold) -> str:
    return fold.case_no.partition("/")[0]


def _at(instant_ms: int | None) -> datetime | None:
    return None if instant_ms is None else from_ms(instant_ms)
