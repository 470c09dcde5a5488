from streams.rules.register.known_days import RULE
from tests.streams.processes.case.cases import event, judged


def test_a_case_outside_the_calendar_is_a_finding_without_a_clock() -> None:
    fold = judged([event("Accepted", "1999-05-03 10:00")], "1999-05-04 00:00")
    assert fold.clocks == []
    assert RULE.id in [finding.rule for finding in fold.findings]
