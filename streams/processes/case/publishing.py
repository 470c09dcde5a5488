"""What the case process publishes: how a case stands, and what differs from what was published of it before."""

from collections.abc import Iterable

from streams.contracts.case_event import WithdrawalConfirmed
from streams.contracts.finding import Withdrawal
from streams.contracts.topics import CASES, CLOCKS, FINDINGS
from streams.engine.process import Output
from streams.processes.case.case_state import CaseState
from streams.processes.case.difference import (
    Change,
    Published,
    changed_clocks,
    changed_findings,
    vanished_clocks,
    withdrawn_findings,
)
from streams.processes.case.facts import case_fact, clock_fact, finding_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.signals import signals
from streams.processes.case.withdrawal import confirm, propose, without_proposed


def case_output(state: CaseState) -> Output:
    """How the case stands, as a fact."""
    fact = case_fact(state.fold, state.feed, state.judged_by, late=state.is_late(), late_events=state.late_events)
    return Output(CASES, fact.case_no, fact)


def difference_outputs(
    state: CaseState,
    knowledge: Knowledge,
    before: Published,
    *,
    was_late: bool | None = None,
    old: CaseFold | None = None,
    asks: bool = False,
    is_replanned: bool = False,
) -> list[Output]:
    """What differs from `before`; `old` is the fold that was published where the walk began anew.

    `was_late`: the case itself is published only where its being late differs from that; None: in any case.
    `asks`: a supervisor confirms what is withdrawn. `is_replanned`: it is a registry version that changes something.
    """
    fold, feed = state.fold, state.feed
    changes = changed_findings(before, fold, state.withdrawn)
    gone = withdrawn_findings(before, old, fold, state.withdrawn) if old is not None else []
    contested = state.contested
    if state.proposed:
        again = contested if is_replanned else set()
        changes, gone = (without_proposed(each, state.proposed, again) for each in (changes, gone))
    if old is not None and (asks or contested):
        meant = None if asks else contested
        changes, gone = (propose(each, old, fold, state.proposed, state.withdrawn, meant) for each in (changes, gone))
        contested.difference_update(state.proposed)
    outputs: list[Output] = []
    if was_late is None or state.is_late() != was_late:
        outputs.append(case_output(state))
    for clock in changed_clocks(before, fold):
        fact = clock_fact(fold, clock, knowledge, feed)
        outputs.append(Output(CLOCKS, fact.clock_id, fact))
    outputs += [_finding_output(state, fold, change, knowledge) for change in changes]
    outputs += [_finding_output(state, old, change, knowledge) for change in gone if old is not None]
    for clock in vanished_clocks(before, old, fold) if old is not None else ():
        fact = clock_fact(old or fold, clock, knowledge, feed)
        outputs.append(Output(CLOCKS, fact.clock_id, fact))
    if fold.joint is not None or state.told:
        outputs += signals(state)
    return outputs


def confirmed_outputs(state: CaseState, event: WithdrawalConfirmed, knowledge: Knowledge) -> Iterable[Output]:
    """Withdraw what was proposed to be withdrawn; anything else was decided before, or is unknown."""
    fold = state.fold
    change = confirm(fold, event.finding_id, state.proposed, state.withdrawn)
    if change is None:
        return ()
    return (
        case_output(state),
        _finding_output(state, fold, change, knowledge, withdrawal="confirmed"),
    )


def _finding_output(
    state: CaseState, fold: CaseFold, change: Change, knowledge: Knowledge, withdrawal: Withdrawal = ""
) -> Output:
    """One version of a finding; a card that is taken back in part stands on at the level that was true."""
    finding, version = change.finding, state.judged_by
    if state.proposed.get(finding.key()) is finding:
        withdrawal = "proposed"
    body = finding_fact(
        fold,
        finding,
        knowledge,
        state.feed,
        change=change.change,
        version=version,
        lost=change.lost,
        withdrawal=withdrawal,
    )
    return Output(FINDINGS, body.finding_id, body)
