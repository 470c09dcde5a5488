"""Settings of the case process."""

import msgspec


class CaseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a case is kept at hand.

    `events_max`: beyond so many events the older half of them folds into a base, and what lies before it is no longer
    judged. `retain_closed_days`: so long after its end a closed case is kept whole; then only a stub of it is.
    """

    events_max: int = 512
    retain_closed_days: int = 400
