from typing import Any, get_args

import msgspec
import pytest

from streams.contracts.case_event import CaseEvent
from streams.contracts.codec import decode, encode, identity
from streams.contracts.topics import CASE_EVENTS
from streams.processes.case.essence import Essence, business_ms, date_began, dated, essence_of, wins
from tests.streams.processes.case.cases import event, hall, ms

WHEN = "2026-03-02 10:00"
NEEDED: dict[str, dict[str, Any]] = {
    "StepStarted": {"step": "审核"},
    "StepEnded": {"step": "审核"},
    "MaterialRecorded": {"material": "身份证"},
    "FeeCharged": {"amount_cents": 100},
    "Evaluated": {"level": 5},
    "Linked": {"other_case_no": "hall/2", "role": "parent"},
    "Urged": {"until_at": WHEN},
    "WithdrawalConfirmed": {"finding_id": "f1"},
}
KINDS = [kind.__name__ for kind in get_args(CaseEvent)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_has_an_essence_that_survives_its_bytes(kind: str) -> None:
    essence = essence_of(event(kind, WHEN, **NEEDED.get(kind, {})))
    assert essence.at_ms == ms(WHEN)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(essence), type=Essence) == essence


@pytest.mark.parametrize("kind", KINDS)
def test_an_essence_with_ordinary_codes_takes_about_a_hundred_bytes(kind: str) -> None:
    envelope = {"event_id": identity("feed", "row"), "site": "s1", "window": "A012", "staff": "p1234"}
    essence = essence_of(event(kind, WHEN, **envelope, **NEEDED.get(kind, {})))
    assert len(msgspec.msgpack.encode(essence)) <= 110


def test_essences_share_the_codes_and_names_that_many_have() -> None:
    one, other = (essence_of(decode(CASE_EVENTS, encode(event("StepStarted", WHEN, step="审核")))) for _ in range(2))
    assert one.text is other.text
    assert one.org is other.org


def test_a_finish_stands_at_its_decision() -> None:
    finish = event("Finished", "2026-03-05 10:00", decided_at="2026-03-04 16:00")
    assert business_ms(finish) == essence_of(finish).at_ms == ms("2026-03-04 16:00")
    assert business_ms(event("Finished", "2026-03-05 10:00")) == ms("2026-03-05 10:00")


def test_the_higher_source_version_wins_and_an_equal_form_brings_nothing() -> None:
    one, two = (essence_of(event("Accepted", WHEN, data_version=version)) for version in (1, 2))
    assert wins(two, one)
    assert not wins(one, two)
    assert not wins(one, one)


def test_of_two_different_forms_with_one_version_exactly_one_wins() -> None:
    one, two = (essence_of(event("Accepted", WHEN, event_id="a", staff=staff)) for staff in ("p1", "p2"))
    assert wins(one, two) != wins(two, one)


def test_only_what_came_without_a_time_of_day_is_put_at_the_beginning_of_its_date() -> None:
    calendar = hall().calendar_of("")
    late, whole = (essence_of(event("Finished", "2018-10-24 23:59", date_only=dateless)) for dateless in (False, True))
    assert dated(late, calendar) is late
    assert dated(whole, calendar).at_ms == date_began(whole.at_ms, calendar) == ms("2018-10-24 00:00")
