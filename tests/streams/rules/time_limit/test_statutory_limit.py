from streams.rules.time_limit.statutory_limit import RULE
from tests.streams.processes.case.cases import event, hall, judged


def test_a_statutory_limit_alone_names_time_02_up_to_red() -> None:
    fold = judged([event("Accepted", "2018-10-15 10:00")], "2018-12-01 00:00", hall(None, 10))
    assert [(finding.rule, finding.highest()) for finding in fold.findings if finding.clock] == [(RULE.id, 3)]


def test_it_shares_a_ladder_with_the_promise() -> None:
    assert (RULE.ladder, RULE.clock) == ("handling", "statutory")
