"""Rows of named texts to canonical case events, by a mapping that a hall's office can edit.

CSV rows and XES events are both such rows. A mapping lists event rules; a rule picks columns, so personal data that no
rule picks never enters hallwatch.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import identity
from streams.contracts.decoding_words import in_chinese
from streams.contracts.errors import UnreadableError
from streams.contracts.words import Words
from streams.foreign_time import TimeReader
from streams.source import Mask, SourceMapping

KINDS: dict[str, type[msgspec.Struct]] = {str(kind.__struct_config__.tag): kind for kind in get_args(CaseEvent)}
"""The struct of every kind of case event."""

EMPTY = Words("为空", "is empty")
"""Why a row that lacks what it must have is set aside."""

_OURS = frozenset({"event_id", "feed", "case_no", "occurred_at", "arrived_at", "data_version", "date_only", "extra"})


class FieldRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one field is filled: from a `column`, or a `constant`.

    `values` translates; a text that is not in it becomes `default`, or stays as it is where there is none.
    An empty column gives `default`. `mask` hides personal data.
    """

    column: str = ""
    constant: str = ""
    values: dict[str, str] = {}
    default: str = ""
    mask: bool = False


class EventRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of event and where it comes from.

    `at` is the column of its business time: where that is empty there is no event, or with `required` a rejection.
    `when` names columns and the texts (one or several) that they must have.
    """

    kind: str
    at: str
    when: dict[str, str | tuple[str, ...]] = {}
    required: bool = False
    fields: dict[str, str | FieldRule] = {}
    extra: dict[str, str | FieldRule] = {}


class RowMapping(SourceMapping, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping of rows.

    `case_no` is the column of the case number, `row_key` the columns that name a row for ever in the foreign system
    (empty: the source decides), `times` the formats of stamps (`streams.foreign_time`).
    `data_version` is a column that grows when a row is sent again. `fields` and `extra` hold for every rule.
    """

    case_no: str
    events: tuple[EventRule, ...]
    row_key: tuple[str, ...] = ()
    times: tuple[str, ...] = ("iso",)
    midnight_is_date: bool = False
    data_version: str = ""
    fields: dict[str, str | FieldRule] = msgspec.field(default_factory=dict)
    extra: dict[str, str | FieldRule] = msgspec.field(default_factory=dict)


Row = Mapping[str, str]
"""Column to text; absent columns and empty texts mean the same."""

_Getter = Callable[[Row], Any]
"""One field's value out of a row; None: leave the field at its default."""


class EventMaker:
    """Makes the events of one kind out of rows, by one rule of a mapping."""

    def __init__(self, mapping: RowMapping, rule: EventRule, times: TimeReader, mask: Mask) -> None:
        """Compile the rule.

        Raises:
            UnreadableError: the mapping names no such kind or field; names what.
        """
        if rule.kind not in KINDS:
            raise UnreadableError(
                f"there is no kind of event {rule.kind!r}", zh=f"没有事件种类 {rule.kind}", field="events.kind"
            )
        self.rule = rule
        self._struct = KINDS[rule.kind]
        self._mapping = mapping
        self._times = times
        self._when = [(column, _texts(texts)) for column, texts in rule.when.items()]
        types = get_type_hints(self._struct)
        self._fields = {
            name: self._getter(name, field, types, mask) for name, field in {**mapping.fields, **rule.fields}.items()
        }
        self._extra = {name: _text_getter(field, mask) for name, field in {**mapping.extra, **rule.extra}.items()}

        self._needed = tuple(
            field.name for field in msgspec.structs.fields(self._struct) if field.required and field.name not in _OURS
        )

    def _column_of(self, name: str) -> str:
        """The column that a field comes from; the field itself where no column gives it."""
        rule = {**self._mapping.fields, **self.rule.fields}.get(name, name)
        return rule if isinstance(rule, str) else rule.column or name

    def applies(self, row: Row) -> bool:
        """Whether the row fulfils the rule's conditions."""
        return all(row.get(column, "") in texts for column, texts in self._when)

    def make(self, row: Row, key: Sequence[str], ordinal: int) -> CaseEvent | None:
        """The row's event; None where the row has no time for it. Equal keys are told apart by `ordinal`.

        Raises:
            UnreadableError: a column holds what its field cannot; names the column.
        """
        mapping, rule = self._mapping, self.rule
        stamp = row.get(rule.at, "").strip()
        if not stamp:
            if rule.required:
                raise UnreadableError(EMPTY.en, zh=EMPTY.zh, field=rule.at)
            return None
        number = row.get(mapping.case_no, "").strip()
        if not number:
            raise UnreadableError(EMPTY.en, zh=EMPTY.zh, field=mapping.case_no)
        time = self._times.read(stamp, rule.at)
        extra = {name: text for name, get in self._extra.items() if (text := get(row))}
        if time.doubt:
            extra["time_doubt"] = time.doubt
        version = row.get(mapping.data_version, "") if mapping.data_version else ""
        fields = {name: value for name, get in self._fields.items() if (value := get(row)) is not None}
        for name in self._needed:
            if name not in fields:
                raise UnreadableError(EMPTY.en, zh=EMPTY.zh, field=self._column_of(name))
        event: CaseEvent = self._struct(  # type: ignore[assignment]
            event_id=identity(mapping.feed, *key, rule.kind, ordinal),
            feed=mapping.feed,
            case_no=f"{mapping.hall}/{number}",
            occurred_at=time.at,
            date_only=time.date_only,
            data_version=_converted(version, int, mapping.data_version) if version else 0,
            extra=extra,
            **fields,
        )
        return event

    def _getter(self, name: str, rule: str | FieldRule, types: Mapping[str, Any], mask: Mask) -> _Getter:
        if name not in types or name in _OURS:
            reason = f"{self.rule.kind} has no field {name!r} that can be mapped"
            raise UnreadableError(reason, zh=f"{self.rule.kind} 没有可映射的字段 {name}", field="events.fields")
        text = _text_getter(rule, mask)
        column = rule if isinstance(rule, str) else rule.column
        if name.endswith("_at"):
            times = self._times
            return lambda row: times.read(found, column).at if (found := text(row)) else None
        if name == "other_case_no":  # as the case's own number is
            hall = self._mapping.hall
            return lambda row: f"{hall}/{found}" if (found := text(row)) else None
        if types[name] is str:
            return lambda row: text(row) or None
        kind = types[name]
        return lambda row: _converted(found, kind, column) if (found := text(row)) else None


def makers_of(mapping: RowMapping, zone: ZoneInfo, mask: Mask) -> list[EventMaker]:
    """One maker a rule, in the mapping's order.

    Raises:
        UnreadableError: the mapping names no feed or hall, or a kind or field that does not exist.
    """
    for name in ("feed", "hall", "case_no"):
        if not getattr(mapping, name):
            raise UnreadableError("is missing in the mapping", zh="映射文件缺少此项", field=name)
    times = TimeReader(mapping.times, zone, midnight_is_date=mapping.midnight_is_date)
    return [EventMaker(mapping, rule, times, mask) for rule in mapping.events]


def columns_of(mapping: RowMapping) -> set[str]:
    """Every column that a mapping reads."""
    found = {mapping.case_no, mapping.data_version, *mapping.row_key}
    groups = [mapping.fields, mapping.extra]
    for rule in mapping.events:
        found |= {rule.at, *rule.when}
        groups += [rule.fields, rule.extra]
    for group in groups:
        found |= {field if isinstance(field, str) else field.column for field in group.values()}
    return found - {""}


def _texts(texts: str | tuple[str, ...]) -> frozenset[str]:
    return frozenset((texts,) if isinstance(texts, str) else texts)


def _text_getter(rule: str | FieldRule, mask: Mask) -> Callable[[Row], str]:
    if isinstance(rule, str):
        return lambda row: row.get(rule, "").strip()
    if not rule.column:
        return lambda _: rule.constant

    def text(row: Row) -> str:
        found = row.get(rule.column, "").strip()
        if rule.values and found:
            found = rule.values.get(found, rule.default or found)
        found = found or rule.default
        return mask(found) if rule.mask and found else found

    return text


def _converted(text: str, kind: Any, column: str) -> Any:
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as error:
        zh = f"{in_chinese(str(error))}，不能是“{text}”"
        raise UnreadableError(f"{error}, not {text!r}", zh=zh, field=column) from error
