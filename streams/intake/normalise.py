"""What every canonical case event must be before it is accepted, whatever source it came from."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache

from streams.contracts.case_event import CaseEvent, Linked
from streams.contracts.case_signal import CaseSignal
from streams.contracts.codec import encode
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import to_ms
from streams.foreign_time import check_year
from streams.registry.registry import Registry

LEAD_MS = 10 * 60 * 1000
"""How far ahead of us a source's clock may be; more is a wrong zone or a wrong year."""

EVENT_BYTES_MAX = 256 * 1024
"""The largest event as JSON; well below what the door takes as one record."""

_ID_LENGTH_MAX = 200

FeedsOfHalls = Mapping[str, Collection[str]]
"""The halls that can be judged, by their codes, and the feeds of each: what a registry in force says."""


def feeds_of(registry: Registry) -> FeedsOfHalls:
    """The halls of a registry and the names of their feeds."""
    return {code: tuple(feed.name for feed in hall.feeds) for code, hall in registry.halls.items()}


def check_event(event: CaseEvent, *, now_ms: int, feeds: FeedsOfHalls, hall: str = "", lead_ms: int = LEAD_MS) -> None:
    """Refuse an event that could not be judged or carried: no ids, an impossible or future time, too large.

    Also a signal between cases, which is ours alone, and an event of a hall that is not in `feeds`, or from a feed that
    is not its hall's: no horizon would ever reach it, and nobody would hear that it waits. With `hall`, events of any
    other are refused. Only `occurred_at` must have happened already: a promise date or the date of an urging lies
    ahead.

    Raises:
        UnreadableError: names the field.
    """
    if isinstance(event, CaseSignal):
        raise UnreadableError(
            "passes between cases and never comes from outside", zh="只在办件之间传递，不从外部接收", field="kind"
        )
    for field in ("event_id", "feed", "case_no"):
        _check_id(getattr(event, field), field)
    own = _hall_of(event.case_no, "case_no")
    if isinstance(event, Linked) and _hall_of(event.other_case_no, "other_case_no") not in feeds:
        raise UnreadableError("belongs to a hall that is not in force", zh="所属大厅未生效", field="other_case_no")
    if hall and own != hall:
        raise UnreadableError(
            f"belongs to hall {own!r}, not {hall!r}", zh=f"属于大厅 {own}，不属于 {hall}", field="case_no"
        )
    _check_feed(event.feed, own, feeds)
    for field in _stamps(event.__struct_fields__):
        stamp: datetime | None = getattr(event, field)
        if stamp is not None:
            check_year(stamp, field)
    if to_ms(event.occurred_at) > now_ms + lead_ms:
        raise UnreadableError("lies in the future", zh="在将来", field="occurred_at")
    if len(encode(event)) > EVENT_BYTES_MAX:
        raise UnreadableError(f"the event has more than {EVENT_BYTES_MAX} bytes", zh=f"事件超过 {EVENT_BYTES_MAX} 字节")


def _hall_of(case_no: str, field: str) -> str:
    _check_id(case_no, field)
    hall, slash, local = case_no.partition("/")
    if not (hall and slash and local):
        raise UnreadableError("is not hall/number", zh="不是“大厅/编号”的形式", field=field)
    return hall


def _check_feed(feed: str, hall: str, feeds: FeedsOfHalls) -> None:
    if hall not in feeds:
        there = ", ".join(sorted(feeds))
        zh = f"大厅 {hall} 未生效；已生效的有：{there or '无'}"
        raise UnreadableError(f"no hall {hall!r} is in force; there are: {there or 'none'}", zh=zh, field="case_no")
    if feed not in feeds[hall]:
        there = ", ".join(feeds[hall])
        zh = f"{feed} 不是大厅 {hall} 的数据源；它有：{there or '无'}"
        raise UnreadableError(f"{feed!r} is no feed of hall {hall!r}; it has: {there or 'none'}", zh=zh, field="feed")


def _check_id(text: str, field: str) -> None:
    if not text:
        raise UnreadableError("is empty", zh="为空", field=field)
    if len(text) > _ID_LENGTH_MAX:
        raise UnreadableError(
            f"has more than {_ID_LENGTH_MAX} letters", zh=f"超过 {_ID_LENGTH_MAX} 个字符", field=field
        )
    if not text.isprintable():  # a zero byte in front would even be taken for a mark
        raise UnreadableError("holds letters that cannot be printed", zh="含有不可打印的字符", field=field)


@cache
def _stamps(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in fields if name.endswith("_at") and name != "arrived_at")
