"""Timelines of what one receiver is told."""

from itertools import permutations
from typing import Any

import pytest

from alerting.delivery.process import DeliveryProcess, DeliverySettings
from streams.contracts.instants import from_ms
from streams.contracts.push import Push, PushReceipt, PushRequest
from streams.contracts.topics import PUSHES
from streams.engine.driver import Arrival, Restart, Run, Tick, drive

SECOND_MS = 1000
SETTINGS = DeliverySettings(retry_seconds=(10, 60), answer_seconds=300, answer_seconds_max=900, give_up_days=1)


def request(at_ms: int, push_id: str = "p1") -> Arrival:
    asked = PushRequest(
        push_id=push_id,
        receiver="pl/li",
        receiver_name="李主任",
        role="chief_representative",
        channel="webhook",
        reason="opened",
        finding_id="f1",
        subject="pl/2026-001",
        level="yellow",
        title="【黄牌】超过承诺时限",
        message="办件编号:pl/2026-001",
        raised_at=from_ms(at_ms),
        hall="pl",
        org="amr",
        version=at_ms * 1000,
        known_at=from_ms(at_ms),
    )
    return Arrival(at_ms, "pl/li", asked)


def receipt(at_ms: int, verdict: Any, attempt: int = 1, push_id: str = "p1") -> Arrival:
    answer = PushReceipt(
        push_id=push_id,
        receiver="pl/li",
        attempt=attempt,
        verdict=verdict,
        detail=f"said {verdict}",
        answered_at=from_ms(at_ms),
    )
    return Arrival(at_ms, "pl/li", answer)


def deliver(*steps: Any, settings: DeliverySettings = SETTINGS) -> Run:
    run = drive(DeliveryProcess(settings), steps)
    assert run.dead == []
    return run


def ledger(run: Run) -> list[tuple[str, int]]:
    pushes: list[Push] = run.bodies(PUSHES)
    return [(one.state, one.attempt) for one in pushes]


def test_a_push_is_due_at_once_and_over_when_it_is_sent(nine_ms: int) -> None:
    run = deliver(request(nine_ms), receipt(nine_ms + 40, "sent"), Tick(nine_ms + 10**9))
    assert ledger(run) == [("due", 1), ("sent", 1)]
    due, sent = run.bodies(PUSHES)
    assert (due.requested_at, due.answered_at, due.title) == (from_ms(nine_ms), None, "【黄牌】超过承诺时限")
    assert (sent.requested_at, sent.answered_at, sent.detail) == (from_ms(nine_ms), from_ms(nine_ms + 40), "said sent")
    assert run.sent[0].key == b"pl/li"


def test_a_failed_push_is_due_again_after_its_wait_and_not_a_millisecond_before(nine_ms: int) -> None:
    failed_ms = nine_ms + 40
    before = [request(nine_ms), receipt(failed_ms, "failed"), Tick(failed_ms + 10 * SECOND_MS - 1)]
    assert ledger(deliver(*before)) == [("due", 1), ("failed", 1)]
    assert ledger(deliver(*before, Tick(failed_ms + 10 * SECOND_MS))) == [("due", 1), ("failed", 1), ("due", 2)]


def test_after_as_many_failures_as_there_are_waits_and_one_more_it_is_dead(nine_ms: int) -> None:
    steps: list[Any] = [request(nine_ms)]
    at_ms = nine_ms
    for attempt in (1, 2, 3):
        steps += [receipt(at_ms + 5, "failed", attempt), Tick(at_ms + 100 * SECOND_MS)]
        at_ms += 100 * SECOND_MS
    run = deliver(*steps, Tick(at_ms + 10**8))
    assert ledger(run) == [("due", 1), ("failed", 1), ("due", 2), ("failed", 2), ("due", 3), ("dead", 3)]
    assert run.bodies(PUSHES)[-1].detail == "said failed"


def test_what_a_channel_refuses_for_good_is_dead_at_once(nine_ms: int) -> None:
    run = deliver(request(nine_ms), receipt(nine_ms + 5, "dead"), Tick(nine_ms + 10**8))
    assert ledger(run) == [("due", 1), ("dead", 1)]


def test_without_a_receipt_it_is_due_again_ever_more_seldom_and_that_is_no_failure(nine_ms: int) -> None:
    run = deliver(request(nine_ms), *(Tick(nine_ms + second * SECOND_MS) for second in range(0, 2800, 50)))
    dues = [int(one.known_at.timestamp()) - nine_ms // 1000 for one in run.bodies(PUSHES)]
    assert dues == [0, 300, 900, 1800, 2700]
    run.step(receipt(nine_ms + 2750 * SECOND_MS, "sent", 5))
    assert ledger(run)[-1] == ("sent", 5)


def test_what_is_not_through_in_time_is_given_up(nine_ms: int) -> None:
    run = deliver(request(nine_ms), Tick(nine_ms + 86_400_000 + 900_000))
    assert ledger(run)[-1][0] == "dead"
    assert run.bodies(PUSHES)[-1].detail == "gave up: not through in time"
    assert run.state("pl/li").waiting == {}


def test_a_request_that_comes_again_tells_nobody_again(nine_ms: int) -> None:
    later = nine_ms + 60 * SECOND_MS
    run = deliver(request(nine_ms), request(nine_ms + 1), receipt(nine_ms + 40, "sent"), Restart(), request(later))
    assert ledger(run) == [("due", 1), ("sent", 1)]


def test_a_receipt_that_comes_again_changes_nothing(nine_ms: int) -> None:
    failed = receipt(nine_ms + 5, "failed")
    run = deliver(request(nine_ms), failed, failed, receipt(nine_ms + 9, "sent"), receipt(nine_ms + 9, "sent"))
    assert ledger(run) == [("due", 1), ("failed", 1), ("sent", 1)]
    assert run.state("pl/li").early == []


def test_a_late_failure_of_an_attempt_that_was_repeated_since_changes_nothing(nine_ms: int) -> None:
    again_ms = nine_ms + 300 * SECOND_MS
    run = deliver(request(nine_ms), Tick(again_ms), receipt(again_ms + 1, "failed", 1))
    assert ledger(run) == [("due", 1), ("due", 2)]


def test_receipts_may_come_before_their_request_in_any_order(nine_ms: int) -> None:
    """A journal brings receipts back at once, and requests only when the alerts have been worked out again."""
    receipts = [receipt(nine_ms + 5, "failed"), receipt(nine_ms + 10_100, "sent", 2)]
    for order in permutations([request(nine_ms), *receipts]):
        run = deliver(*order, Tick(nine_ms + 10**8))
        assert ledger(run)[0] == ("due", 1)
        assert ledger(run)[-1] == ("sent", 2)
        assert sum(1 for state, _ in ledger(run) if state == "due") <= 2


def test_a_verdict_stands_above_what_an_earlier_life_has_stored_in_whatever_order_a_replay_comes(nine_ms: int) -> None:
    """In the store the highest version of a push stands, and versions are those of its receiver."""
    others = [request(nine_ms, f"p{number}") for number in (2, 3)]
    answered = receipt(nine_ms + 900, "sent")
    before = deliver(*others, request(nine_ms))
    replayed = deliver(answered, request(nine_ms), *others)
    (stored,) = (one for one in before.bodies(PUSHES) if one.push_id == "p1")
    (sent,) = (one for one in replayed.bodies(PUSHES) if one.state == "sent")
    (lived,) = (one for one in deliver(*others, request(nine_ms), answered).bodies(PUSHES) if one.state == "sent")
    assert sent.version > stored.version
    assert sent == lived


def test_two_early_failures_count_as_two(nine_ms: int) -> None:
    run = deliver(receipt(nine_ms + 5, "failed"), receipt(nine_ms + 10_100, "failed", 2), request(nine_ms))
    assert ledger(run) == [("due", 1), ("failed", 1), ("failed", 2)]
    assert run.state("pl/li").waiting["p1"].failures == 2


def test_an_early_receipt_of_another_push_waits_on(nine_ms: int) -> None:
    run = deliver(receipt(nine_ms + 5, "sent", 1, "p2"), request(nine_ms + 6), Restart(), request(nine_ms + 7, "p2"))
    ends = [(one.push_id, one.state) for one in run.bodies(PUSHES)]
    assert ends == [("p1", "due"), ("p2", "due"), ("p2", "sent")]


def test_one_push_does_not_wait_for_another(nine_ms: int) -> None:
    run = deliver(
        request(nine_ms),
        receipt(nine_ms + 1, "failed"),
        request(nine_ms + 2, "p2"),
        receipt(nine_ms + 3, "sent", 1, "p2"),
        Tick(nine_ms + 10_001),
    )
    ends = [(one.push_id, one.state, one.attempt) for one in run.bodies(PUSHES)]
    assert ends[2:] == [("p2", "due", 1), ("p2", "sent", 1), ("p1", "due", 2)]


def test_finished_pushes_are_remembered_for_their_time_and_up_to_their_number(nine_ms: int) -> None:
    few = DeliverySettings(remember_max=2, remember_days=1)
    steps: list[Any] = []
    for place in range(3):
        steps += [request(nine_ms + place, f"p{place}"), receipt(nine_ms + place, "sent", 1, f"p{place}")]
    run = deliver(*steps, settings=few)
    assert list(run.state("pl/li").finished) == ["p1", "p2"]
    run.step(request(nine_ms + 86_400_000 + 2, "p9"))
    assert list(run.state("pl/li").finished) == ["p2"]


def test_early_receipts_are_let_go_in_the_end(nine_ms: int) -> None:
    run = deliver(receipt(nine_ms, "sent"), request(nine_ms + 31 * 86_400_000, "p2"))
    assert run.state("pl/li").early == []


@pytest.mark.parametrize("verdict", ["sent", "failed", "dead"])
def test_a_restart_between_request_and_receipt_changes_no_byte(nine_ms: int, verdict: str) -> None:
    steps = [request(nine_ms), receipt(nine_ms + 40, verdict)]
    assert deliver(*steps).sent == deliver(steps[0], Restart(), steps[1]).sent
