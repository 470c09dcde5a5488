"""CSV files by a mapping: columns to events. One row may carry several times and so give several events."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, Literal, NamedTuple
from zoneinfo import ZoneInfo

from streams.contracts.errors import UnreadableError
from streams.contracts.words import Words
from streams.event_mapping import EventMaker, RowMapping, columns_of, makers_of
from streams.foreign_text import wrong_line, wrong_start
from streams.source import TOO_LONG, Line, Mask, Read, Rejection, Source, line_place, lines_of


class CsvMapping(RowMapping, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row mapping with what CSV leaves open.

    `gb18030` holds GBK and GB2312 as well. `ignore` lists columns that are known and not wanted; any other column that
    no rule reads is reported once, since it may be a renamed one.
    """

    delimiter: str = ","
    encoding: Literal["utf-8", "gb18030", "latin-1"] = "utf-8"
    ignore: tuple[str, ...] = ()


_COLUMNS_SHOWN = 40
_NOTHING = Words("文件为空", "the file is empty")
_CSV_FAULTS = {
    "new-line character": Words(
        "行内有回车符，又不在引号之间", "a carriage return stands inside the line and not between quotes"
    ),
    "expected after": Words("引号结束之后还有文字", "text follows a closing quote"),
    "unexpected end of data": Words("引号没有结束", "a quote is opened and never closed"),
    "field larger": Words("字段过长，或引号没有结束", "a field is too long, or a quote is never closed"),
}
"""What the parser says, by some of its words, and what that means for whoever made the file."""

_MISSING = Words("缺少这一列", "the column is missing")
_UNKNOWN = Words("映射文件中没有这一列", "the column is not in the mapping")


class _Record(NamedTuple):
    """A parsed record: its fields, the number of its first line, its own bytes, and why it cannot be used."""

    number: int
    fields: list[str]
    raw: bytes
    wrong: Words | None = None


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
                fields, wrong = [], _in_plain_words(error)
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

    def _wrong(self, fields: list[str]) -> Words | None:
        if any(line.too_long for line in self._used):
            return TOO_LONG
        if fields and self.width and len(fields) != self.width:
            return Words(f"有 {len(fields)} 格，应为 {self.width} 格", f"{len(fields)} fields, not {self.width}")
        if not all(map(_is_clean, fields)):
            return wrong_line(b"".join(line.raw for line in self._used), self._mapping.encoding)
        return None


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
            yield Rejection(line_place(record.number), record.wrong, raw=record.raw)
            continue
        row = dict(zip(names, record.fields, strict=True))
        key = [row[name] for name in keys]
        for maker, ordinal in numbered:
            try:
                if maker.applies(row) and (event := maker.make(row, key, ordinal)):
                    yield event
            except UnreadableError as error:
                yield Rejection(line_place(record.number), error.words, error.field, record.raw)


def _opened(stream: BinaryIO, mapping: CsvMapping) -> tuple[_Record, _Records]:
    """The header and the records behind it."""
    lines = lines_of(stream)
    first = next(lines, None)
    if first is None:
        raise UnreadableError(_NOTHING.en, zh=_NOTHING.zh, field="header")
    if fault := wrong_start(first.raw, mapping.encoding):
        raise UnreadableError(fault.en, zh=fault.zh, field="encoding")
    records = _Records(chain([first], lines), mapping)
    header = next(iter(records), None)
    if header is None or header.wrong:
        wrong = header.wrong if header and header.wrong else _NOTHING
        raise UnreadableError(wrong.en, zh=wrong.zh, field="header")
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
    what = Words("缺少这一列", "the column is missing, and without it")
    if len(missing) > 1:
        listed = ", ".join(missing)
        what = Words(f"缺少这些列：{listed}", f"the columns {listed} are missing, and without them")
    zh = f"{what.zh}，没有一行能用；文件中有：{there}"
    raise UnreadableError(f"{what.en} no row can be used; the file has: {there}", zh=zh, field=missing[0])


def _in_plain_words(error: csv.Error) -> Words:
    said = str(error)
    meaning = next((meaning for words, meaning in _CSV_FAULTS.items() if words in said), Words(said, said))
    return Words(f"不是 CSV：{meaning.zh}", f"no CSV: {meaning.en}")


def _ordinal(maker: EventMaker, makers: list[EventMaker]) -> int:
    """Tells apart the rules that make the same kind of event out of one row."""
    return [other for other in makers if other.rule.kind == maker.rule.kind].index(maker)


def _header_rejections(header: _Record, names: list[str], mapping: CsvMapping) -> Iterator[Rejection]:
    place = line_place(header.number)
    wanted = columns_of(mapping)
    for name in sorted(wanted.difference(names)):
        yield Rejection(place, _MISSING, name, header.raw)
    for name in names:
        if name not in wanted and name not in mapping.ignore:
            yield Rejection(place, _UNKNOWN, name, header.raw)


def _is_clean(text: str) -> bool:
    return text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text)


SOURCE = Source(
    title_zh="CSV 文件(按映射)",
    title_en="CSV files by a mapping",
    mapping_type=CsvMapping,
    read=read,
)
