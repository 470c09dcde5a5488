from typing import TYPE_CHECKING

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from dashboards.console.intake import BODY_MAX_BYTES
from dashboards.console.lines import REASONS_MAX
from dashboards.web_parts import Refusal

if TYPE_CHECKING:
    from tests.dashboards.conftest import Stack

MARK = b'{"kind":"mark.horizon","feed":"f","horizon_at":"2026-11-23T09:00:00+08:00"}'
LETTER = b'{"letter_id":"l1","place":"a.csv line 3","source":"csv","reason":"no such date","raw":"AAE="}'


def event(number: int) -> bytes:
    return (
        b'{"kind":"case.applied","event_id":"e%d","feed":"f","case_no":"pl/1",'
        b'"occurred_at":"2026-11-23T09:00:00+08:00"}' % number
    )


def test_events_are_counted_when_they_are_kept(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/intake/events", content=event(1) + b"\n" + event(2), headers=allowed)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 2, "dead": 0, "refused": []})
    assert [kept.event_id for kept in stack.events] == ["e1", "e2"]


def test_a_line_that_is_refused_is_kept_as_a_dead_letter_and_the_rest_goes_on(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    stack.refusals = [Refusal(1, "a date of 1948", "occurred_at")]
    body = b"\n".join([event(1), b"{broken", event(2), event(3)])
    answer = client.post("/api/intake/events?source=kiosk", content=body, headers=allowed).json()
    assert (answer["accepted"], answer["dead"]) == (2, 2)
    assert [(refused["line"], refused["field"]) for refused in answer["refused"]] == [(2, ""), (3, "occurred_at")]
    assert [kept.event_id for kept in stack.events] == ["e1", "e3"]
    assert {(letter.place, letter.raw) for letter in stack.letters} == {
        ("kiosk line 2", b"{broken"),
        ("kiosk line 3", event(2)),
    }


def test_all_refused_lines_are_counted_and_the_first_ones_told(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/intake/events", content=b"x\n" * 50, headers=allowed).json()
    assert (answer["accepted"], answer["dead"], len(answer["refused"])) == (0, 50, REASONS_MAX)
    assert len(stack.letters) == 50


def test_a_journal_that_cannot_keep_them_refuses_the_batch_for_now(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    stack.store_up = False
    answer = client.post("/api/intake/events", content=event(1), headers=allowed)
    assert answer.status_code == 503
    assert stack.letters == []


def test_a_large_batch_is_taken_whole(client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]) -> None:
    body = b"\n".join(event(number) for number in range(100_000))
    assert len(body) > 10_000_000
    answer = client.post("/api/intake/events", content=body, headers=allowed)
    assert answer.json()["accepted"] == 100_000
    assert len(stack.events) == 100_000


@pytest.mark.parametrize("path", ["events", "marks", "dead-letters"])
@pytest.mark.parametrize("told_before", [True, False])
def test_a_batch_beyond_the_bound_is_refused_whole(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str], path: str, told_before: bool
) -> None:
    body = bytes(BODY_MAX_BYTES + 1)
    content = body if told_before else (body[start : start + 2**24] for start in range(0, len(body), 2**24))
    answer = client.post(f"/api/intake/{path}", content=content, headers=allowed)
    assert answer.status_code == 413
    assert answer.json()["error"]
    assert (stack.events, stack.letters, stack.marks) == ([], [], [])


def test_zeros_are_one_refused_line_with_its_length_as_the_reason(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/intake/events", content=bytes(4_000_000), headers=allowed).json()
    assert (answer["accepted"], answer["dead"]) == (0, 1)
    assert answer["refused"][0]["reason"] == "the line has 4000000 bytes, more than 1048576"
    assert [len(letter.raw) for letter in stack.letters] == [65_536]


def test_marks_go_to_the_topic_that_was_named(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/intake/marks", content=MARK + b"\n" + MARK, headers=allowed)
    assert answer.json()["accepted"] == 2
    assert [topic for topic, _ in stack.marks] == ["case-events", "case-events"]


def test_a_mark_for_an_unknown_topic_or_of_no_meaning_is_refused(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/intake/marks?topic=nowhere", content=MARK, headers=allowed)
    assert (answer.status_code, answer.json()["field"]) == (400, "topic")
    assert client.post("/api/intake/marks", content=b"{}", headers=allowed).status_code == 400
    assert stack.marks == []


def test_dead_letters_found_elsewhere_are_kept_and_an_unreadable_one_as_a_letter_of_its_own(
    client: TestClient[Litestar], stack: "Stack", allowed: dict[str, str]
) -> None:
    answer = client.post("/api/intake/dead-letters", content=LETTER + b"\n{}", headers=allowed).json()
    assert (answer["accepted"], answer["dead"]) == (1, 1)
    assert [letter.raw for letter in stack.letters] == [b"\x00\x01", b"{}"]
