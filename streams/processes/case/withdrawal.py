"""Withdrawals: which take effect by themselves, and which wait until a supervisor confirms them (clocks.md 7).

While a withdrawal is proposed, its finding stays as it was published, and counts.
"""

from collections.abc import Container, Iterable

import msgspec

from streams.processes.case.difference import CARD, Change
from streams.processes.case.essence import Essence
from streams.processes.case.facts import finding_id
from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.messages import clock_of

Proposed = dict[str, FindingRun]
"""The findings whose withdrawal is proposed, as they were published, by their keys."""

_MECHANISMS = frozenset({"suspended", "resumed", "extended", "correction_notified", "correction_completed"})


_SIGNALLED = frozenset({"suspended", "resumed", "due"})
"""What the signals of a joint case tell of mechanisms."""


def needs_confirming(fold: CaseFold, feed: str, event: Essence, now_ms: int, knowledge: Knowledge) -> bool:
    """Whether what an event takes back is only proposed: a mechanism, or what came long after it happened.

    A file brings history: of what it says in its middle nobody was told.
    """
    declared = knowledge.hall.feed(feed)
    if declared is not None and declared.way == "file":
        return False
    if fold.accepted_ms is not None and (event.kind in _MECHANISMS or event.more in _SIGNALLED):
        return True
    calendar = knowledge.calendar(fold.org)
    waited = calendar.working_between(calendar.day_of(event.at_ms), calendar.day_of(now_ms))
    return waited > knowledge.policy(fold.item).withdraw_within_days


def propose(
    changes: Iterable[Change],
    old: CaseFold,
    fold: CaseFold,
    proposed: Proposed,
    withdrawn: set[str],
    meant: Container[str] | None = None,
) -> list[Change]:
    """Changes with every withdrawal of a card turned into a proposal, which is kept; `old` is what was published.

    `meant`: only those of these findings.
    """
    found: list[Change] = []
    for change in changes:
        key = change.finding.key()
        if change.change != "withdrawn" or change.lost < CARD or (meant is not None and key not in meant):
            found.append(change)
            continue
        (before,) = (finding for finding in old.findings if finding.key() == key)
        spans = [msgspec.structs.replace(span) for span in before.spans]
        if fold.closed and spans[-1].ended_ms is None:
            spans[-1].ended_ms = max(fold.at_ms, spans[-1].raised_ms)
        clock = clock_of(old, before)
        was = None if clock is None else msgspec.structs.replace(clock)
        kept = msgspec.structs.replace(before, spans=spans, was=was)
        proposed[key] = kept
        withdrawn.discard(key)
        found.append(Change(kept, "moved"))
    return found


def without_proposed(changes: Iterable[Change], proposed: Proposed, contested: set[str]) -> list[Change]:
    """Changes but for those of findings that stay as published; one that is true again is no longer proposed.

    It is `contested` then: what would take it back has not been confirmed.
    """
    found: list[Change] = []
    for change in changes:
        kept = proposed.get(change.finding.key())
        if kept is None:
            found.append(change)
        elif change.change != "withdrawn" and change.finding.highest() >= kept.highest():
            del proposed[change.finding.key()]
            contested.add(change.finding.key())
            found.append(Change(change.finding, "moved"))
    return found


def confirm(fold: CaseFold, wanted: str, proposed: Proposed, withdrawn: set[str]) -> Change | None:
    """The withdrawal that a supervisor confirms, by the id of its finding; none where none is proposed."""
    for key, kept in proposed.items():
        if finding_id(fold.case_no, kept) == wanted:
            del proposed[key]
            withdrawn.add(key)
            true = [finding for finding in fold.findings if finding.key() == key]
            return Change(true[0] if true else kept, "withdrawn", kept.highest())
    return None


def counts_as_late(proposed: Proposed) -> bool:
    """Whether a proposed withdrawal still makes the case late: it counts until it is confirmed."""
    return any(kept.clock in ("promise", "statutory", "instant") for kept in proposed.values())


def raised_until(finding: FindingRun, until_ms: int) -> FindingRun | None:
    """A finding with what of it was raised by an instant; nothing where that is nothing."""
    spans = [span for span in finding.spans if span.raised_ms <= until_ms]
    if len(spans) == len(finding.spans):
        return finding
    if not spans:
        return None
    last = msgspec.structs.replace(spans[-1], ended_ms=None)
    return msgspec.structs.replace(finding, spans=[*spans[:-1], last])
