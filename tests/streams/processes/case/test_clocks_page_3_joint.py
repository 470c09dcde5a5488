"""The page on clocks, sections 2, 3, 4 and 7: joint cases; one test a sentence."""

from dataclasses import replace
from itertools import permutations

import pytest

from streams.contracts.case import Case
from streams.contracts.clock import Clock
from streams.contracts.finding import Finding
from streams.processes.case.joint import put_signal
from streams.registry.snapshot import HoursData, Org
from tests.streams.processes.case.cases import ms, policy, remarks, text
from tests.streams.processes.case.joint_hall import LEAD, OTHER, PART, JointDesk, handed_over, joint_hall, told

ACCEPTED = told("Accepted", "2026-03-02 10:00")
HANDED = handed_over("2026-03-04 10:00")


def joint(*events: object, until: str = "", **fields: object) -> JointDesk:
    desk = JointDesk(**fields)  # type: ignore[arg-type]
    desk.take(ACCEPTED, HANDED, *events)  # type: ignore[arg-type]
    if until:
        desk.wait(until)
    return desk


def test_a_joint_case_runs_from_the_leads_acceptance_for_forty_five_working_days() -> None:
    desk = JointDesk()
    desk.take(ACCEPTED)
    assert desk.due("joint_parent") == "05-08 18:00"


def test_a_case_that_gets_a_part_is_a_joint_case_from_its_acceptance() -> None:
    desk = JointDesk(joint_hall(case_class="promised"))
    desk.take(ACCEPTED)
    assert desk.fold().clock("joint_parent") is None
    desk.take(HANDED)
    assert desk.due("joint_parent") == "05-08 18:00"


def test_the_clock_of_the_whole_stops_with_the_last_decision() -> None:
    desk = joint(told("Finished", "2026-03-10 10:00"))
    assert (desk.fold().state(), desk.state("joint_parent")) == ("finished", "running")
    desk.take(told("Finished", "2026-03-11 10:00", PART))
    clock = desk.fold().clock("joint_parent")
    assert clock is not None
    assert clock.stopped_ms == ms("2026-03-11 10:00")


def test_the_leads_own_decision_is_the_last_where_its_parts_were_decided_before() -> None:
    desk = joint(told("Finished", "2026-03-06 10:00", PART))
    assert desk.state("joint_parent") == "running"
    desk.take(told("Finished", "2026-03-10 10:00"))
    clock = desk.fold().clock("joint_parent")
    assert clock is not None
    assert clock.stopped_ms == ms("2026-03-10 10:00")


def test_a_lead_that_is_taken_back_stops_all_its_clocks() -> None:
    desk = joint(told("Withdrawn", "2026-03-10 10:00"))
    assert desk.state("joint_parent") == "stopped"


def suspended(when: str, case_no: str, days: int = 5) -> object:
    return told("Suspended", when, case_no, ground="鉴定", announced_days=days)


def test_a_suspension_of_any_part_suspends_the_whole() -> None:
    desk = joint(suspended("2026-03-05 10:00", PART, 3))
    assert (desk.due("joint_parent"), desk.state("joint_parent")) == ("05-12 18:00", "suspended")
    assert desk.due("promise") == "03-30 18:00"
    desk.take(told("Resumed", "2026-03-06 10:00", PART))
    assert (desk.due("joint_parent"), desk.state("joint_parent")) == ("05-09 18:00", "running")


def test_suspensions_of_several_parts_are_taken_together_once() -> None:
    desk = joint(
        handed_over("2026-03-04 11:00", OTHER),
        suspended("2026-03-05 10:00", PART, 3),
        suspended("2026-03-06 10:00", OTHER, 3),
    )
    assert desk.due("joint_parent") == "05-13 18:00"


def test_a_correction_of_the_lead_begins_the_whole_anew_and_one_of_a_part_does_not() -> None:
    of_part = joint(
        told("CorrectionNotified", "2026-03-05 10:00", PART), told("CorrectionCompleted", "2026-03-09 10:00", PART)
    )
    assert of_part.due("joint_parent") == "05-08 18:00"
    of_lead = joint(told("CorrectionNotified", "2026-03-05 10:00"))
    assert of_lead.state("joint_parent") == "waiting"
    of_lead.take(told("CorrectionCompleted", "2026-03-09 10:00"))
    assert of_lead.due("joint_parent") == "05-14 18:00"


def test_a_joint_case_may_be_extended_by_fifteen_days() -> None:
    desk = joint(told("Extended", "2026-03-05 10:00", days=16, approver="市长"))
    assert desk.due("joint_parent") == "05-28 18:00"
    assert remarks(desk.fold()) == ["extension_over_cap"]


def test_a_part_runs_from_the_hand_over_by_its_own_limit() -> None:
    desk = joint()
    assert desk.due("joint_child", PART) == "03-11 18:00"


def test_a_part_is_due_no_later_than_the_leads_promise() -> None:
    desk = joint(registry=joint_hall(promise=4))
    assert (desk.due("promise"), desk.due("joint_child", PART)) == ("03-06 18:00", "03-06 18:00")
    clock = next(
        body
        for output in reversed(desk.outputs)
        if isinstance(body := output.body, Clock) and body.clock == "joint_child"
    )
    assert (clock.limit_amount, clock.used + clock.remaining) == (2, 2)
    assert [line.ground for line in clock.ledger][:2] == ["start", "parent_due"]


def test_a_part_without_a_limit_of_its_own_is_due_with_the_leads_promise() -> None:
    desk = joint(registry=joint_hall(part_promise=None))
    assert desk.due("joint_child", PART) == "03-30 18:00"


def test_a_part_moves_with_the_leads_promise_while_that_comes_first() -> None:
    desk = joint(suspended("2026-03-05 10:00", LEAD, 1), registry=joint_hall(promise=4))
    assert (desk.due("promise"), desk.due("joint_child", PART)) == ("03-09 18:00", "03-09 18:00")
    desk.take(told("Suspended", "2026-03-09 10:00", special_id="2", ground="鉴定", announced_days=9))
    assert desk.due("joint_child", PART) == "03-11 18:00"


def test_a_part_is_suspended_by_its_own_procedures_only() -> None:
    desk = joint(suspended("2026-03-05 10:00", PART, 2))
    assert desk.due("joint_child", PART) == "03-13 18:00"
    other = joint(suspended("2026-03-05 10:00", LEAD, 2))
    assert other.due("joint_child", PART) == "03-11 18:00"


def test_a_part_begins_anew_with_its_own_correction() -> None:
    desk = joint(
        told("CorrectionNotified", "2026-03-05 10:00", PART), told("CorrectionCompleted", "2026-03-09 10:00", PART)
    )
    assert desk.due("joint_child", PART) == "03-16 18:00"


def test_a_part_stops_with_its_own_finish() -> None:
    desk = joint(told("Finished", "2026-03-06 10:00", PART), until="2026-04-30 00:00")
    assert desk.state("joint_child", PART) == "stopped"
    assert desk.said(PART) == []


def test_the_whole_goes_by_the_leads_calendar_and_a_part_by_the_co_units() -> None:
    registry = joint_hall()
    week = HoursData(code="week", weekdays=dict.fromkeys(range(1, 6), ("08:00-16:00",)))
    orgs = (*registry.orgs[:1], Org(code="water", name_zh="水务局", hours="week"), *registry.orgs[2:])
    desk = joint(registry=replace(registry, orgs=orgs, hours=(*registry.hours, week)))
    assert (desk.due("joint_parent"), desk.due("joint_child", PART)) == ("05-08 18:00", "03-11 16:00")


def test_a_late_part_is_a_yellow_card_for_the_co_unit_and_a_warning_for_the_lead() -> None:
    desk = joint(until="2026-03-12 09:00")
    assert desk.said(PART) == ["TIME-08 opened warn", "TIME-08 raised yellow"]
    assert desk.said(LEAD) == ["TIME-19 opened warn"]
    findings = [output.body for output in desk.outputs if isinstance(output.body, Finding)]
    assert [(one.org, text(int(one.raised_at.timestamp() * 1000))) for one in findings[-2:]] == [
        ("water", "03-11 18:00"),
        ("org", "03-11 18:00"),
    ]
    assert PART in findings[-1].message_zh
    assert PART in findings[-1].message_en
    desk.take(told("Finished", "2026-03-13 10:00", PART))
    assert desk.said(LEAD)[-1] == "TIME-19 ended warn (not told)"


def test_the_leads_overdue_is_scored_on_the_unit_of_the_late_part_else_on_the_lead() -> None:
    days = policy(joint_days=8)
    with_late = joint(registry=joint_hall(policy=days), until="2026-03-13 00:00")
    in_time = joint(
        told("Finished", "2026-03-06 10:00", PART), registry=joint_hall(policy=days), until="2026-03-13 00:00"
    )
    for desk, org in ((with_late, "water"), (in_time, "org")):
        (card,) = [
            output.body
            for output in desk.outputs
            if isinstance(output.body, Finding) and (output.body.rule, output.body.level) == ("TIME-18", "yellow")
        ]
        assert (card.org, card.scored_on) == ("org", org)


def test_a_part_goes_by_the_hand_over_that_the_lead_tells_of() -> None:
    desk = JointDesk()
    desk.take(ACCEPTED, told("Applied", "2026-03-03 10:00", PART))
    desk.take(told("Linked", "2026-03-04 10:00", LEAD, other_case_no=PART, role="child"))
    assert desk.due("joint_child", PART) == "03-11 18:00"


# ---- signals


def test_a_signal_to_a_case_that_was_never_seen_is_harmless_and_waits_for_it() -> None:
    desk = JointDesk()
    desk.take(HANDED, suspended("2026-03-05 10:00", PART, 3))  # type: ignore[arg-type]
    assert desk.process.wake_at(desk.states[LEAD]) is None
    assert [output for output in desk.outputs if output.key == LEAD and output.topic.name != "case-signals"] == []
    desk.take(ACCEPTED, now="2026-03-06 10:00")
    desk.wait("2026-03-06 10:00")
    assert desk.due("joint_parent") == "05-12 18:00"


def test_signals_are_no_events_of_the_case() -> None:
    desk = joint(suspended("2026-03-05 10:00", PART, 3))
    cases = [output.body for output in desk.outputs if isinstance(output.body, Case) and output.key == LEAD]
    assert (cases[-1].events, cases[-1].last_event_at) == (1, ACCEPTED.occurred_at)


def test_a_signal_is_sent_only_when_it_is_news() -> None:
    desk = joint(told("StepStarted", "2026-03-05 10:00", PART, step="审查"), until="2026-03-06 00:00")
    before = len(desk.signals)
    desk.take(told("StepEnded", "2026-03-06 10:00", PART, step="审查"))
    assert len(desk.signals) == before
    assert before <= 4  # the hand-over and the promise, each told once to the other side


def test_signals_that_come_twice_tell_nothing_twice() -> None:
    events = (suspended("2026-03-05 10:00", PART, 3), told("Resumed", "2026-03-06 10:00", PART))
    once, twice = joint(*events, until="2026-06-30 00:00"), joint(*events, copies=2, until="2026-06-30 00:00")
    assert (once.said(), once.said(PART)) == (twice.said(), twice.said(PART))
    assert len(once.outputs) == len(twice.outputs)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_signal_of_each_sender_counts_whatever_the_order(order: tuple[int, ...]) -> None:
    desk = joint(suspended("2026-03-05 10:00", PART, 3), told("Resumed", "2026-03-06 10:00", PART))
    told_lead = [signal for signal in desk.signals if signal.case_no == LEAD]
    assert len(told_lead) == 3
    tail: list[object] = []
    for index in order:
        put_signal(tail, told_lead[index])  # type: ignore[arg-type]
    straight: list[object] = []
    put_signal(straight, told_lead[-1])  # type: ignore[arg-type]
    assert tail == straight


def test_a_part_that_is_handed_to_another_lead_leaves_the_first_one() -> None:
    desk = joint()
    desk.take(handed_over("2026-03-04 10:00", data_version=1, other_case_no="hall/second"))
    desk.take(told("Finished", "2026-03-10 10:00"))
    assert desk.state("joint_parent") == "stopped"


def test_whatever_the_order_of_arrival_the_cases_of_a_joint_case_come_to_the_same() -> None:
    story = (
        ACCEPTED,
        HANDED,
        told("Suspended", "2026-03-05 10:00", PART, ground="鉴定", announced_days=3),
        told("Resumed", "2026-03-06 10:00", PART),
        told("Finished", "2026-03-16 10:00", PART),
    )
    ends = set()
    for order in permutations(story):
        desk = JointDesk(joint_hall(promise=8))
        for one in order:
            desk.take(one, now="2026-03-20 10:00")
        desk.wait("2026-03-20 10:00")
        cards = [
            tuple((span.level, span.raised_ms, span.ended_ms) for span in finding.spans)
            for case_no in (LEAD, PART)
            for finding in desk.fold(case_no).findings
            if finding.rule in ("TIME-08", "TIME-18", "TIME-19")
        ]
        ends.add((desk.due("joint_parent"), desk.due("joint_child", PART), tuple(sorted(cards, key=str))))
    assert len(ends) == 1
