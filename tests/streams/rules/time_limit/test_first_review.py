from streams.rules.time_limit.first_review import RULE
from tests.streams.processes.case.cases import event, hall, judged


def test_a_suspension_moves_the_first_review_like_the_statutory_limit() -> None:
    events = [
        event("Accepted", "2018-10-15 10:00"),
        event("Suspended", "2018-10-16 10:00", announced_days=5, ground="专家评审"),
        event("Resumed", "2018-10-19 10:00"),
    ]
    fold = judged(events, "2018-11-15 17:00", hall(60, 60, case_class="reported"))
    assert [finding.highest() for finding in fold.findings if finding.rule == RULE.id] == [1]
