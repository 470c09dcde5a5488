from streams.rules.process_legality.order_of_events import RULE
from tests.streams.processes.case.cases import event, judged


def test_two_events_out_of_order_are_two_findings_and_both_stay() -> None:
    events = [
        event("Accepted", "2018-10-15 10:00"),
        event("CorrectionCompleted", "2018-10-16 10:00"),
        event("Resumed", "2018-10-17 10:00"),
        event("Finished", "2018-10-18 10:00"),
    ]
    found = [finding for finding in judged(events, "2018-11-01 00:00").findings if finding.rule == RULE.id]
    assert [finding.event_id for finding in found] == [
        "CorrectionCompleted@2018-10-16 10:00",
        "Resumed@2018-10-17 10:00",
    ]
    assert all(finding.open_span() is not None for finding in found)


def test_a_completion_on_the_date_of_an_end_without_a_time_of_day_blames_nobody() -> None:
    events = [
        event("Accepted", "2018-10-15 10:00"),
        event("Finished", "2018-10-18 00:00", date_only=True),
        event("Extended", "2018-10-18 10:00", days=3, approver="局长"),
    ]
    assert judged(events, "2018-10-20 00:00").findings == []
