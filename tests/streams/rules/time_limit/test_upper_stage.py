from streams.rules.time_limit.upper_stage import RULE
from tests.streams.processes.case.cases import event, hall, judged, limit


def test_without_a_limit_of_its_own_the_upper_unit_is_never_late() -> None:
    events = [event("Accepted", "2018-10-15 10:00"), event("PassedUp", "2018-10-16 10:00")]
    with_limit = judged(events, "2018-12-30 00:00", hall(None, 60, case_class="reported", upper_stage=limit(5)))
    without = judged(events, "2018-12-30 00:00", hall(None, 60, case_class="reported"))
    assert RULE.id in {finding.rule for finding in with_limit.findings}
    assert RULE.id not in {finding.rule for finding in without.findings}
