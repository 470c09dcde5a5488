from streams.contracts.case_event import CaseEvent
from streams.rules.process_legality.renewed_clock import RULE
from tests.streams.processes.case.cases import event, judged, text


def corrected(*more: CaseEvent) -> list[CaseEvent]:
    return [
        event("Accepted", "2026-03-02 10:00"),
        event("CorrectionNotified", "2026-03-06 10:00"),
        event("CorrectionCompleted", "2026-03-10 10:00"),
        *more,
    ]


def spans(events: list[CaseEvent], until: str) -> list[tuple[str, bool]]:
    found = [finding for finding in judged(events, until).findings if finding.rule == RULE.id]
    return [(text(span.raised_ms), span.ended_ms is None) for finding in found for span in finding.spans]


def test_what_all_epochs_used_goes_over_the_statutory_limit_days_after_the_second_began() -> None:
    assert spans(corrected(), "2026-03-18 18:00") == []
    assert spans(corrected(), "2026-03-19 00:00") == [("03-18 18:00", True)]


def test_it_stays_when_the_case_is_finished_after_it() -> None:
    assert spans(corrected(event("Finished", "2026-03-19 09:00")), "2026-04-01 00:00") == [("03-18 18:00", True)]


def test_while_the_promise_waits_nothing_is_used() -> None:
    waiting = event("CorrectionNotified", "2026-03-12 10:00", event_id="again")
    assert spans(corrected(waiting), "2026-05-01 00:00") == []
