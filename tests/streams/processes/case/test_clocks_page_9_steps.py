"""The page on clocks, section 9 and the step line of section 3: one test a sentence."""

from streams.contracts.case_event import CaseEvent
from streams.processes.case.fold import CaseFold
from tests.streams.processes.case.cases import event, found, hall, judged, limit, text

ACCEPTED = event("Accepted", "2026-03-02 09:00")
STEPS = hall(30, 40, steps={"审核": limit(2)})


def begun(when: str = "2026-03-02 10:00", run: int = 1) -> CaseEvent:
    return event("StepStarted", when, step="审核", run=run)


def ended(when: str = "2026-03-03 10:00", run: int = 1, done: bool = True) -> CaseEvent:
    return event("StepEnded", when, step="审核", run=run, done=done)


def case(*events: CaseEvent, until: str = "2026-03-06 00:00") -> CaseFold:
    return judged([ACCEPTED, *events], until, STEPS)


def runs(fold: CaseFold) -> list[tuple[str, str]]:
    """Due and state of every run of a step."""
    return [(text(clock.due_ms), clock.state()) for clock in fold.runs_of("step")]


def test_a_step_clock_runs_from_its_start_to_its_end_with_its_own_limit() -> None:
    assert runs(case(begun(), until="2026-03-02 11:00")) == [("03-04 18:00", "running")]
    assert runs(case(begun(), ended())) == [("03-04 18:00", "stopped")]


def test_each_run_of_a_step_is_its_own_clock() -> None:
    fold = case(begun(), ended(), begun("2026-03-04 10:00", 2))
    assert runs(fold) == [("03-04 18:00", "stopped"), ("03-06 18:00", "running")]


def test_a_suspension_suspends_the_open_step() -> None:
    stretch = (event("Suspended", "2026-03-03 10:00", ground="鉴定"), event("Resumed", "2026-03-05 10:00"))
    assert runs(case(begun(), *stretch)) == [("03-06 18:00", "running")]


def test_a_waiting_correction_suspends_the_open_step() -> None:
    fold = case(begun(), event("CorrectionNotified", "2026-03-03 10:00"))
    assert [state for _, state in runs(fold)] == ["waiting"]
    assert found(fold) == []


def test_a_step_whose_end_is_its_start_and_whose_status_is_open_is_open() -> None:
    fold = case(begun(), ended("2026-03-02 10:00", done=False))
    assert [state for _, state in runs(fold)] == ["running"]
    assert ("yellow", "03-04 18:00") in found(fold)


def test_a_step_whose_end_is_its_start_and_whose_status_is_done_is_not_judged() -> None:
    assert found(case(begun(), ended("2026-03-02 10:00"))) == []


def test_a_step_known_only_by_its_end_is_not_judged() -> None:
    fold = case(ended())
    assert (runs(fold), found(fold)) == ([], [])


def test_a_finish_closes_open_steps_with_a_finding() -> None:
    fold = case(begun(), event("Finished", "2026-03-03 10:00"))
    assert [state for _, state in runs(fold)] == ["stopped"]
    assert [finding.rule for finding in fold.findings] == ["PROC-04"]


def test_a_finish_after_every_step_ended_is_in_order() -> None:
    assert case(begun(), ended(), event("Finished", "2026-03-04 10:00")).findings == []
