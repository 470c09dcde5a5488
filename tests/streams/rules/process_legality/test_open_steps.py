from streams.rules.process_legality.open_steps import RULE
from tests.streams.processes.case.cases import event, judged


def test_several_open_steps_are_one_finding_of_the_finish_and_taking_back_a_case_is_none() -> None:
    begun = [event("Accepted", "2018-10-15 10:00")]
    begun += [event("StepStarted", "2018-10-15 11:00", step=step, event_id=step) for step in ("审查", "决定")]
    finished = judged([*begun, event("Finished", "2018-10-16 10:00")], "2018-10-17 00:00")
    assert [finding.rule for finding in finished.findings] == [RULE.id]
    taken_back = judged([*begun, event("Withdrawn", "2018-10-16 10:00")], "2018-10-17 00:00")
    assert taken_back.findings == []
