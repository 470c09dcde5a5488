"""The page on clocks, section 10 (order and repeats): one test a sentence."""

from itertools import combinations
from typing import Any

import pytest

from streams.contracts.case_event import CaseEvent
from streams.processes.case.essence import essence_of
from tests.streams.processes.case.cases import dues, event, hall, judged, ms, remarks
from tests.streams.processes.case.pages import run_of

WHEN = "2026-03-02 10:00"
RANKED: list[tuple[str, dict[str, Any]]] = [
    ("Applied", {}),
    ("Accepted", {}),
    ("CorrectionNotified", {}),
    ("CorrectionCompleted", {}),
    ("Extended", {}),
    ("Suspended", {}),
    ("Resumed", {}),
    ("StepStarted", {"step": "审核"}),
    ("StepEnded", {"step": "审核"}),
    ("PassedUp", {}),
    ("Finished", {}),
    ("ResultReady", {}),
    ("Delivered", {}),
]
"""The order at equal stamps; what stands before acceptance has its tests below."""


def made(kind: str, fields: dict[str, Any]) -> CaseEvent:
    return event(kind, WHEN, **fields)


@pytest.mark.parametrize(("first", "second"), list(combinations(RANKED, 2)))
def test_at_equal_stamps_the_kinds_have_their_rank(first: Any, second: Any) -> None:
    assert essence_of(made(*first)).order() < essence_of(made(*second)).order()


def test_a_refusal_ranks_like_an_acceptance() -> None:
    ranks = [essence_of(event(kind, WHEN)).rank for kind in ("Applied", "Refused", "CorrectionNotified")]
    assert ranks == sorted(ranks)


def test_a_whole_case_in_one_instant_is_judged_in_its_order() -> None:
    events = [event(kind, WHEN) for kind in ("Finished", "Accepted", "Applied")]
    fold = judged(events, "2026-03-02 11:00")
    assert (fold.state(), remarks(fold)) == ("finished", [])


def test_events_later_than_until_wait() -> None:
    events = [event("Accepted", WHEN), event("Finished", "2026-03-04 10:00")]
    assert judged(events, "2026-03-04 09:59:59.999").state() == "accepted"
    assert judged(events, "2026-03-04 10:00").state() == "finished"


@pytest.mark.parametrize("turned", [False, True])
def test_the_first_finish_counts(turned: bool) -> None:
    finishes = [event("Finished", "2026-03-04 10:00"), event("Finished", "2026-03-20 10:00", result="refused")]
    fold = judged([event("Accepted", WHEN), *(reversed(finishes) if turned else finishes)], "2026-05-01 00:00")
    assert (fold.finished_ms, fold.result) == (ms("2026-03-04 10:00"), "done")
    assert remarks(fold) == ["finished_twice"]


def test_a_second_finish_with_a_higher_version_of_the_same_row_replaces_the_first() -> None:
    finishes = [
        event("Finished", "2026-03-04 10:00", event_id="row", data_version=1),
        event("Finished", "2026-03-05 10:00", event_id="row", data_version=2),
    ]
    fold = judged([event("Accepted", WHEN), *finishes], "2026-05-01 00:00", hall())
    assert (fold.finished_ms, remarks(fold)) == (ms("2026-03-05 10:00"), [])


def test_at_equal_stamps_a_notice_and_its_completion_before_acceptance_come_before_it() -> None:
    events = [event(kind, WHEN) for kind in ("Applied", "CorrectionNotified", "CorrectionCompleted", "Accepted")]
    fold = judged(events, "2026-03-02 11:00")
    assert (fold.epoch, fold.state()) == (1, "accepted")
    assert dues(fold)["promise"] == "03-11 18:00"
    assert run_of(fold, "promise").skips == ()


def test_a_notice_at_the_stamp_of_the_acceptance_that_is_completed_later_is_one_after_it() -> None:
    events = [event(kind, WHEN) for kind in ("Applied", "CorrectionNotified", "Accepted")]
    assert judged(events, "2026-03-02 11:00").state() == "waiting"
    completed = event("CorrectionCompleted", "2026-03-04 10:00")
    assert judged([*events, completed], "2026-03-04 11:00").epoch == 2
