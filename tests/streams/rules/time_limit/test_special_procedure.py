from streams.rules.time_limit.special_procedure import RULE
from tests.streams.processes.case.cases import event, judged


def test_every_procedure_of_a_case_is_found_by_itself() -> None:
    events = [
        event("Accepted", "2026-03-02 10:00"),
        event("Suspended", "2026-03-03 10:00", special_id="a", announced_days=1, ground="鉴定"),
        event("Suspended", "2026-03-03 11:00", special_id="b", announced_days=2, ground="检测"),
    ]
    runs = [finding.run for finding in judged(events, "2026-03-06 00:00").findings if finding.rule == RULE.id]
    assert runs == [1, 2]
