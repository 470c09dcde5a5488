from streams.limits.clock_run import ClockRun
from streams.processes.case.explain import explain
from streams.processes.case.facts import clock_fact
from streams.processes.case.knowledge import Knowledge
from streams.registry.registry import Registry
from tests.streams.processes.case.cases import CASE, RULES, event, hall, judged, limit, ms, text

HALL = hall(None, 30, steps={"审查": limit(3)})
ACCEPTED = event("Accepted", "2026-03-02 10:00")
BEGUN = event("StepStarted", "2026-03-02 10:00", step="审查")


def clocks(*events: object, until: str = "2026-04-01 00:00") -> list[ClockRun]:
    fold = judged([ACCEPTED, *events], until, HALL)  # type: ignore[list-item]
    return fold.runs_of("step")


def ended(when: str, **fields: object) -> object:
    return event("StepEnded", when, step="审查", **fields)


def test_a_step_runs_from_its_start_to_its_end_by_its_own_limit() -> None:
    (clock,) = clocks(BEGUN, ended("2026-03-04 10:00"))
    assert (text(clock.due_ms), text(clock.stopped_ms or 0)) == ("03-05 18:00", "03-04 10:00")


def test_a_step_without_a_limit_has_no_clock() -> None:
    assert clocks(event("StepStarted", "2026-03-02 10:00", step="决定")) == []


def test_an_end_at_the_start_leaves_an_open_step_open_and_a_done_one_unjudged() -> None:
    (still_open,) = clocks(BEGUN, ended("2026-03-02 10:00", done=False))
    assert still_open.stopped_ms is None
    (unknown,) = clocks(BEGUN, ended("2026-03-02 10:00"))
    assert unknown.state() == "void"


def test_a_step_known_by_its_end_alone_is_not_judged() -> None:
    assert clocks(ended("2026-03-04 10:00")) == []


def test_a_step_that_begins_twice_without_an_end_is_one_run() -> None:
    assert len(clocks(BEGUN, event("StepStarted", "2026-03-03 10:00", step="审查"))) == 1


def test_suspension_and_waiting_stop_the_open_step_and_one_that_begins_in_them() -> None:
    suspended = event("Suspended", "2026-03-03 10:00", announced_days=5, ground="鉴定")
    (clock,) = clocks(BEGUN, suspended, until="2026-03-03 11:00")
    assert text(clock.due_ms) == "03-12 18:00"
    inside = event("StepStarted", "2026-03-04 10:00", step="审查")
    (clock,) = clocks(suspended, inside, until="2026-03-04 11:00")
    assert text(clock.due_ms) == "03-13 18:00"
    notified = event("CorrectionNotified", "2026-03-03 10:00")
    completed = event("CorrectionCompleted", "2026-03-06 10:00")
    (clock,) = clocks(notified, inside, completed, until="2026-03-06 11:00")
    assert text(clock.due_ms) == "03-11 18:00"


def test_a_finish_stops_the_step() -> None:
    (clock,) = clocks(BEGUN, event("Finished", "2026-03-04 10:00"))
    assert clock.stop_event == "Finished@2026-03-04 10:00"


def test_private_network_departments_have_no_step_clocks() -> None:
    private = hall(None, 30, private=True, steps={"审查": limit(3)})
    assert judged([ACCEPTED, BEGUN], "2026-03-03 00:00", private).clock("step") is None


def test_a_steps_clock_is_published_under_its_name_and_explained() -> None:
    again = event("StepStarted", "2026-03-05 10:00", step="审查", run=2)
    events = [ACCEPTED, BEGUN, ended("2026-03-04 10:00"), again]
    fold = judged(events, "2026-03-06 12:00", HALL)  # type: ignore[arg-type]
    facts = [clock_fact(fold, clock, Knowledge(HALL, RULES), "feed") for clock in fold.runs_of("step")]
    assert [(fact.step, fact.run) for fact in facts] == [("审查", 1), ("审查", 2)]
    assert len({fact.clock_id for fact in facts}) == 2
    registry = Registry("1", {"hall": HALL})
    told = explain(CASE, events, registry, ms("2026-03-06 12:00"), "zh", rules=RULES)  # type: ignore[arg-type]
    assert [clock.title for clock in told.clocks[1:]] == [
        "环节时限“审查”：3个工作日",
        "环节时限“审查”，第2次：3个工作日",
    ]
    assert told.clocks[2].lines[-1] == "合计：已用 1个工作日，剩余 2个工作日；各次累计 3个工作日"
