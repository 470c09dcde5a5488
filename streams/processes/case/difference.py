"""What is published: the difference between a judgement and the one published before it (clocks.md 7).

Every call of the process publishes its whole difference, so what has been published is what the fold held before the
call. Only this comparison knows *moved* and *withdrawn*.
"""

from collections.abc import Iterable
from typing import NamedTuple

from streams.contracts.finding import LEVELS, FindingChange
from streams.limits.clock_run import ClockRun
from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.rising import rises_ms
from streams.processes.case.scored import counts_elsewhere

ClockMark = tuple[str, int | None, int, int, int, int, int, int, bool]
"""What tells two published versions of a clock apart: how and when it ended, due, limit, extensions, skips and how
many of them are open, what was without effect, provisional."""


class FindingMark(NamedTuple):
    """What tells two published versions of a finding apart."""

    level: int
    is_open: bool
    due_ms: int | None
    spans: tuple[tuple[int, int, int | None], ...]
    provisional: bool
    elsewhere: str
    rises_ms: int | None

    def highest(self) -> int:
        """The highest level that was published."""
        return max(span[0] for span in self.spans)


CARD = LEVELS.index("yellow")
"""The lowest level that is a card."""

ClockKey = tuple[str, int, int, str]


class Published(NamedTuple):
    """What was published of a case before a call."""

    clocks: dict[ClockKey, ClockMark]
    findings: dict[str, FindingMark]


class Change(NamedTuple):
    """One finding that is to be published, and why; `lost` is the highest level that a withdrawal takes back."""

    finding: FindingRun
    change: FindingChange
    lost: int = -1


def published(fold: CaseFold) -> Published:
    """What a fold amounts to as published; take it before the fold changes."""
    return Published(
        dict(map(_keyed, fold.clocks)),
        {finding.key(): _finding_mark(fold, finding) for finding in fold.findings},
    )


def changed_clocks(before: Published, fold: CaseFold) -> list[ClockRun]:
    """The clocks that are new or differ."""
    changed: list[ClockRun] = []
    for clock in fold.clocks:
        key, mark = _keyed(clock)
        if before.clocks.get(key) != mark:
            changed.append(clock)
    return changed


def vanished_clocks(before: Published, old: CaseFold, fold: CaseFold) -> list[ClockRun]:
    """Clocks that were published and do not exist in the new judgement: void from their start."""
    kept = {_key(clock) for clock in fold.clocks}
    gone = [clock for clock in old.clocks if _key(clock) in before.clocks and _key(clock) not in kept]
    for clock in gone:
        clock.stopped_ms, clock.ended = clock.started_ms, "void"
    return gone


def changed_findings(before: Published, fold: CaseFold, withdrawn: set[str]) -> list[Change]:
    """The findings that are new or differ; those that were withdrawn and are true again open again."""
    changes: list[Change] = []
    for finding in fold.findings:
        key, after = finding.key(), _finding_mark(fold, finding)
        mark = before.findings.get(key)
        if mark is None:
            changes.append(Change(finding, "reopened" if key in withdrawn else "opened"))
            withdrawn.discard(key)
        elif mark != after:
            changes.append(_changed(finding, mark, after, withdrawn))
    return changes


def _changed(finding: FindingRun, before: FindingMark, after: FindingMark, withdrawn: set[str]) -> Change:
    """Also the finding whose highest level was never true, though a lower one was: it is withdrawn in part."""
    key, lost = finding.key(), before.highest()
    if after.highest() < lost:
        withdrawn.add(key)
        return Change(finding, "withdrawn", lost)
    change = _change(before, after)
    if change == "raised" and key in withdrawn:
        withdrawn.discard(key)
        change = "reopened"
    return Change(finding, change)


def withdrawn_findings(before: Published, old: CaseFold, fold: CaseFold, withdrawn: set[str]) -> list[Change]:
    """The findings that were published and turn out never to have been true."""
    kept = {finding.key() for finding in fold.findings}
    gone = [finding for finding in old.findings if finding.key() not in kept]
    withdrawn.update(finding.key() for finding in gone)
    return [Change(finding, "withdrawn", finding.highest()) for finding in gone if finding.key() in before.findings]


def dues_differ(old: CaseFold, fold: CaseFold) -> bool:
    """Whether any clock of the case is due at another instant than before."""
    dues = {_key(clock): clock.due_ms for clock in old.clocks}
    return any(dues.get(_key(clock)) != clock.due_ms for clock in fold.clocks)


def raised_in(findings: Iterable[FindingRun]) -> dict[str, int]:
    """Since when each level of each finding was raised first."""
    found: dict[str, int] = {}
    for finding in findings:
        for span in finding.spans:
            found.setdefault(f"{finding.key()}|{span.level}", span.raised_ms)
    return found


def _change(before: FindingMark, after: FindingMark) -> FindingChange:
    if before.is_open and not after.is_open:
        return "ended"
    if after.is_open and not before.is_open:
        return "reopened"
    if after.is_open and before.provisional and not after.provisional and after.level >= CARD:
        # A card that stood on unconfirmed days was shown but not told; now it is true (clocks.md 8).
        return "raised"
    if after.is_open and after.level != before.level:
        return "raised" if after.level > before.level else "lowered"
    return "moved"


def _key(clock: ClockRun) -> ClockKey:
    return clock.name, clock.epoch, clock.run, clock.step


def _keyed(clock: ClockRun) -> tuple[ClockKey, ClockMark]:
    open_skips = 0
    for skip in clock.skips:
        if skip.to_ms is None:
            open_skips += 1
    return (clock.name, clock.epoch, clock.run, clock.step), (
        clock.ended,
        clock.stopped_ms,
        clock.due_ms,
        clock.amount,
        len(clock.extensions),
        len(clock.skips),
        open_skips,
        len(clock.voids),
        clock.provisional,
    )


def _finding_mark(fold: CaseFold, finding: FindingRun) -> FindingMark:
    spans = tuple((span.level, span.raised_ms, span.ended_ms) for span in finding.spans)
    last = finding.spans[-1]
    elsewhere = counts_elsewhere(fold, finding)
    rises = rises_ms(fold, finding)
    return FindingMark(last.level, last.ended_ms is None, finding.due_ms, spans, finding.provisional, elsewhere, rises)
