from streams.rules.register.missing_limit import RULE
from tests.streams.processes.case.cases import event, judged


def test_a_case_of_an_unknown_item_without_a_told_date_has_no_limit() -> None:
    fold = judged([event("Accepted", "2018-10-15 10:00", item="other")], "2018-10-16 00:00")
    assert [finding.rule for finding in fold.findings] == [RULE.id]
