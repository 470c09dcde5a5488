from streams.rules.time_limit.instant_case import RULE
from tests.streams.processes.case.cases import event, found, hall, judged

INSTANT = hall(case_class="instant")


def test_yellow_is_the_only_card_of_an_instant_case() -> None:
    fold = judged([event("Accepted", "2018-10-15 10:00")], "2018-12-01 00:00", INSTANT)
    assert found(fold) == [("yellow", "10-15 18:00")]
    assert fold.findings[0].rule == RULE.id
