import contextlib
import io
import resource
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.case_event import Accepted, CaseEvent, StepEnded
from streams.contracts.errors import UnreadableError
from streams.source import Rejection
from streams.sources.xes import SOURCE, XesMapping

MAPPING = {
    "source": "xes",
    "feed": "log",
    "hall": "h",
    "fields": {"staff": "org:resource"},
    "extra": {"deadline": "trace.deadline"},
    "events": [
        {"kind": "case.accepted", "at": "time:timestamp", "when": {"concept:name": "register"}},
        {"kind": "case.step_ended", "at": "time:timestamp", "fields": {"step": "concept:name"}},
    ],
}
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="UNKNOWN"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+01:00"/></global>
"""


def event(name: str, at: str = "2011-10-11T13:45:40.276+02:00", instance: str = "") -> str:
    extra = f'<string key="concept:instance" value="{instance}"/>' if instance else ""
    return f"""<event><string key="concept:name" value="{name}"/>{extra}
      <string key="org:resource" value="R1"/><date key="time:timestamp" value="{at}"/></event>"""


def trace(number: int, *events: str) -> str:
    attributes = (
        f'<string key="concept:name" value="case-{number}"/><date key="deadline" value="2011-12-06T00:00:00+01:00"/>'
    )
    return f"<trace>{attributes}{''.join(events)}</trace>\n"


def pieces(text: str, **changes: Any) -> list[CaseEvent | Rejection]:
    mapping = msgspec.convert(MAPPING | changes, XesMapping)
    return list(SOURCE.read(io.BytesIO(text.encode()), mapping, ZoneInfo("Europe/Amsterdam"), str))


def events(found: list[CaseEvent | Rejection]) -> list[CaseEvent]:
    assert not [piece for piece in found if isinstance(piece, Rejection)]
    return [piece for piece in found if not isinstance(piece, Rejection)]


def test_each_event_gives_one_canonical_event_by_the_first_rule_that_applies() -> None:
    accepted, step = events(pieces(HEAD + trace(1, event("register"), event("check")) + "</log>"))
    assert isinstance(accepted, Accepted)
    assert (accepted.case_no, accepted.staff) == ("h/case-1", "R1")
    assert accepted.extra == {"deadline": "2011-12-06T00:00:00+01:00"}
    assert isinstance(step, StepEnded)
    assert step.step == "check"


def test_defaults_of_the_global_header_are_no_events() -> None:
    assert pieces(HEAD + trace(1) + "</log>") == []


def test_attributes_behind_the_events_count_for_the_trace_too() -> None:
    text = f'<trace>{event("register")}<string key="concept:name" value="late"/></trace>'
    assert [found.case_no for found in events(pieces(HEAD + text + "</log>"))] == ["h/late"]


def test_a_log_without_a_namespace_is_read_as_well() -> None:
    assert len(pieces(f"<log>{trace(1, event('register'))}</log>")) == 1


def test_reading_again_gives_the_same_ids_wherever_the_trace_stands() -> None:
    first, second = trace(1, event("register"), event("check")), trace(2, event("register"))
    ids = {found.event_id for found in events(pieces(HEAD + first + second + "</log>"))}
    assert ids == {found.event_id for found in events(pieces(HEAD + second + first + "</log>"))}
    assert len(ids) == 3


def test_equal_events_of_a_trace_are_told_apart_and_instances_give_them_names() -> None:
    twice = events(pieces(HEAD + trace(1, event("check"), event("check")) + "</log>"))
    assert len({found.event_id for found in twice}) == 2
    a, b = event("check", instance="a"), event("check", instance="b")
    one = {e.step: e.event_id for e in events(pieces(HEAD + trace(1, a) + "</log>")) if isinstance(e, StepEnded)}
    both = [e.event_id for e in events(pieces(HEAD + trace(1, b, a) + "</log>"))]
    assert both[1] == one["check"]


def test_a_date_of_1948_is_rejected_with_place_field_and_bytes_and_the_rest_goes_on() -> None:
    bad = event("check", at="1948-10-11T13:45:40.276+02:00")
    good, rejection, last = pieces(HEAD + trace(7, event("register"), bad, event("end")) + "</log>")
    assert not isinstance(good, Rejection)
    assert not isinstance(last, Rejection)
    assert isinstance(rejection, Rejection)
    assert rejection.place == ("第 1 条轨迹（case-7）第 2 个事件", "trace 1 (case-7), event 2")
    assert rejection.field == "time:timestamp"
    assert rejection.reason.en == "the year 1948 is not between 1990 and 2100"
    assert b"1948-10-11" in rejection.raw


def test_an_event_without_a_time_and_an_event_without_a_rule_are_rejected() -> None:
    rules = MAPPING["events"][:1]  # type: ignore[index]
    timeless = '<event><string key="concept:name" value="register"/></event>'
    first, second = pieces(HEAD + trace(1, timeless, event("check")) + "</log>", events=rules)
    assert isinstance(first, Rejection)
    assert (first.field, first.reason.en) == ("time:timestamp", "is empty")
    assert isinstance(second, Rejection)
    assert second.reason.en == "no rule of the mapping applies"


@pytest.mark.parametrize("cut", [0, 5, 30, 120])
def test_before_a_break_every_whole_event_is_used_also_of_the_open_trace(cut: int) -> None:
    whole = HEAD + trace(1, event("register"), event("check"))
    open_trace = trace(2, event("register"), event("check")).split("<event>")
    text = whole + open_trace[0] + "<event>" + open_trace[1] + ("<event>" + open_trace[2])[:cut]
    mapping = msgspec.convert(MAPPING, XesMapping)
    found: list[CaseEvent | Rejection] = []
    with pytest.raises(UnreadableError, match="the XML breaks off"):
        found.extend(SOURCE.read(io.BytesIO(text.encode()), mapping, ZoneInfo("Europe/Amsterdam"), str))
    assert [piece.case_no for piece in found if not isinstance(piece, Rejection)] == [
        "h/case-1",
        "h/case-1",
        "h/case-2",
    ]


def test_a_break_in_the_stream_comes_through_after_all_whole_events() -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if data := super().read(size):
                return data
            raise UnreadableError("broken off")

    text = HEAD + trace(1, event("register"), event("check")).removesuffix("</trace>\n")
    mapping = msgspec.convert(MAPPING, XesMapping)
    found: list[CaseEvent | Rejection] = []
    with pytest.raises(UnreadableError, match="broken off"):
        found.extend(SOURCE.read(Breaking(text.encode()), mapping, ZoneInfo("Europe/Amsterdam"), str))
    assert len(found) == 2


def test_entities_are_never_read() -> None:
    text = f"""<?xml version="1.0"?><!DOCTYPE log [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
    <log>{trace(1, event("register"))}<trace>&secret;{event("check")}</trace></log>"""
    found = pieces(text)
    assert "hostname" not in repr(found)
    assert len(found) == 2


def test_a_large_log_is_read_in_little_memory() -> None:
    body = "".join(trace(n, *[event("check", instance=str(i)) for i in range(20)]) for n in range(1_500))
    mapping = msgspec.convert(MAPPING, XesMapping)
    stream = io.BytesIO((HEAD + body + "</log>").encode())
    before = resident_bytes()

    most = count = 0
    for count, _ in enumerate(SOURCE.read(stream, mapping, ZoneInfo("Europe/Amsterdam"), str), 1):
        if count % 5_000 == 0:
            most = max(most, resident_bytes())

    assert count == 30_000
    assert most - before < 10_000_000


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_damage_anywhere_gives_events_rejections_or_an_honest_break(data: st.DataObject) -> None:
    raw = bytearray(
        (HEAD + trace(1, event("register"), event("check")) + trace(2, event("register")) + "</log>").encode()
    )
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    mapping = msgspec.convert(MAPPING, XesMapping)
    found: list[CaseEvent | Rejection] = []
    with contextlib.suppress(UnreadableError):
        found.extend(SOURCE.read(io.BytesIO(bytes(raw)), mapping, ZoneInfo("Europe/Amsterdam"), str))
    assert len(found) <= 4
