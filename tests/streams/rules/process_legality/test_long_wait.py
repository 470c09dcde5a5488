from streams.rules.process_legality.long_wait import RULE
from tests.streams.processes.case.cases import event, hall, judged, policy, text

WAITING = [event("Accepted", "2026-03-02 10:00"), event("CorrectionNotified", "2026-03-04 10:00")]


def reminders(*more: object, days: int = 30) -> list[tuple[str, str]]:
    registry = hall(policy=policy(correction_wait_days=days))
    fold = judged([*WAITING, *more], "2026-06-01 00:00", registry)  # type: ignore[list-item]
    return [
        (text(span.raised_ms), text(span.ended_ms) if span.ended_ms is not None else "open")
        for finding in fold.findings
        if finding.rule == RULE.id
        for span in finding.spans
    ]


def test_the_reminder_comes_when_the_notice_has_run_out_and_ends_with_the_completion() -> None:
    assert reminders() == [("04-04 00:00", "open")]
    assert reminders(event("CorrectionCompleted", "2026-04-08 10:00")) == [("04-04 00:00", "04-08 10:00")]
    assert reminders(event("CorrectionCompleted", "2026-04-03 10:00")) == []


def test_how_long_the_notice_runs_is_the_policys() -> None:
    assert reminders(days=10)[0][0] == "03-15 00:00"
