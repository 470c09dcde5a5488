from streams.contracts.case import Case
from streams.contracts.case_event import WithdrawalConfirmed
from streams.contracts.clock import Clock
from streams.processes.case.case_state import CaseState
from streams.processes.case.difference import published
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.publishing import case_output, confirmed_outputs, difference_outputs
from tests.streams.processes.case.cases import CASE, RULES, event, hall, judged

KNOWLEDGE = Knowledge(hall(), RULES)
ACCEPTED = judged([event("Accepted", "2018-10-15 10:00")], "2018-10-15 10:00")


def test_how_a_case_stands_carries_how_many_events_came_too_late() -> None:
    fact = case_output(CaseState(ACCEPTED, feed="feed", late_events=3)).body
    assert isinstance(fact, Case)
    assert (fact.late_events, fact.events, fact.feed) == (3, 1, "feed")


def test_what_stands_as_it_was_published_is_not_published_again() -> None:
    state = CaseState(ACCEPTED, feed="feed")
    before = published(ACCEPTED)
    assert difference_outputs(state, KNOWLEDGE, before, was_late=False) == []
    assert [output.topic.name for output in difference_outputs(state, KNOWLEDGE, before)] == ["cases"]


def test_a_clock_that_turns_out_never_to_have_run_is_void_from_its_start() -> None:
    state = CaseState(CaseFold(CASE), feed="feed")
    before = published(ACCEPTED)
    outputs = difference_outputs(
        state,
        KNOWLEDGE,
        before,
        was_late=False,
        old=judged([event("Accepted", "2018-10-15 10:00")], "2018-10-15 10:00"),
    )
    clocks = [output.body for output in outputs if isinstance(output.body, Clock)]
    assert [(clock.clock, clock.state) for clock in clocks] == [("promise", "void"), ("statutory", "void")]


def test_a_withdrawal_that_nobody_proposed_is_not_confirmed() -> None:
    confirmed = event("WithdrawalConfirmed", "2018-10-15 10:00", finding_id="f")
    assert isinstance(confirmed, WithdrawalConfirmed)
    assert confirmed_outputs(CaseState(ACCEPTED), confirmed, KNOWLEDGE) == ()
