"""When the level of a finding rises next, so that whoever tells people knows whether a higher one holds by now."""

from streams.processes.case.fold import CaseFold, FindingRun
from streams.processes.case.messages import clock_of

_LADDER = "handling"
"""The ladder that spans promise and statutory (clocks.md 6); every other clock has one of its own."""


def rises_ms(fold: CaseFold, finding: FindingRun) -> int | None:
    """The next card above the level that an open finding has; absent where it stays, or no clock deals it cards."""
    last = finding.spans[-1]
    if last.ended_ms is not None or not finding.clock:
        return None
    if finding.group == _LADDER:
        dealing = [clock for clock in fold.clocks if clock.name in ("promise", "statutory")]
    else:
        own = clock_of(fold, finding)
        dealing = [own] if own is not None else []
    earliest: int | None = None
    for clock in dealing:
        for card_ms, level in clock.cards if clock.is_open() else ():
            is_next = level > last.level and card_ms > last.raised_ms
            if is_next and (earliest is None or card_ms < earliest):
                earliest = card_ms
    return earliest
