from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from streams.contracts.case_event import Accepted, Extended, Finished, StepEnded
from streams.contracts.codec import identity
from streams.contracts.errors import UnreadableError
from streams.event_mapping import EventMaker, RowMapping, columns_of, makers_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def mapping_of(**changes: Any) -> RowMapping:
    raw = {"source": "csv_mapping", "feed": "approvals", "hall": "pl", "case_no": "NO", "events": []} | changes
    return msgspec.convert(raw, RowMapping)


def maker_of(rule: dict[str, Any], **changes: Any) -> EventMaker:
    (maker,) = makers_of(mapping_of(events=[rule], **changes), SHANGHAI, lambda text: f"<{len(text)}>")
    return maker


def test_a_row_becomes_an_event_with_its_envelope_fields_and_extras() -> None:
    maker = maker_of(
        {
            "kind": "case.accepted",
            "at": "SLSJ",
            "fields": {
                "notice_no": "WSBH",
                "told_due_at": "CNSJ",
                "case_class": {"column": "LX", "values": {"1": "instant"}},
            },
            "extra": {"queue": "PDH"},
        },
        fields={"org": "DEPT"},
        extra={"source": {"constant": "window"}},
        data_version="SJBBH",
    )
    row = {
        "NO": " 0815 ",
        "SLSJ": "2026-11-23 09:30:00",
        "WSBH": "W1",
        "CNSJ": "2026-12-01",
        "LX": "1",
        "DEPT": "D7",
        "PDH": "A012",
        "SJBBH": "3",
    }

    assert maker.make(row, ["0815"], 0) == Accepted(
        event_id=identity("approvals", "0815", "case.accepted", 0),
        feed="approvals",
        case_no="pl/0815",
        occurred_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
        data_version=3,
        org="D7",
        notice_no="W1",
        told_due_at=datetime(2026, 11, 30, 16, tzinfo=UTC),
        case_class="instant",
        extra={"queue": "A012", "source": "window"},
    )


def test_numbers_and_truth_values_are_read_as_what_the_field_is() -> None:
    extended = maker_of({"kind": "case.extended", "at": "T", "fields": {"days": "DAYS"}})
    ended = maker_of({"kind": "case.step_ended", "at": "T", "fields": {"step": "S", "done": "DONE"}})
    row = {"NO": "1", "T": "2026-11-23", "DAYS": "10", "S": "check", "DONE": "false"}

    event = extended.make(row, ["1"], 0)
    step = ended.make(row, ["1"], 0)

    assert isinstance(event, Extended)
    assert event.days == 10
    assert event.date_only
    assert isinstance(step, StepEnded)
    assert not step.done


@pytest.mark.parametrize(
    ("fields", "column"),
    [({"days": "X"}, "X"), ({"applied_at": "X"}, "X")],
)
def test_a_text_that_the_field_cannot_hold_is_refused_with_its_column(fields: dict[str, str], column: str) -> None:
    maker = maker_of({"kind": "case.extended", "at": "T", "fields": fields})
    with pytest.raises(UnreadableError, match=f"^{column}: ") as raised:
        maker.make({"NO": "1", "T": "2026-11-23", "X": "soon"}, ["1"], 0)
    assert raised.value.field == column


def test_a_result_that_is_none_of_the_results_is_refused() -> None:
    maker = maker_of(
        {"kind": "case.finished", "at": "T", "fields": {"result": {"column": "R", "values": {"0": "granted"}}}}
    )
    row = {"NO": "1", "T": "2026-11-23"}
    event = maker.make({**row, "R": "0"}, ["1"], 0)
    assert isinstance(event, Finished)
    assert event.result == "granted"
    with pytest.raises(UnreadableError, match="R: "):
        maker.make({**row, "R": "8"}, ["1"], 0)


def test_values_translate_default_or_pass_through() -> None:
    rule = {"kind": "case.applied", "at": "T"}
    row = {"NO": "1", "T": "2026-11-23", "ITEM": "zzz"}
    passed = maker_of({**rule, "fields": {"item": {"column": "ITEM", "values": {"a": "A"}}}}).make(row, ["1"], 0)
    default = {"column": "ITEM", "values": {"a": "A"}, "default": "other"}
    defaulted = maker_of({**rule, "fields": {"item": default}}).make(row, ["1"], 0)
    empty = maker_of({**rule, "fields": {"item": default}}).make({**row, "ITEM": ""}, ["1"], 0)
    assert [event and event.item for event in (passed, defaulted, empty)] == ["zzz", "other", "other"]


def test_what_a_mapping_masks_never_appears_in_the_event() -> None:
    maker = maker_of({"kind": "case.applied", "at": "T", "extra": {"applicant": {"column": "NAME", "mask": True}}})
    event = maker.make({"NO": "1", "T": "2026-11-23", "NAME": "张小明", "PHONE": "13800000000"}, ["1"], 0)
    assert event is not None
    assert event.extra == {"applicant": "<3>"}
    assert "13800000000" not in repr(event)


def test_an_empty_time_is_no_event_unless_it_is_required() -> None:
    row = {"NO": "1", "T": " "}
    assert maker_of({"kind": "case.finished", "at": "T"}).make(row, ["1"], 0) is None
    with pytest.raises(UnreadableError, match="T: is empty"):
        maker_of({"kind": "case.finished", "at": "T", "required": True}).make(row, ["1"], 0)


def test_a_row_without_a_case_number_is_refused() -> None:
    with pytest.raises(UnreadableError, match="NO: is empty"):
        maker_of({"kind": "case.finished", "at": "T"}).make({"NO": "", "T": "2026-11-23"}, [""], 0)


def test_a_doubtful_local_time_is_flagged_in_the_event() -> None:
    mapping = mapping_of(events=[{"kind": "case.finished", "at": "T"}])
    (maker,) = makers_of(mapping, ZoneInfo("America/New_York"), str)
    event = maker.make({"NO": "1", "T": "2015-11-01 01:30:00"}, ["1"], 0)
    assert event is not None
    assert event.extra == {"time_doubt": "ambiguous"}


def test_conditions_hold_for_one_or_several_texts() -> None:
    maker = maker_of({"kind": "case.finished", "at": "T", "when": {"STATUS": ["Closed", "Done"], "KIND": "x"}})
    assert maker.applies({"STATUS": "Done", "KIND": "x"})
    assert not maker.applies({"STATUS": "Open", "KIND": "x"})
    assert not maker.applies({"STATUS": "Done"})


def test_ids_depend_on_feed_key_kind_and_ordinal_and_on_nothing_else() -> None:
    row = {"NO": "1", "T": "2026-11-23", "DEPT": "a"}
    rule = {"kind": "case.finished", "at": "T"}

    def id_of(maker: EventMaker, key: list[str], ordinal: int, **changes: str) -> str:
        event = maker.make({**row, **changes}, key, ordinal)
        assert event is not None
        return event.event_id

    first = id_of(maker_of(rule), ["1"], 0)
    assert id_of(maker_of(rule, fields={"org": "DEPT"}), ["1"], 0, DEPT="b", T="2026-11-24") == first
    others = {
        id_of(maker_of(rule, feed="other"), ["1"], 0),
        id_of(maker_of(rule), ["2"], 0),
        id_of(maker_of(rule), ["1"], 1),
        id_of(maker_of({"kind": "case.applied", "at": "T"}), ["1"], 0),
    }
    assert len(others | {first}) == 5


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"events": [{"kind": "case.started", "at": "T"}]}, "no kind of event 'case.started'"),
        ({"events": [{"kind": "case.applied", "at": "T", "fields": {"result": "R"}}]}, "no field 'result'"),
        ({"events": [{"kind": "case.applied", "at": "T", "fields": {"event_id": "R"}}]}, "no field 'event_id'"),
        ({"feed": ""}, "feed: is missing"),
        ({"hall": ""}, "hall: is missing"),
    ],
)
def test_a_wrong_mapping_is_refused_before_the_first_row(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        makers_of(mapping_of(**changes), SHANGHAI, str)


def test_every_column_that_a_mapping_reads_is_listed() -> None:
    mapping = mapping_of(
        row_key=["K"],
        data_version="V",
        fields={"org": "DEPT"},
        extra={"a": {"constant": "b"}},
        events=[
            {
                "kind": "case.applied",
                "at": "T",
                "when": {"W": "1"},
                "fields": {"item": {"column": "I"}},
                "extra": {"e": "E"},
            }
        ],
    )
    assert columns_of(mapping) == {"NO", "K", "V", "DEPT", "T", "W", "I", "E"}
