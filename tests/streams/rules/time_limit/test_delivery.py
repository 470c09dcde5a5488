from streams.rules.time_limit.delivery import RULE
from tests.streams.processes.case.cases import event, hall, judged


def test_an_item_that_issues_a_document_needs_delivery_without_being_told_so() -> None:
    events = [event("Accepted", "2018-10-15 10:00"), event("Finished", "2018-10-16 10:00", result="granted")]
    fold = judged(events, "2018-12-01 00:00", hall(document=True))
    assert [finding.rule for finding in fold.findings] == [RULE.id]
