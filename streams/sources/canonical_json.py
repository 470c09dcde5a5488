"""Canonical case events as JSON lines: one event a line, as they stand on the topic `case-events`."""

from collections.abc import Iterator
from typing import BinaryIO
from zoneinfo import ZoneInfo

from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import decode
from streams.contracts.errors import UnreadableError
from streams.contracts.late_event import Rehydrated
from streams.contracts.topics import CASE_EVENTS
from streams.contracts.words import Words
from streams.source import TOO_LONG, Line, Mask, Read, Rejection, Source, SourceMapping, line_place, lines_of


class CanonicalMapping(SourceMapping, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing is to be mapped; events of another feed or hall than the mapping names are refused."""


def read(stream: BinaryIO, mapping: CanonicalMapping, zone: ZoneInfo, mask: Mask) -> Iterator[Read]:
    """Events line by line; an empty line is nothing, a line that cannot be read stops none of the others.

    The zone is not needed, since canonical stamps carry an offset, and nothing is masked: these fields are ours.
    """
    for line in lines_of(stream):
        if not line.raw.isspace():
            yield _read_line(line, mapping)


def _read_line(line: Line, mapping: CanonicalMapping) -> Read:
    place = line_place(line.number)
    if line.too_long:
        return Rejection(place, TOO_LONG, raw=line.raw)
    try:
        event: CaseEvent | Rehydrated = decode(CASE_EVENTS, line.raw)
    except UnreadableError as error:
        return Rejection(place, error.words, error.field, line.raw)
    if isinstance(event, Rehydrated):
        return Rejection(place, Words("不从外部接收", "never comes from outside"), "kind", line.raw)
    if mapping.feed and event.feed != mapping.feed:
        return Rejection(place, Words(f"不是 {mapping.feed}", f"is not {mapping.feed!r}"), "feed", line.raw)
    if mapping.hall and not event.case_no.startswith(mapping.hall + "/"):
        begin = f"{mapping.hall}/"
        return Rejection(place, Words(f"不以 {begin} 开头", f"does not begin with {begin!r}"), "case_no", line.raw)
    return event


SOURCE = Source(
    title_zh="标准办件事件(JSON 行)",
    title_en="Canonical case events (JSON lines)",
    mapping_type=CanonicalMapping,
    read=read,
)
