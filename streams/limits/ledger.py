"""The ledger of a clock: every counted and skipped stretch of its life, with ground and source.

The amounts of the counted lines add up to what the clock has used; a person can check each of them with a calendar.
"""

from streams.calendar.calendar import Calendar
from streams.contracts.clock import LedgerLine
from streams.contracts.instants import from_ms
from streams.limits.clock_run import ClockRun
from streams.limits.reckoning import used_until

BASIS = {
    "start": "civil-code-201",  # text of each in the case process's wording
    "counted": "licence-law-82",
    "overdue": "licence-law-42",
    "suspension": "licence-law-45",
    "waiting": "policy:correction",
    "extension": "licence-law-42",
    "stop": "",
}
"""Which law article or policy stands behind a ground."""


def ledger_of(calendar: Calendar, clock: ClockRun, until_ms: int) -> tuple[LedgerLine, ...]:
    """The ledger up to the clock's stop, or up to `until_ms` while it runs."""
    end = max(clock.started_ms, until_ms if clock.stopped_ms is None else clock.stopped_ms)
    lines = [_line(clock, clock.started_ms, clock.started_ms, "start", clock.total(), event_id=clock.start_event)]
    cursor = clock.started_ms
    for skip in sorted(clock.skips, key=lambda skip: skip.from_ms):
        reach = skip.reach_ms()
        begin, to = max(skip.from_ms, cursor), end if reach is None else min(reach, end)
        if begin > end or to < begin:
            continue
        lines += _counted(calendar, clock, cursor, begin)
        lines.append(_line(clock, begin, to, skip.ground, 0, event_id=skip.event_id))
        cursor = to
    lines += _counted(calendar, clock, cursor, end)
    for extension in clock.extensions:
        at_ms, source, who = extension.at_ms, extension.event_id, extension.approver
        lines.append(_line(clock, at_ms, at_ms, "extension", extension.amount, event_id=source, person=who))
    if clock.stopped_ms is not None:
        lines.append(_line(clock, clock.stopped_ms, clock.stopped_ms, "stop", 0, event_id=clock.stop_event))
    return tuple(sorted(lines, key=lambda line: line.from_at))


def _counted(calendar: Calendar, clock: ClockRun, begin: int, end: int) -> list[LedgerLine]:
    """A counted stretch; what lies behind the due instant is a line of its own."""
    if begin < clock.due_ms < end and clock.halted_ms() is None:
        return _counted(calendar, clock, begin, clock.due_ms) + _counted(calendar, clock, clock.due_ms, end)
    if end <= begin:
        return []
    amount = used_until(calendar, clock, end) - used_until(calendar, clock, begin)
    return [_line(clock, begin, end, "overdue" if begin >= clock.due_ms else "counted", amount, counted=True)]


def _line(
    clock: ClockRun,
    begin: int,
    end: int,
    ground: str,
    amount: int,
    *,
    counted: bool = False,
    event_id: str = "",
    person: str = "",
) -> LedgerLine:
    return LedgerLine(
        from_at=from_ms(begin),
        to_at=from_ms(end),
        counted=counted,
        amount=amount,
        ground=ground,
        basis=BASIS[ground],
        event_id=event_id,
        calendar_version=clock.calendar_version,
        person=person,
    )
