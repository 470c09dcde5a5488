"""A line of a ledger in words, followed by what is free or closed inside it, for a person with a calendar."""

from collections.abc import Callable

from streams.calendar.calendar import Calendar
from streams.contracts.clock import LedgerLine
from streams.contracts.instants import to_ms
from streams.contracts.words import Language, Words
from streams.limits.clock_run import ClockRun
from streams.limits.reckoning import extension_unit, overdue_by, overdue_unit
from streams.processes.case.wording import (
    BASES,
    DAY_NAMES,
    GROUNDS,
    NOTES,
    REMARKS,
    SAME_DAY,
    UNTIL_CLOSING,
    amount_text,
    instant_text,
)


def line_texts(line: LedgerLine, clock: ClockRun, calendar: Calendar, lang: Language) -> list[str]:
    """A ledger line as text; a counted stretch of working days is followed by what is free inside it."""
    zone = calendar.midnights.zone
    begin, end = to_ms(line.from_at), to_ms(line.to_at)
    when = instant_text(begin, zone)
    if end > begin:
        when += f" → {instant_text(end, zone)}"
    text = f"{when}  {_what(line, clock, calendar, lang)}"
    notes = _notes(line, lang)
    if notes:
        text += f"（{'；'.join(notes)}）" if lang == "zh" else f" ({'; '.join(notes)})"
    # Beyond due nobody needs every weekend; days and hours of the calendar leave nothing out.
    if line.ground != "counted" or clock.unit in ("calendar_days", "calendar_months", "clock_hours"):
        return [text]
    if clock.unit == "working_days":
        return [text, *_left_out(calendar, begin, end, calendar.is_working, _FREE, lang)]
    opening = min(calendar.next_opening(begin), end)
    closed = _before_opening(calendar, begin, opening, lang)
    return [text, *closed, *_left_out(calendar, opening, end, _opens(calendar), _CLOSED, lang)]


def limit_text(amount: int, clock: ClockRun, lang: Language) -> str:
    """A limit; one that is a closing of the hall, the day of the start, or not whole, is called that."""
    if clock.closing:
        return UNTIL_CLOSING.in_language(lang)
    if not amount:
        return SAME_DAY.in_language(lang)
    under = Words("不足", "under ").in_language(lang) if clock.short else ""
    return under + amount_text(amount, clock.unit, lang)


def _what(line: LedgerLine, clock: ClockRun, calendar: Calendar, lang: Language) -> str:
    """The ground with its amount, and whether the stretch was counted."""
    ground = GROUNDS[line.ground].in_language(lang)
    if line.ground == "overdue":
        over = overdue_by(calendar, clock, to_ms(line.to_at))
        late = amount_text(over, overdue_unit(clock), lang)
        return f"{ground}，至此超期 {late}" if lang == "zh" else f"{ground}, {late} late by then"
    if line.ground == "told":
        return ground  # up to when, stands before it
    unit = extension_unit(clock) if line.ground == "extension" else clock.unit
    amount = f" {amount_text(line.amount, unit, lang)}" if line.amount or line.counted else ""
    if line.ground in ("start", "start_at_once"):
        # What stands here is the limit, not something that was counted or left out.
        limit = limit_text(line.amount, clock, lang)
        return f"{ground}；时限{limit}" if lang == "zh" else f"{ground}; limit {limit}"
    counted = Words("计入", "counted") if line.counted else Words("不计入", "not counted")
    if line.to_at == line.from_at:
        return ground + amount
    return (f"{ground}，{counted.zh}" if lang == "zh" else f"{ground}, {counted.en}") + amount


def _notes(line: LedgerLine, lang: Language) -> list[str]:
    """What a line rests on: the recorded ground, the law or policy, who decided, the event; or why it had no effect."""
    notes = [line.reason] if line.reason else []
    notes += [BASES[line.basis].in_language(lang)] if line.basis else []
    notes += [(NOTES.get(line.note) or REMARKS[line.note]).in_language(lang)] if line.note else []
    notes += [line.person] if line.person else []
    return notes + ([line.event_id] if line.event_id else [])


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
