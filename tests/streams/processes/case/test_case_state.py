from streams.processes.case.case_state import CaseState
from streams.processes.case.fold import CaseFold, FindingRun, Span


def test_a_case_counts_as_late_while_the_withdrawal_of_a_card_is_only_proposed() -> None:
    state = CaseState(CaseFold("hall/1"))
    assert not state.is_late()
    state.proposed["ladder||1|1"] = FindingRun("ladder", 1, 1, "", "TIME-01", "promise", [Span(2, 1)])
    assert state.is_late()
