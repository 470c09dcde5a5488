from streams.rules.time_limit.acceptance import RULE
from tests.streams.processes.case.cases import event, judged


def test_a_decision_after_five_working_days_ends_what_was_found() -> None:
    events = [event("Applied", "2026-03-02 10:00"), event("Accepted", "2026-03-10 10:00")]
    fold = judged(events, "2026-03-11 00:00")
    finding = next(finding for finding in fold.findings if finding.rule == RULE.id)
    assert finding.highest() == 2
    assert finding.open_span() is None
