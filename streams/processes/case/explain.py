"""Why each clock of a case stands where it stands, line by line, so that a person can check it by hand."""

from collections.abc import Iterable, Mapping

import msgspec

from streams.calendar.calendar import Calendar
from streams.contracts.case_event import CaseEvent
from streams.contracts.finding import Level, Withdrawal
from streams.contracts.instants import to_ms
from streams.contracts.words import Language, Words
from streams.limits.clock_run import ClockRun
from streams.limits.ledger import ledger_of
from streams.limits.reckoning import extension_unit, overdue_by, overdue_unit, used_until
from streams.processes.case.case_state import CaseState
from streams.processes.case.facts import finding_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.judge import judge
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.ledger_text import limit_text, line_texts
from streams.processes.case.withdrawal import Proposed, raised_until
from streams.processes.case.wording import (
    CASE_STATES,
    CLOCK_STATES,
    CLOCKS,
    LEVEL_WORDS,
    NO_ITEM,
    NOT_DUE,
    REMARKS,
    UNREGISTERED,
    amount_text,
    instant_text,
)
from streams.registry.registry import Registry
from streams.rule import Rule


class ExplainedClock(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One clock in words; `lines` is its ledger, followed by the sum."""

    title: str
    state: str
    due: str
    lines: tuple[str, ...]


class ExplainedFinding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One finding in words, with every stretch in which it was true, and the level of each."""

    rule: str
    title: str
    message: str
    stretches: tuple[str, ...]
    levels: tuple[Level, ...]


class Explanation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A case explained as of an instant of business time; `calendars` are the versions that its clocks go by."""

    case_no: str
    language: Language
    until: str
    state: str
    item: str
    clocks: tuple[ExplainedClock, ...]
    findings: tuple[ExplainedFinding, ...]
    calendars: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def explain(
    case_no: str,
    events: Iterable[CaseEvent],
    registry: Registry,
    until_ms: int,
    lang: Language = "zh",
    *,
    rules: Mapping[str, Rule],
    bound: Registry | None = None,
    published: CaseState | None = None,
) -> Explanation:
    """Judge a case anew and say why; `bound` is the registry at its first acceptance where that differs.

    `published` is the case as the process holds it: since when a card counts as raised, what waits for a supervisor.

    Raises:
        LookupError: the registry has no such hall.
    """
    hall = registry.hall_of(case_no)
    if hall is None:
        raise LookupError(f"no hall for case {case_no}")
    knowledge = Knowledge(hall, rules, bound.hall_of(case_no) if bound is not None else None)
    held = published or CaseState(CaseFold(case_no))
    fold = judge(case_no, events, knowledge, until_ms, held.fold.floor_ms, held.fold.kept, held.fold.pinned).state
    calendar = knowledge.calendar(fold.org)
    return Explanation(
        case_no=case_no,
        language=lang,
        until=instant_text(until_ms, calendar.midnights.zone),
        state=CASE_STATES[fold.state()].in_language(lang),
        item=_item_text(fold.item, knowledge, lang),
        clocks=tuple(
            _clock(
                clock,
                [run for run in fold.clocks if _is_before(run, clock)],
                knowledge,
                fold,
                until_ms,
                lang,
            )
            for clock in fold.clocks
        ),
        findings=_findings(fold, knowledge, until_ms, held.proposed, lang),
        calendars=tuple(sorted({clock.calendar_version for clock in fold.clocks if clock.calendar_version})),
        remarks=tuple(_remark(remark.code, remark.at_ms, remark.event_id, calendar, lang) for remark in fold.remarks),
    )


def _item_text(code: str, knowledge: Knowledge, lang: Language) -> str:
    """The item's name; of one that the register does not have, its code and that nothing is known of it."""
    item = knowledge.item(code)
    if item is not None:
        return (item.name_en or item.name_zh) if lang == "en" else item.name_zh
    return (UNREGISTERED if code else NO_ITEM).in_language(lang).format(code=code)


def _clock(
    clock: ClockRun, earlier: list[ClockRun], knowledge: Knowledge, fold: CaseFold, until_ms: int, lang: Language
) -> ExplainedClock:
    """`earlier` are the runs of the same step, or the epochs of the same clock, before this one."""
    calendar, policy = knowledge.calendar_for(clock.name, fold.org, fold.accept_site), knowledge.policy(fold.item)
    name, limit = _name(clock, lang), _limit(clock, lang)
    again = "" if clock.epoch == 1 else f"（第{clock.epoch}周期）" if lang == "zh" else f" (epoch {clock.epoch})"
    ledger = ledger_of(calendar, clock, until_ms, policy)
    lines = [text for line in ledger for text in line_texts(line, clock, calendar, lang)]
    at_ms = until_ms if clock.stopped_ms is None else clock.stopped_ms
    due = instant_text(clock.due_ms, calendar.midnights.zone)
    if clock.is_open() and clock.halted_ms() is not None:
        due = NOT_DUE.in_language(lang)
    elif clock.provisional:
        due += Words("（暂定）", " (provisional)").in_language(lang)
    return ExplainedClock(
        title=f"{name}{again}：{limit}" if lang == "zh" else f"{name}{again}: {limit}",
        state=CLOCK_STATES[clock.state()].in_language(lang),
        due=due,
        lines=(*lines, _sum(clock, calendar, at_ms, lang) + _cumulated(clock, earlier, calendar, at_ms, lang)),
    )


def _is_before(run: ClockRun, clock: ClockRun) -> bool:
    """Whether a run of a clock is an earlier one of the same step, or an earlier epoch (clocks.md 4)."""
    if run.name != clock.name or run.step != clock.step:
        return False
    return run.epoch < clock.epoch or (clock.name == "step" and run.run < clock.run)


def _cumulated(clock: ClockRun, earlier: list[ClockRun], calendar: Calendar, at_ms: int, lang: Language) -> str:
    """What all runs of a step, or all epochs of a clock, have used so far; of epochs also what went by since."""
    if not earlier:
        return ""
    used = sum(used_until(calendar, run, run.stopped_ms or at_ms) for run in (*earlier, clock))
    total = amount_text(used, clock.unit, lang)
    if clock.epoch > 1:
        days = calendar.working_between(calendar.day_of(earlier[0].started_ms), calendar.day_of(at_ms))
        elapsed = amount_text(days, "working_days", lang)
        return f"；各周期累计 {total}，历时 {elapsed}" if lang == "zh" else f"; all epochs: {total}, elapsed: {elapsed}"
    return f"；各次累计 {total}" if lang == "zh" else f"; all runs: {total}"


def _limit(clock: ClockRun, lang: Language) -> str:
    """The limit with its extensions; those of months are days and stand beside it."""
    limit = limit_text(clock.total(), clock, lang)
    if not clock.extensions:
        return limit
    extended = amount_text(sum(each.amount for each in clock.extensions), extension_unit(clock), lang)
    if clock.unit == "calendar_months":
        return f"{limit}，另延长 {extended}" if lang == "zh" else f"{limit}, extended by {extended}"
    return f"{limit}（含延长 {extended}）" if lang == "zh" else f"{limit} (extended by {extended})"


def _name(clock: ClockRun, lang: Language) -> str:
    name = CLOCKS[clock.name].in_language(lang)
    if not clock.step:
        return name
    run = "" if clock.run == 1 else f"，第{clock.run}次" if lang == "zh" else f", run {clock.run}"
    return f"{name}“{clock.step}”{run}" if lang == "zh" else f"{name} '{clock.step}'{run}"


def _sum(clock: ClockRun, calendar: Calendar, at_ms: int, lang: Language) -> str:
    over = overdue_by(calendar, clock, clock.judged_ms(at_ms))
    if over:
        late = amount_text(over, overdue_unit(clock), lang)
        return f"合计：时限已用完，超期 {late}" if lang == "zh" else f"Sum: the limit is used up, {late} late"
    spent = used_until(calendar, clock, at_ms)
    used, rest = (amount_text(each, clock.unit, lang) for each in (spent, max(0, clock.total() - spent)))
    return f"合计：已用 {used}，剩余 {rest}" if lang == "zh" else f"Sum: {used} used, {rest} left"


def _findings(
    fold: CaseFold, knowledge: Knowledge, until_ms: int, proposed: Proposed, lang: Language
) -> tuple[ExplainedFinding, ...]:
    """The findings as they are published: one whose withdrawal is proposed stands as it was."""
    zone = knowledge.calendar(fold.org).midnights.zone
    found = []
    true = {finding.key(): finding for finding in fold.findings}
    for key, whole in (true | proposed).items():
        finding = raised_until(whole, until_ms)
        if finding is None:
            continue
        withdrawal: Withdrawal = "proposed" if key in proposed else ""
        fact = finding_fact(fold, finding, knowledge, "", change="opened", version="", withdrawal=withdrawal)
        stretches = tuple(
            f"{LEVEL_WORDS[stretch.level].in_language(lang)}{'：' if lang == 'zh' else ': '}"
            f"{instant_text(to_ms(stretch.raised_at), zone)} → "
            + (instant_text(to_ms(stretch.ended_at), zone) if stretch.ended_at is not None else "…")
            for stretch in fact.stretches
        )
        found.append(
            ExplainedFinding(
                rule=fact.rule,
                title=fact.title_zh if lang == "zh" else fact.title_en,
                message=fact.message_zh if lang == "zh" else fact.message_en,
                stretches=stretches,
                levels=tuple(stretch.level for stretch in fact.stretches),
            )
        )
    return tuple(found)


def _remark(code: str, at_ms: int, event_id: str, calendar: Calendar, lang: Language) -> str:
    text = f"{instant_text(at_ms, calendar.midnights.zone)}  {REMARKS[code].in_language(lang)}"
    return f"{text}（{event_id}）" if lang == "zh" else f"{text} ({event_id})"
