from streams.rules.process_legality.extension_decision import RULE
from tests.streams.processes.case.cases import event, judged


def test_an_extension_after_both_limits_is_one_finding_that_names_the_event() -> None:
    late = event("Extended", "2018-10-30 10:00", days=2, approver="局长")
    fold = judged([event("Accepted", "2018-10-15 10:00"), late], "2018-10-31 00:00")
    (finding,) = [finding for finding in fold.findings if finding.rule == RULE.id]
    assert finding.event_id == late.event_id
    assert len([remark for remark in fold.remarks if remark.code in RULE.remarks]) == 2
