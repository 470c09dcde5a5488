from streams.rules.time_limit.joint_child import RULE
from tests.streams.processes.case.cases import event, hall, judged


def test_a_part_has_its_card_besides_that_of_its_own_promise() -> None:
    events = [
        event("Accepted", "2018-10-15 10:00"),
        event("Linked", "2018-10-16 10:00", other_case_no="hall/lead", role="parent"),
    ]
    fold = judged(events, "2018-10-30 00:00", hall(7, None))
    assert sorted(finding.rule for finding in fold.findings) == ["TIME-01", RULE.id]
