from streams.rules.time_limit.late_part import RULE
from tests.streams.processes.case.joint_hall import LEAD, OTHER, PART, JointDesk, handed_over, told


def test_every_late_part_is_a_finding_of_its_own() -> None:
    desk = JointDesk()
    desk.take(told("Accepted", "2026-03-02 10:00"), handed_over("2026-03-03 10:00"))
    desk.take(handed_over("2026-03-03 10:00", OTHER))
    desk.wait("2026-03-20 00:00")
    parts = [finding.part for finding in desk.fold(LEAD).findings if finding.rule == RULE.id]
    assert parts == [f"part:{PART}", f"part:{OTHER}"]
