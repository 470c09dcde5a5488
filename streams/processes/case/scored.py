"""Whom a case's overdue counts for, where that is not its own org (clocks.md 3 and 7)."""

from typing import Final

from streams.contracts.finding import LEVELS
from streams.processes.case.fold import CaseFold, FindingRun

NOBODY: Final = "-"
"""An overdue that counts for nobody here."""

_CARD = LEVELS.index("yellow")


def counts_elsewhere(fold: CaseFold, finding: FindingRun) -> str:
    """The co-unit whose part was late when a joint case went over, NOBODY, or empty: the case's own org."""
    if finding.clock == "upper_stage":
        return NOBODY
    if finding.clock == "promise" and is_upper_units(fold):
        return NOBODY
    if fold.joint is None or finding.clock not in ("promise", "statutory", "joint_parent"):
        return ""
    over = [span.raised_ms for span in finding.spans if span.level >= _CARD]
    late = fold.parts_late_at(over[0]) if over else []
    return late[0].org if late else ""


def is_upper_units(fold: CaseFold) -> bool:
    """Whether the promise of a case that is passed up is none of this unit's business: its first review was in time."""
    if fold.case_class != "reported":
        return False
    reviews = fold.runs_of("first_review")
    return bool(reviews) and not any(review.is_over(fold.at_ms) for review in reviews)
