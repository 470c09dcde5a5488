from streams.contracts.case import Case
from streams.contracts.clock import Clock
from streams.contracts.topics import CASES, CLOCKS
from streams.engine.driver import Arrival, Horizon, Run
from streams.processes.case.caps import end_capped, next_cap
from streams.processes.case.process import CaseProcess
from streams.registry.registry import Registry
from tests.streams.processes.case.cases import CASE, RULES, event, hall, judged, ms, text

ACCEPTED = event("Accepted", "2018-10-15 10:00")
SUSPENDED = event("Suspended", "2018-10-16 10:00", ground="鉴定", announced_days=3)
"""Has effect up to the end of the 19th."""


def test_a_suspension_that_nobody_ends_is_over_with_its_announced_days() -> None:
    fold = judged([ACCEPTED, SUSPENDED], "2018-10-19 12:00")
    assert (fold.state(), {clock.state() for clock in fold.runs_of("promise")}) == ("suspended", {"suspended"})
    cap = next_cap(fold)
    assert cap is not None
    assert text(cap) == "10-20 00:00"
    due = [clock.due_ms for clock in fold.clocks]
    fold = judged([ACCEPTED, SUSPENDED], "2018-10-20 00:00")
    assert (fold.state(), {clock.state() for clock in fold.runs_of("promise")}) == ("accepted", {"running"})
    assert next_cap(fold) is None
    assert [clock.due_ms for clock in fold.clocks] == due


def test_an_end_recorded_after_the_cap_is_in_order_and_changes_nothing() -> None:
    fold = judged([ACCEPTED, SUSPENDED, event("Resumed", "2018-10-23 10:00")], "2018-10-23 11:00")
    capped = judged([ACCEPTED, SUSPENDED], "2018-10-23 11:00")
    assert fold.remarks == []
    assert [clock.due_ms for clock in fold.clocks] == [clock.due_ms for clock in capped.clocks]


def test_a_suspension_within_its_cap_goes_on() -> None:
    fold = judged([ACCEPTED, SUSPENDED], "2018-10-19 12:00")
    end_capped(fold)
    assert fold.state() == "suspended"


def test_that_it_is_over_is_published_when_it_is() -> None:
    run = Run(CaseProcess({"1": Registry("1", {"hall": hall()})}, RULES, "1"), "1")
    for at, one in (("2018-10-15 10:00", ACCEPTED), ("2018-10-16 10:00", SUSPENDED)):
        run.step(Arrival(ms(at), CASE, one))
    run.step(Horizon(ms("2018-10-20 00:01"), "feed", ms("2018-10-20 00:01")))
    cases: list[Case] = run.bodies(CASES)
    clocks: list[Clock] = [one for one in run.bodies(CLOCKS) if one.clock == "promise"]
    assert [one.state for one in cases] == ["accepted", "suspended", "accepted"]
    assert [one.state for one in clocks] == ["running", "suspended", "running"]
