from streams.rules.feed_quality.second_finish import RULE
from tests.streams.processes.case.cases import event, judged, ms


def test_the_second_finish_is_named_and_the_first_counts() -> None:
    events = [event("Accepted", "2018-10-15 10:00")]
    events += [event("Finished", "2018-10-16 10:00"), event("Finished", "2018-10-17 10:00")]
    fold = judged(events, "2018-10-18 00:00")
    (finding,) = fold.findings
    assert (finding.rule, finding.event_id) == (RULE.id, "Finished@2018-10-17 10:00")
    assert fold.finished_ms == ms("2018-10-16 10:00")
