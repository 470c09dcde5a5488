from streams.rules.time_limit.promise_limit import RULE
from tests.streams.processes.case.cases import event, hall, judged


def test_a_promise_names_time_01_up_to_yellow() -> None:
    fold = judged([event("Accepted", "2018-10-15 10:00")], "2018-12-01 00:00", hall(7, None))
    assert [(finding.rule, finding.highest()) for finding in fold.findings] == [(RULE.id, 2)]


def test_it_shares_a_ladder_with_the_statutory_limit() -> None:
    assert (RULE.ladder, RULE.clock) == ("handling", "promise")
