"""Instants: aware datetimes on topics, integer epoch milliseconds inside."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware datetime; JSON carries it as RFC 3339 with an offset. A stamp without an offset is refused."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY_MS = 86_400_000


def to_ms(instant: datetime) -> int:
    """Epoch milliseconds of an aware datetime, rounded down; exact for every year from 1 to 9999."""
    elapsed = instant - _EPOCH
    return elapsed.days * _DAY_MS + elapsed.seconds * 1000 + elapsed.microseconds // 1000


_FIRST_MS = to_ms(datetime.min.replace(tzinfo=UTC))
_LAST_MS = to_ms(datetime.max.replace(tzinfo=UTC))


def is_instant(instant_ms: int) -> bool:
    """Whether these epoch milliseconds lie within the years 1 to 9999, so that there is a datetime for them."""
    return _FIRST_MS <= instant_ms <= _LAST_MS


@lru_cache(maxsize=1 << 8)  # the facts of one event tell the same few instants; a larger one is itself far memory
def from_ms(instant_ms: int) -> datetime:
    """The aware UTC datetime of epoch milliseconds.

    Raises:
        OverflowError: they lie outside years 1 to 9999.
    """
    return _EPOCH + _MILLISECOND * instant_ms
