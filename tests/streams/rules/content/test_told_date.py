from streams.rules.content.told_date import RULE
from tests.streams.processes.case.cases import dues, event, judged


def test_a_later_told_date_is_found_and_moves_nothing() -> None:
    fold = judged([event("Accepted", "2018-10-15 10:00", told_due_at="2018-11-30 18:00")], "2018-10-15 12:00")
    assert RULE.id in [finding.rule for finding in fold.findings]
    assert dues(fold)["promise"] == "10-24 18:00"
