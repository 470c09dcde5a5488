from streams.contracts.case_signal import ChildChanged, ParentChanged
from tests.streams.processes.case.joint_hall import LEAD, PART, JointDesk, handed_over, told

ACCEPTED = told("Accepted", "2026-03-02 10:00")
HANDED = handed_over("2026-03-04 10:00")


def test_a_part_tells_its_lead_and_the_lead_its_part() -> None:
    desk = JointDesk()
    desk.take(ACCEPTED, HANDED)
    kinds = {(type(signal), signal.sender, signal.case_no) for signal in desk.signals}
    assert kinds == {(ChildChanged, PART, LEAD), (ParentChanged, LEAD, PART)}


def test_an_ordinary_case_tells_nobody() -> None:
    desk = JointDesk()
    desk.take(ACCEPTED)
    assert desk.signals == []


def test_revisions_grow_with_the_time_that_the_walk_has_reached() -> None:
    desk = JointDesk()
    desk.take(ACCEPTED, HANDED, told("Finished", "2026-03-05 10:00", PART))
    revisions = [signal.data_version for signal in desk.signals if signal.sender == PART]
    assert revisions == sorted(set(revisions))
    assert revisions[-1] >= desk.fold(PART).at_ms


def test_a_procedure_that_was_open_at_the_decision_is_told_as_ended() -> None:
    desk = JointDesk()
    desk.take(ACCEPTED, HANDED, told("Suspended", "2026-03-05 10:00", PART, ground="鉴定", announced_days=9))
    desk.take(told("Finished", "2026-03-06 10:00", PART))
    last = [signal for signal in desk.signals if signal.sender == PART][-1]
    assert last.procedures[0].to_at == last.ended_at
