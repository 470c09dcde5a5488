"""Why each clock of a case stands where it stands, line by line, so that a person can check it by hand."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from streams.calendar.calendar import Calendar
from streams.contracts.case_event import CaseEvent
from streams.contracts.clock import LedgerLine
from streams.contracts.instants import to_ms
from streams.limits.clock_run import ClockRun
from streams.limits.ledger import ledger_of
from streams.limits.reckoning import overdue_by, used_until
from streams.processes.case.facts import finding_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.judge import judge
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.wording import (
    BASES,
    CASE_STATES,
    CLOCK_STATES,
    CLOCKS,
    DAY_NAMES,
    GROUNDS,
    LEVEL_WORDS,
    NO_ITEM,
    REMARKS,
    UNREGISTERED,
    Language,
    Words,
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
    """One finding in words, with every stretch in which it was true."""

    rule: str
    title: str
    message: str
    stretches: tuple[str, ...]


class Explanation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A case explained as of an instant of business time."""

    case_no: str
    language: Language
    until: str
    state: str
    item: str
    clocks: tuple[ExplainedClock, ...]
    findings: tuple[ExplainedFinding, ...]
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
) -> Explanation:
    """Judge a case anew and say why; `bound` is the registry at its first acceptance where that differs.

    Raises:
        LookupError: the registry has no such hall.
    """
    hall = registry.hall_of(case_no)
    if hall is None:
        raise LookupError(f"no hall for case {case_no}")
    knowledge = Knowledge(hall, rules, bound.hall_of(case_no) if bound is not None else None)
    fold = judge(case_no, events, knowledge, until_ms).state
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
                [run for run in fold.clocks if clock.step and run.step == clock.step and run.run < clock.run],
                knowledge.calendar_for(clock.name, fold.org, fold.accept_site),
                until_ms,
                lang,
            )
            for clock in fold.clocks
        ),
        findings=_findings(fold, knowledge, lang),
        remarks=tuple(_remark(remark.code, remark.at_ms, remark.event_id, calendar, lang) for remark in fold.remarks),
    )


def _item_text(code: str, knowledge: Knowledge, lang: Language) -> str:
    """The item's name; of one that the register does not have, its code and that nothing is known of it."""
    item = knowledge.item(code)
    if item is not None:
        return (item.name_en or item.name_zh) if lang == "en" else item.name_zh
    return (UNREGISTERED if code else NO_ITEM).in_language(lang).format(code=code)


def _clock(
    clock: ClockRun, earlier: list[ClockRun], calendar: Calendar, until_ms: int, lang: Language
) -> ExplainedClock:
    """`earlier` are the runs of the same step before this one."""
    name, limit = _name(clock, lang), amount_text(clock.total(), clock.unit, lang)
    again = "" if clock.epoch == 1 else f"（第{clock.epoch}周期）" if lang == "zh" else f" (epoch {clock.epoch})"
    lines = [text for line in ledger_of(calendar, clock, until_ms) for text in _line(line, clock, calendar, lang)]
    at_ms = until_ms if clock.stopped_ms is None else clock.stopped_ms
    due = instant_text(clock.due_ms, calendar.midnights.zone)
    provisional = Words("（暂定）", " (provisional)").in_language(lang) if clock.provisional else ""
    return ExplainedClock(
        title=f"{name}{again}：{limit}" if lang == "zh" else f"{name}{again}: {limit}",
        state=CLOCK_STATES[clock.state()].in_language(lang),
        due=due + provisional,
        lines=(*lines, _sum(clock, calendar, at_ms, lang) + _cumulated(clock, earlier, calendar, at_ms, lang)),
    )


def _cumulated(clock: ClockRun, earlier: list[ClockRun], calendar: Calendar, at_ms: int, lang: Language) -> str:
    """What all runs of a step have used so far."""
    if not earlier:
        return ""
    used = sum(used_until(calendar, run, run.stopped_ms or at_ms) for run in (*earlier, clock))
    total = amount_text(used, clock.unit, lang)
    return f"；各次累计 {total}" if lang == "zh" else f"; all runs: {total}"


def _name(clock: ClockRun, lang: Language) -> str:
    name = CLOCKS[clock.name].in_language(lang)
    if not clock.step:
        return name
    run = "" if clock.run == 1 else f"，第{clock.run}次" if lang == "zh" else f", run {clock.run}"
    return f"{name}“{clock.step}”{run}" if lang == "zh" else f"{name} '{clock.step}'{run}"


def _sum(clock: ClockRun, calendar: Calendar, at_ms: int, lang: Language) -> str:
    used = amount_text(used_until(calendar, clock, at_ms), clock.unit, lang)
    over = overdue_by(calendar, clock, clock.judged_ms(at_ms))
    rest = amount_text(max(0, clock.total() - used_until(calendar, clock, at_ms)), clock.unit, lang)
    late = amount_text(over, clock.unit, lang)
    if lang == "zh":
        return f"合计：已用 {used}，{'超期 ' + late if over else '剩余 ' + rest}"
    return f"Sum: {used} used, {late + ' late' if over else rest + ' left'}"


def _line(line: LedgerLine, clock: ClockRun, calendar: Calendar, lang: Language) -> list[str]:
    """A ledger line as text; a counted stretch of working days is followed by what is free inside it."""
    zone = calendar.midnights.zone
    begin, end = to_ms(line.from_at), to_ms(line.to_at)
    ground = GROUNDS[line.ground].in_language(lang)
    when = instant_text(begin, zone)
    if end > begin:
        when += f" → {instant_text(end, zone)}"
    counted = Words("计入", "counted") if line.counted else Words("不计入", "not counted")
    amount = f" {amount_text(line.amount, clock.unit, lang)}" if line.amount or line.counted else ""
    verdict = "" if end == begin else f"，{counted.zh}" if lang == "zh" else f", {counted.en}"
    if line.ground in ("start", "start_at_once"):
        # What stands here is the limit, not something that was counted or left out.
        amount = f"；时限{amount.strip()}" if lang == "zh" else f"; limit{amount}"
    text = f"{when}  {ground}{verdict}{amount}"
    notes = [BASES[line.basis].in_language(lang)] if line.basis else []
    notes += [part for part in (line.person, line.event_id) if part]
    if notes:
        text += f"（{'；'.join(notes)}）" if lang == "zh" else f" ({'; '.join(notes)})"
    if not line.counted or clock.unit in ("calendar_days", "calendar_months", "clock_hours"):
        return [text]
    if clock.unit == "working_days":
        return [text, *_left_out(calendar, begin, end, calendar.is_working, _FREE, lang)]
    opening = min(calendar.next_opening(begin), end)
    closed = _before_opening(calendar, begin, opening, lang)
    return [text, *closed, *_left_out(calendar, opening, end, _opens(calendar), _CLOSED, lang)]


_FREE = Words("非工作日，不计入", "free, not counted")
_CLOSED = Words("不开放，不计入", "closed, not counted")
_MADE_UP = Words("调休上班，计入", "make-up day, counted")


def _opens(calendar: Calendar) -> Callable[[int], bool]:
    return lambda day: calendar.last_closing(day) is not None


def _before_opening(calendar: Calendar, begin: int, opening: int, lang: Language) -> list[str]:
    """A stretch of opening time that begins while the hall is closed counts from the next opening."""
    if opening == begin:
        return []
    zone = calendar.midnights.zone
    words = Words("不在办公时间，不计入", "outside opening hours, not counted")
    return [f"    {instant_text(begin, zone)} → {instant_text(opening, zone)}  {words.in_language(lang)}"]


def _left_out(
    calendar: Calendar, begin: int, end: int, counts: Callable[[int], bool], words: Words, lang: Language
) -> list[str]:
    """The days between two instants that do not count, as stretches, and the make-up days that do."""
    texts: list[str] = []
    day, last = calendar.day_of(begin) + 1, calendar.day_of(end)
    while day <= last:
        first = day
        if counts(day):
            if calendar.names.get(day) and (day - 1) % 7 >= 5:
                texts.append(_day_text(calendar, day, day, _MADE_UP, lang))
        else:
            while day < last and not counts(day + 1):
                day += 1
            texts.append(_day_text(calendar, first, day, words, lang))
        day += 1
    return texts


def _day_text(calendar: Calendar, first: int, last: int, words: Words, lang: Language) -> str:
    begin, end = (calendar.date_of(calendar.start_of(day)).isoformat() for day in (first, last))
    names = dict.fromkeys(name for day in range(first, last + 1) if (name := calendar.names.get(day)))
    when = begin if first == last else f"{begin} → {end}"
    shown = [DAY_NAMES.get(name, name) if lang == "zh" else name for name in names]
    named = f" {', '.join(dict.fromkeys(shown))}" if shown else ""
    return f"    {when}  {words.in_language(lang)}{named}"


def _findings(fold: CaseFold, knowledge: Knowledge, lang: Language) -> tuple[ExplainedFinding, ...]:
    zone = knowledge.calendar(fold.org).midnights.zone
    found = []
    for finding in fold.findings:
        fact = finding_fact(fold, finding, knowledge, "", change="opened", version="")
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
            )
        )
    return tuple(found)


def _remark(code: str, at_ms: int, event_id: str, calendar: Calendar, lang: Language) -> str:
    return f"{instant_text(at_ms, calendar.midnights.zone)}  {REMARKS[code].in_language(lang)} ({event_id})"
