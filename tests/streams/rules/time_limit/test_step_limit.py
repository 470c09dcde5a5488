from streams.rules.time_limit.step_limit import RULE
from tests.streams.processes.case.cases import event, hall, judged, limit


def test_every_step_and_every_run_of_it_has_a_finding_of_its_own() -> None:
    registry = hall(None, 30, steps={"审查": limit(1), "决定": limit(1)})
    events = [
        event("Accepted", "2018-10-15 10:00"),
        event("StepStarted", "2018-10-15 11:00", step="审查", event_id="a"),
        event("StepStarted", "2018-10-15 11:00", step="决定", event_id="b"),
        event("StepEnded", "2018-10-17 11:00", step="审查", event_id="c"),
        event("StepStarted", "2018-10-18 11:00", step="审查", run=2, event_id="d"),
    ]
    fold = judged(events, "2018-10-24 00:00", registry)
    found = [(finding.part, finding.run) for finding in fold.findings if finding.rule == RULE.id]
    assert found == [("step:审查", 1), ("step:决定", 1), ("step:审查", 2)]
