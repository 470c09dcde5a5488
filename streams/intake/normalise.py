"""What every canonical case event must be before it is accepted, whatever source it came from."""

from datetime import datetime
from functools import cache

from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import encode
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import to_ms
from streams.foreign_time import check_year

LEAD_MS = 10 * 60 * 1000
"""How far ahead of us a source's clock may be; more is a wrong zone or a wrong year."""

EVENT_BYTES_MAX = 256 * 1024
"""The largest event as JSON; well below what the door takes as one record."""

_ID_LENGTH_MAX = 200


def check_event(event: CaseEvent, *, now_ms: int, hall: str = "", lead_ms: int = LEAD_MS) -> None:
    """Refuse an event that could not be placed or carried: no ids, no hall, an impossible or future time, too large.

    Only `occurred_at` must have happened already: a promise date or the date of an urging lies ahead.

    Raises:
        UnreadableError: names the field.
    """
    for field in ("event_id", "feed", "case_no"):
        _check_id(getattr(event, field), field)
    own, slash, local = event.case_no.partition("/")
    if not (own and slash and local):
        raise UnreadableError("is not hall/number", field="case_no")
    if hall and own != hall:
        raise UnreadableError(f"belongs to hall {own!r}, not {hall!r}", field="case_no")
    for field in _stamps(event.__struct_fields__):
        stamp: datetime | None = getattr(event, field)
        if stamp is not None:
            check_year(stamp, field)
    if to_ms(event.occurred_at) > now_ms + lead_ms:
        raise UnreadableError("lies in the future", field="occurred_at")
    if len(encode(event)) > EVENT_BYTES_MAX:
        raise UnreadableError(f"the event has more than {EVENT_BYTES_MAX} bytes")


def _check_id(text: str, field: str) -> None:
    if not text:
        raise UnreadableError("is empty", field=field)
    if len(text) > _ID_LENGTH_MAX:
        raise UnreadableError(f"has more than {_ID_LENGTH_MAX} letters", field=field)
    if not text.isprintable():  # a zero byte in front would even be taken for a mark
        raise UnreadableError("holds letters that cannot be printed", field=field)


@cache
def _stamps(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in fields if name.endswith("_at") and name != "arrived_at")
