"""The page on clocks, section 4, first half (post-acceptance correction, deemed acceptance): one test a sentence."""

from typing import Any

import pytest

from streams.contracts.case_event import CaseEvent
from streams.processes.case.fold import CaseFold
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Feed
from tests.streams.processes.case.cases import dues, event, found, hall, judged, limit, text
from tests.streams.processes.case.pages import fact, run_of
from tests.streams.processes.case.test_process import Desk

ACCEPTED = event("Accepted", "2026-03-02 10:00")
NOTICE = event("CorrectionNotified", "2026-03-04 10:00")
COMPLETION = event("CorrectionCompleted", "2026-03-12 10:00")
G5 = hall(5, 20)
CALENDAR_DAYS = hall(limit(4, "calendar_days"), None)


def runs(fold: CaseFold) -> list[tuple[str, int, str]]:
    return [(clock.name, clock.epoch, text(clock.due_ms)) for clock in fold.clocks]


def test_from_notice_to_completion_the_case_clocks_stand_still() -> None:
    early = judged([ACCEPTED, NOTICE], "2026-03-04 11:00", G5)
    late = judged([ACCEPTED, NOTICE], "2026-05-29 11:00", G5)
    assert fact(early, "promise", G5).used == fact(late, "promise", G5).used == 2
    assert fact(early, "statutory", G5).used == fact(late, "statutory", G5).used == 2


def test_from_notice_to_completion_nothing_is_raised() -> None:
    assert found(judged([ACCEPTED, NOTICE], "2026-12-01 00:00", G5)) == []


def test_completion_starts_a_new_promise_epoch_with_the_full_limit() -> None:
    fold = judged([ACCEPTED, NOTICE, COMPLETION], "2026-03-12 11:00", G5)
    assert runs(fold)[-1] == ("promise", 2, "03-19 18:00")


def test_the_statutory_clock_keeps_its_used_days_and_skips_only_the_waiting() -> None:
    fold = judged([ACCEPTED, NOTICE, COMPLETION], "2026-03-13 11:00", G5)
    assert fact(fold, "statutory", G5).used == 3
    assert dues(fold)["statutory"] == "04-08 18:00"


def test_a_notice_after_due_heals_nothing() -> None:
    events = [
        ACCEPTED,
        event("CorrectionNotified", "2026-03-10 10:00"),
        event("CorrectionCompleted", "2026-03-12 10:00"),
    ]
    fold = judged(events, "2026-03-12 11:00", G5)
    assert runs(fold)[0] == ("promise", 1, "03-09 18:00")
    assert run_of(fold, "promise").is_open()


def test_any_overdue_epoch_makes_the_case_late() -> None:
    desk = Desk(G5)
    for kind, when in (
        ("Accepted", "2026-03-02 10:00"),
        ("CorrectionNotified", "2026-03-04 10:00"),
        ("CorrectionCompleted", "2026-03-12 10:00"),
        ("Finished", "2026-03-20 10:00"),
    ):
        desk.take(event(kind, when))
    case: Any = desk.last("cases")
    assert case.on_time is False


@pytest.mark.parametrize("when", ["2026-03-03 10:00", "2026-03-12 10:00"])
def test_a_completion_without_its_notice_has_no_effect(when: str) -> None:
    fold = judged([ACCEPTED, event("CorrectionCompleted", when)], "2026-03-12 11:00", G5)
    assert runs(fold) == [("promise", 1, "03-09 18:00"), ("statutory", 1, "03-30 18:00")]


def test_a_completion_before_its_notice_has_no_effect() -> None:
    events = [ACCEPTED, event("CorrectionCompleted", "2026-03-03 10:00"), NOTICE]
    assert judged(events, "2026-03-05 10:00", G5).state() == "waiting"


def test_a_case_that_is_never_completed_waits_outside_on_time_figures() -> None:
    desk = Desk(G5)
    desk.take(ACCEPTED)
    desk.take(NOTICE)
    desk.wait("2027-03-01 00:00")
    case: Any = desk.last("cases")
    assert (case.state, case.on_time) == ("waiting", None)


RECEIVED = event("Applied", "2026-09-24 10:00")


def silent(promise: int | None = 3, item_type: str = "01", full: bool = True) -> HallRegistry:
    return hall(promise, 20, feeds=(Feed(name="feed", full_profile=full),), item_type=item_type)


def judged_silent(*events: CaseEvent, until: str = "2026-10-12 00:00", **of: Any) -> CaseFold:
    return judged([RECEIVED, *events], until, silent(**of))


def test_deemed_acceptance_takes_effect_at_the_due_of_the_acceptance_clock() -> None:
    assert judged_silent(until="2026-10-09 18:00").accepted_ms is None
    assert judged_silent(until="2026-10-09 18:00:00.001").accepted_ms is not None


def test_deemed_acceptance_counts_as_of_the_receipt() -> None:
    assert dues(judged_silent())["statutory"] == "10-29 18:00"


@pytest.mark.parametrize("of", [{"item_type": "05"}, {"full": False}])
def test_others_than_licence_items_of_full_profile_feeds_get_the_acceptance_finding_only(of: dict[str, Any]) -> None:
    fold = judged_silent(**of)
    assert fold.accepted_ms is None
    assert [finding.rule for finding in fold.findings] == ["TIME-05"]


def test_clocks_that_start_so_raise_nothing_before_the_effect() -> None:
    fold = judged_silent()
    own = [finding for finding in fold.findings if finding.clock != "acceptance"]
    assert [text(span.raised_ms) for finding in own for span in finding.spans] == ["10-09 18:00"]


@pytest.mark.parametrize(
    ("when", "change"), [("2026-09-25 10:00", "moved yellow"), ("2026-10-09 18:00", "withdrawn yellow")]
)
def test_an_acceptance_dated_at_or_before_the_effect_that_arrives_later_withdraws_it(when: str, change: str) -> None:
    desk = Desk(silent())
    desk.take(RECEIVED)
    desk.wait("2026-10-12 00:00")
    changes = desk.take(event("Accepted", when), "2026-10-12 09:00")
    # After more than two working days the finding's withdrawal is proposed; the acceptance itself counts at once.
    assert any(said.startswith(change) for said in changes)
    assert text(desk.state.fold.accepted_ms or 0) == when[5:]


@pytest.mark.parametrize("kind", ["Refused", "CorrectionNotified"])
def test_a_refusal_or_notice_dated_at_or_before_the_effect_that_arrives_later_withdraws_it(kind: str) -> None:
    desk = Desk(silent())
    desk.take(RECEIVED)
    desk.wait("2026-10-12 00:00")
    desk.take(event(kind, "2026-10-08 10:00"))
    assert desk.state.fold.accepted_ms is None


def test_an_acceptance_dated_after_the_effect_keeps_the_receipt_date() -> None:
    fold = judged_silent(event("Accepted", "2026-10-10 10:00"))
    assert text(fold.accepted_ms or 0) == "09-24 10:00"


def test_a_notice_dated_after_the_effect_only_pauses() -> None:
    events = [event("CorrectionNotified", "2026-10-12 10:00"), event("CorrectionCompleted", "2026-10-14 10:00")]
    fold = judged_silent(*events, until="2026-10-14 11:00", promise=15)
    assert runs(fold)[1:] == [("promise", 1, "10-26 18:00"), ("statutory", 1, "11-02 18:00")]


def test_after_silence_upon_a_supplement_the_case_is_accepted_as_of_the_supplement() -> None:
    events = [event("CorrectionNotified", "2026-09-25 10:00"), event("CorrectionCompleted", "2026-09-28 10:00")]
    assert text(judged_silent(*events, until="2026-10-20 00:00").accepted_ms or 0) == "09-28 10:00"


def test_a_receipt_outside_hours_counts_its_calendar_date() -> None:
    assert dues(judged([event("Applied", "2026-03-02 23:30")], "2026-03-03 00:00")) == {"acceptance": "03-09 18:00"}
    assert dues(judged([event("Applied", "2026-03-01 10:00")], "2026-03-03 00:00")) == {"acceptance": "03-06 18:00"}


def test_a_suspension_still_open_at_the_completion_suspends_the_new_epoch_too() -> None:
    suspended = event("Suspended", "2026-03-03 10:00", announced_days=10, ground="鉴定")
    completed = event("CorrectionCompleted", "2026-03-05 10:00")
    fold = judged([ACCEPTED, suspended, NOTICE, completed], "2026-03-05 11:00", G5)
    assert runs(fold)[-1] == ("promise", 2, "03-24 18:00")


def test_the_end_of_a_suspension_reaches_the_new_epoch() -> None:
    events = [
        ACCEPTED,
        event("Suspended", "2026-03-03 10:00", announced_days=10, ground="鉴定"),
        NOTICE,
        event("CorrectionCompleted", "2026-03-05 10:00"),
        event("Resumed", "2026-03-10 10:00"),
    ]
    assert runs(judged(events, "2026-03-10 11:00", G5))[-1] == ("promise", 2, "03-17 18:00")


def test_a_warning_stands_while_the_case_waits_whatever_else_is_recorded() -> None:
    events = [
        event("Accepted", "2026-03-05 10:00"),
        event("CorrectionNotified", "2026-03-09 01:06"),
        event("Suspended", "2026-03-12 22:41", announced_days=15, ground="鉴定"),
    ]
    fold = judged(events, "2026-04-20 00:00", CALENDAR_DAYS)
    own = [finding for finding in fold.findings if finding.clock == "promise"]
    assert [span.ended_ms for finding in own for span in finding.spans] == [None]
