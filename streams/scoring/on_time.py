"""How well limits were kept in a period: the rates, and the score that ranks (PL-31 办理时限, PL-45)."""

import msgspec


class LimitCounts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a period's facts say of one subject, as counts of cases or findings.

    Attributes:
        accepted: accepted in the period.
        finished: finished in the period.
        judged: ended in the period with a verdict about their limit; a case stopped without a finish (returned,
            voided, withdrawn) has one only if it was already overdue: deleting is no escape (clocks.md 3).
        on_time: of these, in time.
        open_overdue: still open and overdue at the end of the period; they stand in every period's denominator.
        early: finished in the period with at least one whole unit of their limit left.
        measured: finished in the period with a clock, so that `early` and `used_share` can be said.
        used_share: the mean of used / limit over these; absent where there are none.
        yellow, red: findings whose highest level this is and which reached it in the period; withdrawn and
            unconfirmed ones count nowhere (clocks.md 7 and 8).
    """

    accepted: int = 0
    finished: int = 0
    judged: int = 0
    on_time: int = 0
    open_overdue: int = 0
    early: int = 0
    measured: int = 0
    used_share: float | None = None
    yellow: int = 0
    red: int = 0

    @property
    def volume(self) -> int:
        """The cases that the rate is a share of."""
        return self.judged + self.open_overdue


class LimitWeights(msgspec.Struct, frozen=True, kw_only=True):
    """What a card costs, and below which volume nobody is placed.

    The cards weigh in late cases: published city rules take 5 points for a yellow card and 10 for a red one
    (background.md B3.3), so a red card weighs twice a yellow one. They are taken as a share of the volume, not as
    points apiece: points apiece would punish a department for being large. With fewer cases than `minimum` one late
    case moves the rate by more than twenty points, which ranks chance.
    """

    yellow: float = 0.5
    red: float = 1.0
    minimum: int = 5
    digits: int = 2


def on_time_rate(counts: LimitCounts) -> float | None:
    """The share kept in time, from 0 to 1, by finish date plus still open overdue; absent without a verdict."""
    return counts.on_time / counts.volume if counts.volume else None


def early_rate(counts: LimitCounts) -> float | None:
    """The share finished early, from 0 to 1; absent where nothing can be said."""
    return counts.early / counts.measured if counts.measured else None


def deduction(counts: LimitCounts, weights: LimitWeights) -> float:
    """The points that the cards cost: late cases that they weigh, as a share of the volume, of 100."""
    weighed = counts.yellow * weights.yellow + counts.red * weights.red
    return 100 * weighed / counts.volume if counts.volume else 0.0


def limit_score(counts: LimitCounts, weights: LimitWeights) -> float | None:
    """100 × on-time rate − deduction, from 0 to 100, rounded as it is shown; absent below the minimum volume."""
    rate = on_time_rate(counts)
    if rate is None or counts.volume < weights.minimum:
        return None
    return round(max(0.0, 100 * rate - deduction(counts, weights)), weights.digits)
