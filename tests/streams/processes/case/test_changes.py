import pytest

from tests.streams.processes.case.cases import dues, event, found, hall, judged, ms, remarks, text

ACCEPTED = event("Accepted", "2026-03-02 10:00")


@pytest.mark.parametrize("result", ["granted", "refused", "done"])
def test_granted_refused_and_done_are_finishes(result: str) -> None:
    fold = judged([ACCEPTED, event("Finished", "2026-03-04 10:00", result=result)], "2026-05-01 00:00")
    assert fold.state() == "finished"
    assert found(fold) == []


@pytest.mark.parametrize(
    "stop",
    [
        event("Finished", "2026-03-12 10:00", result="returned"),
        event("Finished", "2026-03-12 10:00", result="voided"),
        event("Finished", "2026-03-12 10:00", result="deleted"),
        event("Withdrawn", "2026-03-12 10:00"),
        event("Abandoned", "2026-03-12 10:00"),
    ],
)
def test_every_other_end_stops_the_clocks_and_leaves_what_was_found_standing(stop: object) -> None:
    fold = judged([ACCEPTED, stop], "2026-05-01 00:00")  # type: ignore[list-item]
    assert fold.state() == "stopped"
    assert found(fold) == [("warn", "03-09 08:30"), ("yellow", "03-11 18:00")]
    assert fold.findings[0].spans[-1].ended_ms == ms("2026-03-12 10:00")


def test_the_clocks_stop_at_the_decision_and_not_at_the_finish() -> None:
    finish = event("Finished", "2026-03-13 10:00", decided_at="2026-03-11 17:59")
    assert found(judged([ACCEPTED, finish], "2026-05-01 00:00")) == [("warn", "03-09 08:30")]


def test_the_first_acceptance_counts_and_a_later_date_sent_again_moves_nothing() -> None:
    again = event("Accepted", "2026-03-05 10:00")
    assert dues(judged([ACCEPTED, again], "2026-03-06 00:00"))["promise"] == "03-11 18:00"


def test_the_first_finish_counts_and_the_second_is_remarked() -> None:
    finishes = [event("Finished", "2026-03-04 10:00"), event("Finished", "2026-03-20 10:00")]
    fold = judged([ACCEPTED, *finishes], "2026-05-01 00:00")
    assert fold.finished_ms == ms("2026-03-04 10:00")
    assert remarks(fold) == ["finished_twice"]


def test_a_stop_without_a_time_of_day_is_judged_by_its_date() -> None:
    office = hall(7, None)
    in_time = event("Finished", "2026-03-11 00:00", date_only=True)
    assert [level for level, _ in found(judged([ACCEPTED, in_time], "2026-05-01 00:00", office))] == ["warn"]
    late = event("Finished", "2026-03-12 00:00", date_only=True)
    assert [level for level, _ in found(judged([ACCEPTED, late], "2026-05-01 00:00", office))] == ["warn", "yellow"]


def test_a_date_without_a_time_finishes_a_case_accepted_later_that_day() -> None:
    finish = event("Finished", "2026-03-02 00:00", date_only=True)
    fold = judged([ACCEPTED, finish], "2026-05-01 00:00")
    assert remarks(fold) == []
    assert {clock.state() for clock in fold.clocks} == {"stopped"}


def test_a_finish_before_acceptance_is_remarked_and_runs_no_clock() -> None:
    fold = judged([ACCEPTED, event("Finished", "2026-03-01 10:00")], "2026-05-01 00:00")
    assert remarks(fold) == ["finished_before_accepted"]
    assert found(fold) == []
    assert {clock.state() for clock in fold.clocks} == {"stopped"}


def test_a_case_accepted_after_a_refusal_goes_on() -> None:
    events = [event("Refused", "2026-03-01 10:00"), ACCEPTED]
    assert judged(events, "2026-03-03 00:00").state() == "accepted"


def test_a_refusal_after_acceptance_changes_nothing() -> None:
    assert judged([ACCEPTED, event("Refused", "2026-03-03 10:00")], "2026-03-04 00:00").state() == "accepted"


def test_delivery_runs_from_a_granting_decision_with_a_document_until_the_first_of_its_ends() -> None:
    granted = event("Finished", "2026-03-04 10:00", result="granted", document=True)
    fold = judged([ACCEPTED, granted], "2026-03-05 00:00")
    assert dues(fold)["delivery"] == "03-18 18:00"
    ready = judged([ACCEPTED, granted, event("ResultReady", "2026-03-06 10:00")], "2026-05-01 00:00")
    clock = ready.clock("delivery")
    assert clock is not None
    assert text(clock.stopped_ms or 0) == "03-06 10:00"


@pytest.mark.parametrize(
    "finish",
    [
        event("Finished", "2026-03-04 10:00", result="granted"),
        event("Finished", "2026-03-04 10:00", result="refused", document=True),
    ],
)
def test_without_a_document_or_without_a_grant_nothing_is_to_be_delivered(finish: object) -> None:
    assert judged([ACCEPTED, finish], "2026-03-05 00:00").clock("delivery") is None  # type: ignore[list-item]


def test_what_was_handed_over_with_the_decision_needs_no_delivery() -> None:
    events = [
        event("Delivered", "2026-03-04 09:00"),
        event("Finished", "2026-03-04 10:00", result="granted", document=True),
    ]
    assert judged([ACCEPTED, *events], "2026-03-05 00:00").clock("delivery") is None


def test_who_acts_last_is_kept_but_the_responsible_org_and_item_stay_those_of_acceptance() -> None:
    step = event("StepStarted", "2026-03-03 10:00", step="审核", org="other", item="other", window="B2", staff="p9")
    fold = judged([ACCEPTED, step], "2026-03-04 00:00")
    assert (fold.org, fold.item, fold.window, fold.staff) == ("org", "licence", "B2", "p9")


def test_an_extension_on_the_day_of_an_end_without_a_time_is_told_of_and_blames_nobody() -> None:
    finished = event("Finished", "2018-10-17 00:00", date_only=True)
    extended = event("Extended", "2018-10-17 13:00", days=3, approver="局长")
    fold = judged([event("Accepted", "2018-10-15 10:00"), finished, extended], "2018-10-18 00:00")
    assert remarks(fold) == ["on_the_day_of_the_end"]
    assert not any(clock.extensions for clock in fold.clocks)
    assert fold.findings == []


def test_before_acceptance_the_last_item_that_was_named_counts_and_afterwards_none() -> None:
    received = event("Applied", "2026-03-02 10:00", org="", item="")
    named = event("StepStarted", "2026-03-03 10:00", step="review")
    late = event("StepStarted", "2026-03-05 10:00", step="decision", item="other")
    fold = judged([received, named, event("Accepted", "2026-03-04 10:00", item=""), late], "2026-03-06 00:00")
    assert (fold.org, fold.item) == ("org", "licence")
    assert set(dues(fold)) >= {"promise", "statutory"}


def test_an_extension_behind_the_due_is_too_late_whichever_came_first_on_the_day_of_the_end() -> None:
    finished = event("Finished", "2018-11-14 00:00", date_only=True)
    extended = event("Extended", "2018-11-14 15:34", days=3, approver="局长")
    fold = judged([event("Accepted", "2018-10-15 10:00"), finished, extended], "2018-11-15 00:00")
    assert remarks(fold) == ["extension_after_due"]
    assert [finding.rule for finding in fold.findings if not finding.clock] == ["PROC-07"]


def test_a_decision_said_to_be_without_a_document_needs_no_delivery_whatever_the_item_says() -> None:
    granted = event("Finished", "2026-03-04 10:00", result="granted", document=False)
    assert judged([ACCEPTED, granted], "2026-03-05 00:00", hall(document=True)).clock("delivery") is None


def test_a_file_collected_by_another_site_starts_its_acceptance_clock_anew_at_the_handling_org() -> None:
    received = event("Applied", "2026-03-02 10:00", site="elsewhere")
    collected = event("Accepted", "2026-03-02 10:00", site="elsewhere", entry="collect")
    handed_on = event("Applied", "2026-03-05 10:00", site="here")
    waiting = judged([received, collected], "2026-03-20 00:00")
    assert [clock.state() for clock in waiting.clocks] == ["void"]
    assert found(waiting) == []
    fold = judged([received, collected, handed_on], "2026-03-05 11:00")
    assert dues(fold) == {"acceptance": "03-12 18:00"}
    accepted = judged([received, collected, handed_on, event("Accepted", "2026-03-09 10:00")], "2026-03-09 11:00")
    assert found(accepted) == []
    assert dues(accepted)["promise"] == "03-18 18:00"
