from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given

from streams.contracts.case_event import Accepted, CaseEvent, Finished
from streams.contracts.codec import decode, encode
from streams.contracts.errors import UnreadableError
from streams.contracts.topics import CASE_EVENTS

KINDS = get_args(CaseEvent)
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_event_comes_back_from_its_topic_as_it_went(kind: Any, any_of: Callable[[Any], Any]) -> None:
    @given(value=any_of(kind))
    def comes_back(value: Any) -> None:
        again = decode(CASE_EVENTS, encode(value))
        assert again == value
        assert type(again) is kind

    comes_back()


def test_every_kind_has_a_tag_of_its_own_that_says_case() -> None:
    tags = [kind.__struct_config__.tag for kind in KINDS]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith("case.") for tag in tags)


def test_the_union_holds_every_kind_that_the_module_defines() -> None:
    envelope = KINDS[0].__mro__[1]
    assert set(envelope.__subclasses__()) == set(KINDS)


def test_json_tells_the_kind_and_leaves_out_what_is_not_said() -> None:
    event = Accepted(event_id="e", feed="f", case_no="h/1", occurred_at=AT)
    assert encode(event) == (
        b'{"kind":"case.accepted","event_id":"e","feed":"f","case_no":"h/1","occurred_at":"2026-03-02T01:00:00Z"}'
    )


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ('{"kind":"case.unheard_of","event_id":"e"}', "kind"),
        ('{"kind":"case.applied","event_id":"e","feed":"f","case_no":"h/1","occurred_at":"2026-03-02T09:00:00"}',
         "occurred_at"),
        ('{"kind":"case.evaluated","event_id":"e","feed":"f","case_no":"h/1","occurred_at":"2026-03-02T01:00:00Z",'
         '"level":"good"}', "level"),
        ('{"kind":"case.finished","event_id":"e","feed":"f","case_no":"h/1","occurred_at":"2026-03-02T01:00:00Z",'
         '"result":"perhaps"}', "result"),
    ],
    ids=["unknown kind", "stamp without an offset", "text for a number", "unknown result"],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(raw: str, field: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(CASE_EVENTS, raw.encode())
    assert caught.value.field == field


def test_an_event_without_a_case_number_is_refused_by_name() -> None:
    with pytest.raises(UnreadableError, match=r"^case_no: "):
        decode(CASE_EVENTS, b'{"kind":"case.applied","event_id":"e","feed":"f","occurred_at":"2026-03-02T01:00:00Z"}')


def test_an_event_cannot_be_changed() -> None:
    event = Finished(event_id="e", feed="f", case_no="h/1", occurred_at=AT)
    with pytest.raises(AttributeError):
        event.result = "granted"  # type: ignore[misc]
