from streams.rules.time_limit.joint_case import RULE
from tests.streams.processes.case.cases import event, hall, judged, policy


def test_how_long_a_joint_case_may_take_is_a_setting() -> None:
    registry = hall(None, None, policy(joint_days=5), case_class="joint")
    fold = judged([event("Accepted", "2018-10-15 10:00")], "2018-10-23 00:00", registry)
    assert [finding.rule for finding in fold.findings if finding.clock] == [RULE.id]
