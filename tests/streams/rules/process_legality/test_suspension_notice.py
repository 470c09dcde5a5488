from streams.rules.process_legality.suspension_notice import RULE
from tests.streams.processes.case.cases import event, judged


def test_a_suspension_without_a_ground_is_found_too() -> None:
    events = [event("Accepted", "2018-10-15 10:00"), event("Suspended", "2018-10-16 10:00", announced_days=3)]
    assert RULE.id in [finding.rule for finding in judged(events, "2018-10-17 00:00").findings]
