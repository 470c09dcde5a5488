"""The ledger of a clock: every counted and skipped stretch of its life, with ground and source.

The amounts of the counted lines add up to what the clock has used; a person can check each of them with a calendar.
"""

from operator import attrgetter

import msgspec

from streams.calendar.calendar import Calendar
from streams.contracts.case_event import LimitUnit
from streams.contracts.clock import LedgerLine
from streams.contracts.instants import from_ms
from streams.limits.by_days import last_calendar_day
from streams.limits.clock_run import ClockRun
from streams.limits.grounds import ARTICLE_45
from streams.limits.reckoning import IN_TIME, used_until
from streams.registry.snapshot import Policy

BASIS = {
    "start": "civil-code-201",
    "start_at_once": "",
    "parent_due": "policy:joint",
    "told": "",
    "counted": "",
    "moved": "civil-code-203",
    "overdue": "",
    "suspension": "licence-law-45",
    "waiting": "policy:correction",
    "extension": "licence-law-42",
    "stop": "",
}
"""Which law article or policy stands behind a ground; what counting rests on depends on the unit."""

COUNTING_BASIS: dict[LimitUnit, str] = {
    "working_days": "licence-law-82",
    "calendar_days": "civil-code-201",
    "calendar_months": "civil-code-202",
    "office_days": "policy:opening",
    "office_minutes": "policy:opening",
    "clock_hours": "civil-code-201",
}
"""What stands behind counting in a unit."""


def ledger_of(calendar: Calendar, clock: ClockRun, until_ms: int, policy: Policy) -> tuple[LedgerLine, ...]:
    """The ledger up to the clock's stop, or up to `until_ms` while it runs; it names the law of the policy."""
    end = max(clock.started_ms, until_ms if clock.stopped_ms is None else clock.stopped_ms)
    start = "start_at_once" if clock.unit in IN_TIME else "start"
    lines = [_line(clock, clock.started_ms, clock.started_ms, start, clock.amount, event_id=clock.start_event)]
    if clock.bound and clock.name == "joint_child":
        lines.append(_line(clock, clock.started_ms, clock.started_ms, "parent_due", 0))
    if clock.told_ms is not None:
        lines.append(_line(clock, clock.started_ms, clock.told_ms, "told", 0))
    if end > clock.started_ms:
        _add_stretches(calendar, clock, end, lines)
    for extension in clock.extensions:
        at_ms, source, who = extension.at_ms, extension.event_id, extension.approver
        lines.append(_line(clock, at_ms, at_ms, "extension", extension.amount, event_id=source, person=who))
    if clock.stopped_ms is not None:
        lines.append(_line(clock, clock.stopped_ms, clock.stopped_ms, "stop", 0, event_id=clock.stop_event))
    for void in clock.voids:
        at_ms, source, who = void.at_ms, void.event_id, void.approver
        note, why = void.note, void.reason
        line = _line(clock, at_ms, at_ms, void.ground, 0, event_id=source, person=who, note=note, reason=why)
        lines.append(msgspec.structs.replace(line, basis=""))
    if clock.extensions or clock.voids:
        lines.sort(key=attrgetter("from_at"))
    return tuple(lines if policy.law == "china" else map(_without_law, lines))


def _without_law(line: LedgerLine) -> LedgerLine:
    is_law = line.basis.startswith(("civil-code", "licence-law"))
    return msgspec.structs.replace(line, basis="") if is_law else line


def _not_of_article_45(line: LedgerLine) -> LedgerLine:
    """A suspension on a ground that the article does not list, or on none, does not stand on it."""
    is_listed = line.ground != "suspension" or line.reason in ARTICLE_45
    return line if is_listed else msgspec.structs.replace(line, basis="")


def used_in(ledger: tuple[LedgerLine, ...]) -> int:
    """What a ledger says is used: the sum of its counted lines."""
    used = 0
    for line in ledger:
        if line.counted:
            used += line.amount
    return used


def _add_stretches(calendar: Calendar, clock: ClockRun, end: int, lines: list[LedgerLine]) -> None:
    stretches = _Stretches(calendar, clock, lines)
    for skip in sorted(clock.skips, key=attrgetter("from_ms")) if clock.skips else ():
        reach = skip.reach_ms()
        begin, to = max(skip.from_ms, clock.started_ms), end if reach is None else min(reach, end)
        if begin > end or to < begin:
            continue
        stretches.count_to(begin)
        note = "on_due_day" if skip.whole else ""
        if stretches.cursor >= to > begin:
            note = "overlap"  # as a whole inside what is not counted already
        else:
            begin, to = max(begin, stretches.cursor), max(to, stretches.cursor)
            stretches.cursor = to
        line = _line(clock, begin, to, skip.ground, 0, event_id=skip.event_id, note=note, reason=skip.reason)
        lines.append(_not_of_article_45(line))
    stretches.count_to(end)


class _Stretches:
    """Adds counted stretches to the lines, each with what was used more at its end than at its beginning."""

    def __init__(self, calendar: Calendar, clock: ClockRun, lines: list[LedgerLine]) -> None:
        self._calendar = calendar
        self._clock = clock
        self._lines = lines
        self._waits = clock.halted_ms() is not None
        self._spent = 0
        self.cursor = clock.started_ms

    def count_to(self, end: int) -> None:
        """Count from the cursor to `end`.

        What lies behind the due instant is a line of its own, and so is what moved it off free days.
        """
        clock = self._clock
        if clock.unit not in ("calendar_days", "calendar_months"):
            self._count_to_due(end)
            return
        over = self._calendar.end_of(last_calendar_day(self._calendar, clock))
        if self.cursor < over < end and not self._waits:
            self._add(over, "counted")
        if over <= self.cursor < min(end, clock.due_ms):
            until = min(end, clock.due_ms)
            self._lines.append(_line(clock, self.cursor, until, "moved", 0))
            self.cursor = until
        self._count_to_due(end)

    def _count_to_due(self, end: int) -> None:
        due_ms = self._clock.due_ms
        if self.cursor < due_ms < end and not self._waits:
            self._add(due_ms, "counted")
        self._add(end, "overdue" if self.cursor >= due_ms else "counted")

    def _add(self, end: int, ground: str) -> None:
        if end <= self.cursor:
            return
        spent = used_until(self._calendar, self._clock, end)
        line = _line(self._clock, self.cursor, end, ground, spent - self._spent, counted=True)
        self._lines.append(line)
        self._spent, self.cursor = spent, end


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
    note: str = "",
    reason: str = "",
) -> LedgerLine:
    """One line; the rest are fields of its contract."""
    from_at = from_ms(begin)
    return LedgerLine(
        from_at=from_at,
        to_at=from_at if end == begin else from_ms(end),
        counted=counted,
        amount=amount,
        ground=ground,
        basis=COUNTING_BASIS[clock.unit] if counted else BASIS[ground],
        event_id=event_id,
        calendar_version=clock.calendar_version,
        person=person,
        note=note,
        reason=reason,
    )
