"""CSV files by a mapping: columns to events. One row may carry several times and so give several events."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, Literal, NamedTuple
from zoneinfo import ZoneInfo

from streams.contracts.errors import UnreadableError
from streams.event_mapping import EventMaker, RowMapping, columns_of, makers_of
from streams.foreign_text import wrong_line, wrong_start
from streams.source import Line, Mask, Read, Rejection, Source, lines_of


class CsvMapping(RowMapping, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row mapping with what CSV leaves open.

    `gb18030` holds GBK and GB2312 as well. `ignore` lists columns that are known and not wanted; any other column that
    no rule reads is reported once, since it may be a renamed one.
    """

    delimiter: str = ","
    encoding: Literal["utf-8", "gb18030", "latin-1"] = "utf-8"
    ignore: tuple[str, ...] = ()


_COLUMNS_SHOWN = 40
_CSV_FAULTS = {
    "new-line character": "a carriage return stands inside the line and not between quotes",
    "expected after": "text follows a closing quote",
    "unexpected end of data": "a quote is opened and never closed",
    "field larger": "a field is too long, or a quote is never closed",
}
"""What the parser says, by some of its words, and what that means for whoever made the file."""


class _Record(NamedTuple):
    """A parsed record: its fields, the number of its first line, its own bytes, and why it cannot be used."""

    number: int
    fields: list[str]
    raw: bytes
    wrong: str = ""


class _Records:
    """Parses line by line and can put lines back: a stray quote must not swallow the lines behind it."""

    def __init__(self, lines: Iterable[Line], mapping: CsvMapping) -> None:
        self._lines = iter(lines)
        self._mapping = mapping
        self._put_back: deque[Line] = deque()
        self._used: list[Line] = []
        self._break: UnreadableError | None = None
        self.width = 0

    def __iter__(self) -> Iterator[_Record]:
        while True:
            reader = csv.reader(self._texts(), delimiter=self._mapping.delimiter, strict=True)
            try:
                fields = next(reader)
                wrong = self._wrong(fields)
            except StopIteration:
                if self._break:
                    raise self._break from None
                return
            except csv.Error as error:
                fields, wrong = [], f"no CSV: {_in_plain_words(error)}"
            if wrong and len(self._used) > 1:
                self._put_back.extendleft(reversed(self._used[1:]))
                del self._used[1:]
            raw = b"".join(line.raw for line in self._used)
            number = self._used[0].number
            self._used.clear()
            if fields or wrong:
                yield _Record(number, fields, raw, wrong)

    def _texts(self) -> Iterator[str]:
        """Lines as text; what cannot be decoded stays visible as lone surrogates."""
        while True:
            line = self._put_back.popleft() if self._put_back else self._next_line()
            if line is None:
                return
            self._used.append(line)
            raw = line.raw.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.raw
            yield raw.decode(self._mapping.encoding, "surrogateescape")

    def _next_line(self) -> Line | None:
        """The next line; a break in the stream counts as the end, until all lines before it are used up."""
        try:
            return next(self._lines, None)
        except UnreadableError as error:
            self._break = error
            return None

    def _wrong(self, fields: list[str]) -> str:
        if any(line.too_long for line in self._used):
            return "the line is too long"
        if fields and self.width and len(fields) != self.width:
            return f"{len(fields)} fields, not {self.width}"
        if not all(map(_is_clean, fields)):
            return wrong_line(b"".join(line.raw for line in self._used), self._mapping.encoding)
        return ""


def read(stream: BinaryIO, mapping: CsvMapping, zone: ZoneInfo, mask: Mask) -> Iterator[Read]:
    """Events row by row, in the order of the file; the first line names the columns.

    Raises:
        UnreadableError: the header or the mapping is such that no row can give what it must, so that half a case
            (an end without its beginning) is never taken in; nothing was yielded before.
    """
    makers = makers_of(mapping, zone, mask)
    header, records = _opened(stream, mapping)
    names = [name.strip() for name in header.fields]
    _refuse_without(_necessary(mapping), names)
    yield from _header_rejections(header, names, mapping)
    usable = [maker for maker in makers if maker.rule.at in names]
    numbered = [(maker, _ordinal(maker, makers)) for maker in usable]
    records.width = len(names)
    keys = mapping.row_key or (mapping.case_no,)
    for record in records:
        if record.wrong:
            yield Rejection(f"line {record.number}", record.wrong, raw=record.raw)
            continue
        row = dict(zip(names, record.fields, strict=True))
        key = [row[name] for name in keys]
        for maker, ordinal in numbered:
            try:
                if maker.applies(row) and (event := maker.make(row, key, ordinal)):
                    yield event
            except UnreadableError as error:
                yield Rejection(f"line {record.number}", error.reason, error.field, record.raw)


def _opened(stream: BinaryIO, mapping: CsvMapping) -> tuple[_Record, _Records]:
    """The header and the records behind it."""
    lines = lines_of(stream)
    first = next(lines, None)
    if first is None:
        raise UnreadableError("the file is empty", field="header")
    if fault := wrong_start(first.raw, mapping.encoding):
        raise UnreadableError(fault, field="encoding")
    records = _Records(chain([first], lines), mapping)
    header = next(iter(records), None)
    if header is None or header.wrong:
        raise UnreadableError(header.wrong if header else "the file is empty", field="header")
    return header, records


def _necessary(mapping: CsvMapping) -> list[str]:
    """The columns without which no row has a key, or no row gives an event that every case must have."""
    columns = [mapping.case_no, *mapping.row_key]
    for rule in mapping.events:
        if rule.required:
            columns += [rule.at, *rule.when]
    return list(dict.fromkeys(columns))


def _refuse_without(necessary: Sequence[str], names: Sequence[str]) -> None:
    missing = [column for column in necessary if column not in names]
    if not missing:
        return
    there = ", ".join(names[:_COLUMNS_SHOWN]) + (", …" if len(names) > _COLUMNS_SHOWN else "")
    what = "the column is missing, and without it"
    if len(missing) > 1:
        what = f"the columns {', '.join(missing)} are missing, and without them"
    raise UnreadableError(f"{what} no row can be used; the file has: {there}", field=missing[0])


def _in_plain_words(error: csv.Error) -> str:
    said = str(error)
    return next((meaning for words, meaning in _CSV_FAULTS.items() if words in said), said)


def _ordinal(maker: EventMaker, makers: list[EventMaker]) -> int:
    """Tells apart the rules that make the same kind of event out of one row."""
    return [other for other in makers if other.rule.kind == maker.rule.kind].index(maker)


def _header_rejections(header: _Record, names: list[str], mapping: CsvMapping) -> Iterator[Rejection]:
    place = f"line {header.number}"
    wanted = columns_of(mapping)
    for name in sorted(wanted.difference(names)):
        yield Rejection(place, "the column is missing", name, header.raw)
    for name in names:
        if name not in wanted and name not in mapping.ignore:
            yield Rejection(place, "the column is not in the mapping", name, header.raw)


def _is_clean(text: str) -> bool:
    return text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text)


SOURCE = Source(
    title_zh="CSV 文件(按映射)",
    title_en="CSV files by a mapping",
    mapping_type=CsvMapping,
    read=read,
)
