"""The page on clocks, section 7 (findings): one test a sentence."""

from datetime import date
from typing import Any, cast

import pytest

from streams.contracts.case import Case
from streams.contracts.finding import Finding
from streams.contracts.instants import to_ms
from streams.registry.snapshot import CalendarData, Feed
from tests.streams.processes.case.cases import CHINA, event, found, hall, judged, ms, text
from tests.streams.processes.case.test_process import Desk

ACCEPTED = event("Accepted", "2026-03-02 10:00")
"""With 7 and 10 working days due on 2026-03-11 and 2026-03-16; warned on 2026-03-09."""


def desk(*arguments: Any, **fields: Any) -> Desk:
    opened = Desk(hall(*arguments, **fields))
    opened.take(ACCEPTED)
    return opened


def versions(of: Desk) -> list[Finding]:
    return [output.body for output in of.outputs if isinstance(output.body, Finding)]


def test_level_due_and_numbers_are_attributes_of_the_versions_of_one_identity() -> None:
    late = desk()
    late.wait("2026-03-17 00:00")
    told = versions(late)
    assert len({finding.finding_id for finding in told}) == 1
    assert [finding.level for finding in told] == ["warn", "yellow", "red"]
    assert len({finding.due_at for finding in told}) == 2


def test_the_identity_is_of_subject_ladder_clock_run_and_epoch() -> None:
    late = desk(5, 30)
    late.take(event("CorrectionNotified", "2026-03-09 10:00"))
    late.take(event("CorrectionCompleted", "2026-03-12 10:00"))
    late.wait("2026-03-20 00:00")
    assert len({(finding.finding_id, finding.epoch) for finding in versions(late)}) == 2


def test_a_finding_holds_its_stretches_and_its_highest_level() -> None:
    late = desk()
    late.take(event("Finished", "2026-03-13 10:00"))
    finding = versions(late)[-1]
    stretches = [
        (one.level, text(to_ms(one.raised_at)), text(to_ms(one.ended_at or one.raised_at))) for one in finding.stretches
    ]
    assert stretches == [("warn", "03-09 08:30", "03-11 18:00"), ("yellow", "03-11 18:00", "03-13 10:00")]
    assert finding.highest == "yellow"


def test_judge_contains_every_stretch_that_was_true_even_if_the_finish_is_known_by_now() -> None:
    fold = judged([ACCEPTED, event("Finished", "2026-03-13 10:00")], "2026-05-01 00:00")
    assert found(fold) == [("warn", "03-09 08:30"), ("yellow", "03-11 18:00")]


def test_told_when_it_opens_and_when_its_level_rises() -> None:
    late = desk()
    late.wait("2026-03-17 00:00")
    assert [(finding.change, finding.tell) for finding in versions(late)] == [
        ("opened", True),
        ("raised", True),
        ("raised", True),
    ]


def test_told_when_it_opens_again_after_having_ended() -> None:
    again = desk(7, None)
    again.wait("2026-03-10 00:00")
    again.take(event("Extended", "2026-03-10 10:00", days=5, approver="局长"))
    again.wait("2026-03-17 00:00")
    assert [(finding.change, finding.tell) for finding in versions(again)] == [
        ("opened", True),
        ("ended", False),
        ("reopened", True),
    ]


def test_not_told_when_moved() -> None:
    moved = desk(None, 10)
    moved.wait("2026-03-12 12:00")
    moved.take(event("Suspended", "2026-03-12 13:00", announced_days=2, ground="鉴定"))
    assert (versions(moved)[-1].change, versions(moved)[-1].tell) == ("moved", False)


def test_not_told_what_a_finished_case_never_showed_while_open_but_recorded() -> None:
    finished = Desk()
    finished.take(event("Finished", "2026-03-13 10:00"))
    finished.take(ACCEPTED)
    last = versions(finished)[-1]
    assert [finding.tell for finding in versions(finished)] == [False]
    assert [stretch.level for stretch in last.stretches] == ["warn", "yellow"]


def test_a_level_of_a_finished_case_is_raised_when_it_was_true() -> None:
    finished = Desk()
    finished.take(event("Finished", "2026-03-13 10:00"))
    finished.take(ACCEPTED)
    assert text(to_ms(versions(finished)[-1].raised_at)) == "03-11 18:00"


def test_ended_stands_and_counts() -> None:
    late = desk()
    late.take(event("Finished", "2026-03-13 10:00"))
    finding = versions(late)[-1]
    assert (finding.state, finding.highest) == ("ended", "yellow")
    assert cast(Any, late.last("cases")).on_time is False


def test_withdrawn_was_never_true_and_is_told() -> None:
    late = desk(7, None)
    late.wait("2026-03-11 20:00")
    late.take(event("Finished", "2026-03-09 08:00"), "2026-03-11 20:00")
    finding = versions(late)[-1]
    assert (finding.state, finding.change, finding.tell) == ("withdrawn", "withdrawn", True)
    assert cast(Any, late.last("cases")).on_time is True


def test_withdrawal_is_automatic_for_a_calendar_correction() -> None:
    late = desk(7, None)
    late.wait("2026-03-12 08:00")
    free = {date(2026, 3, day): "" for day in (4, 5, 6)}
    corrected = CalendarData(code="china", zone="Asia/Shanghai", version="2", base="china", free=free)
    assert late.publish("2", hall(7, None, calendar=corrected), now="2026-03-12 08:00")[-1].startswith("withdrawn")


@pytest.mark.parametrize("arrival", ["2026-03-04 18:30", "2026-03-05 18:00", "2026-03-06 17:00"])
def test_withdrawal_is_automatic_for_a_finish_that_arrives_within_two_working_days(arrival: str) -> None:
    late = desk(2, None)
    late.wait(arrival)
    late.take(event("Finished", "2026-03-04 08:00"), now=arrival)
    assert versions(late)[-1].change == "withdrawn"


def test_a_warning_card_and_an_over_card_of_one_case_are_one_finding_scored_at_the_highest_level() -> None:
    late = desk()
    late.wait("2026-03-17 00:00")
    assert versions(late)[-1].highest == "red"
    assert len({finding.finding_id for finding in versions(late)}) == 1


def test_nothing_behind_the_end_of_a_file_is_found() -> None:
    filed = Desk(hall(7, None, feeds=(Feed(name="feed", way="file"),), calendar=CHINA))
    filed.take(ACCEPTED)
    assert versions(filed) == []
    assert filed.process.wake_at(filed.state) == ms("2026-03-09 08:30")


def test_order_independence_is_a_property_of_the_judgement_and_not_of_what_was_told() -> None:
    finish = event("Finished", "2026-03-10 10:00")
    straight, mixed = desk(7, None), desk(7, None)
    straight.take(finish)
    mixed.wait("2026-03-12 08:00")
    mixed.take(finish)
    assert straight.state.fold.findings == mixed.state.fold.findings
    assert [finding.change for finding in versions(straight)] != [finding.change for finding in versions(mixed)]


def test_a_withdrawal_of_the_yellow_that_leaves_the_warning_is_told_to_everyone_who_was_told() -> None:
    late = desk(7, None)
    late.wait("2026-03-12 08:00")
    late.take(event("Finished", "2026-03-10 10:00"), now="2026-03-12 08:00")
    assert versions(late)[-1].tell


@pytest.mark.parametrize(("passed", "charged"), [("2026-03-30 10:00", False), ("2026-04-10 10:00", True)])
def test_a_reported_cases_promise_is_charged_here_only_if_its_first_review_was_late(passed: str, charged: bool) -> None:
    reported = desk(7, None, case_class="reported")
    reported.take(event("PassedUp", passed))
    reported.take(event("Finished", "2026-04-20 10:00"))
    case = cast(Case, reported.last("cases"))
    assert case.on_time is (False if charged else None)
    (*_, card) = [finding for finding in versions(reported) if finding.clock == "promise"]
    assert (card.scored, card.scored_on) == ((True, "org") if charged else (False, ""))
