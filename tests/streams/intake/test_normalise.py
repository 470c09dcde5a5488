from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from deploy.shipped import hall_folder
from streams.contracts.case_event import Accepted, CaseEvent
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import to_ms
from streams.intake.normalise import EVENT_BYTES_MAX, LEAD_MS, check_event, feeds_of
from streams.registry.loading import load_hall
from streams.registry.registry import Registry

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
GOOD: CaseEvent = Accepted(
    event_id="e", feed="f", case_no="pl/1", occurred_at=NOW, told_due_at=NOW + timedelta(days=30)
)
FEEDS = {"pl": ("f", "g"), "boston": ("b",)}


def check(event: CaseEvent, hall: str = "") -> None:
    check_event(event, now_ms=to_ms(NOW), feeds=FEEDS, hall=hall)


def test_a_sound_event_passes_with_its_promise_in_the_future() -> None:
    check(GOOD)
    check(GOOD, hall="pl")


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"event_id": ""}, "event_id", "is empty"),
        ({"feed": ""}, "feed", "is empty"),
        ({"case_no": ""}, "case_no", "is empty"),
        ({"case_no": "pl/" + "9" * 200}, "case_no", "more than 200"),
        ({"case_no": "\x00mark/1"}, "case_no", "cannot be printed"),
        ({"feed": "a\nb"}, "feed", "cannot be printed"),
        ({"case_no": "1"}, "case_no", "is not hall/number"),
        ({"case_no": "/1"}, "case_no", "is not hall/number"),
        ({"case_no": "pl/"}, "case_no", "is not hall/number"),
        ({"case_no": "nowhere/1"}, "case_no", "no hall 'nowhere' is in force; there are: boston, pl"),
        ({"feed": "x"}, "feed", "'x' is no feed of hall 'pl'; it has: f, g"),
        ({"feed": "b"}, "feed", "'b' is no feed of hall 'pl'"),
        ({"occurred_at": NOW.replace(year=1948)}, "occurred_at", "1948"),
        ({"told_due_at": NOW.replace(year=2101)}, "told_due_at", "2101"),
        ({"occurred_at": NOW + timedelta(milliseconds=LEAD_MS + 1)}, "occurred_at", "future"),
        ({"extra": {"note": "x" * EVENT_BYTES_MAX}}, "", "more than 262144 bytes"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], field: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as raised:
        check(msgspec.structs.replace(GOOD, **changes))
    assert raised.value.field == field


def test_a_source_may_be_ahead_by_the_lead() -> None:
    check(msgspec.structs.replace(GOOD, occurred_at=NOW + timedelta(milliseconds=LEAD_MS)))


def test_a_case_of_another_hall_is_refused() -> None:
    with pytest.raises(UnreadableError, match="belongs to hall 'pl', not 'boston'"):
        check(GOOD, hall="boston")


def test_without_any_hall_in_force_nothing_can_be_judged() -> None:
    with pytest.raises(UnreadableError, match="no hall 'pl' is in force; there are: none"):
        check_event(GOOD, now_ms=to_ms(NOW), feeds={})


def test_the_halls_and_feeds_are_those_of_the_registry_in_force() -> None:
    hall = load_hall(hall_folder("pingliang"))
    assert feeds_of(Registry("1", {"pingliang": hall})) == {"pingliang": ("approvals",)}
