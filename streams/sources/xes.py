"""XES event logs (IEEE 1849) by a mapping: one canonical event for each XES event.

The log is read as it streams by, one trace in memory at a time. Attributes of the trace are columns named
`trace.<key>`. Defaults in the log's `global` header are not events and give none. External entities are never read.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from lxml import etree

from streams.contracts.errors import UnreadableError
from streams.contracts.words import Words
from streams.event_mapping import EMPTY, EventMaker, RowMapping, makers_of
from streams.source import Mask, Read, Rejection, Source

_TRACE = "trace."
_NO_RULE = Words("映射中没有适用的规则", "no rule of the mapping applies")


class XesMapping(RowMapping, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row mapping whose rules are tried in their order: the first that applies makes the event.

    Without `row_key` an event is known by its trace, its name, instance, transition and time.
    """

    case_no: str = "trace.concept:name"
    row_key: tuple[str, ...] = (
        "trace.concept:name",
        "concept:name",
        "concept:instance",
        "lifecycle:transition",
        "time:timestamp",
    )


class _Walk:
    """Where the reading stands: the trace that is open and how many of its events are whole."""

    def __init__(self, mapping: XesMapping, makers: list[EventMaker]) -> None:
        self._mapping = mapping
        self._makers = makers
        self.traces = 0
        self.trace: Any = None
        self.whole = 0

    def seen(self, moment: str, element: Any) -> bool:
        """Take one parser event; true when a trace is complete."""
        name = etree.QName(element).localname
        if moment == "start":
            if name == "trace":
                self.traces += 1
                self.trace, self.whole = element, 0
            return False
        self.whole += name == "event"
        return bool(name == "trace")

    def take(self) -> Iterator[Read]:
        """What the whole events of the open trace give; the trace is freed."""
        if self.trace is None:
            return
        parts = [(etree.QName(part).localname, part) for part in self.trace if isinstance(part.tag, str)]
        common = {_TRACE + part.get("key", ""): part.get("value", "") for name, part in parts if name != "event"}
        equal: Counter[tuple[str, ...]] = Counter()
        events = [part for name, part in parts if name == "event"][: self.whole]
        for number, element in enumerate(events, 1):
            row = common | {part.get("key", ""): part.get("value", "") for part in element}
            key = tuple(row.get(name, "") for name in self._mapping.row_key)
            case_no = row.get(self._mapping.case_no, "")
            place = Words(
                f"第 {self.traces} 条轨迹（{case_no}）第 {number} 个事件",
                f"trace {self.traces} ({case_no}), event {number}",
            )
            yield self._event(row, key, equal[key], place, element)
            equal[key] += 1
        self._free()

    def _event(self, row: dict[str, str], key: tuple[str, ...], ordinal: int, place: Words, element: Any) -> Read:
        reason, field = _NO_RULE, "events"
        try:
            for maker in self._makers:
                if maker.applies(row):
                    event = maker.make(row, key, ordinal)
                    if event is not None:
                        return event
                    reason, field = EMPTY, maker.rule.at
                    break
        except UnreadableError as error:
            reason, field = error.words, error.field
        return Rejection(place, reason, field, etree.tostring(element, with_tail=False))

    def _free(self) -> None:
        self.trace.clear()
        parent = self.trace.getparent()
        while parent is not None and self.trace.getprevious() is not None:
            del parent[0]
        self.trace = None


def read(stream: BinaryIO, mapping: XesMapping, zone: ZoneInfo, mask: Mask) -> Iterator[Read]:
    """Events in the order of the log.

    Raises:
        UnreadableError: the XML breaks here (after everything whole before it was yielded), or the mapping is wrong.
    """
    walk = _Walk(mapping, makers_of(mapping, zone, mask))
    parser = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=("{*}trace", "{*}event"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
    )
    try:
        for moment, element in parser:
            if walk.seen(moment, element):
                yield from walk.take()
    except etree.XMLSyntaxError as error:
        yield from walk.take()
        reason, at = f"the XML breaks off: {error.msg}", f"line {error.lineno}"
        raise UnreadableError(reason, zh=f"XML 在此中断（{error.msg}）", field=at) from error
    except UnreadableError:
        yield from walk.take()
        raise


SOURCE = Source(
    title_zh="XES 事件日志",
    title_en="XES event logs",
    mapping_type=XesMapping,
    read=read,
)
