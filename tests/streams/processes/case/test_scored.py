from typing import Any

import pytest

from streams.processes.case.fold import CaseFold
from streams.processes.case.scored import NOBODY, counts_elsewhere, is_upper_units
from tests.streams.processes.case.cases import event, hall, judged, limit

ACCEPTED = event("Accepted", "2026-03-02 10:00")
PASSED = event("PassedUp", "2026-03-10 10:00", upper_unit="省厅")


def reported(*events: Any, until: str = "2026-05-01 00:00", **fields: Any) -> CaseFold:
    return judged([ACCEPTED, *events], until, hall(7, None, case_class="reported", **fields))


def elsewhere(fold: CaseFold) -> dict[str, str]:
    return {finding.clock: counts_elsewhere(fold, finding) for finding in fold.findings}


def test_an_ordinary_overdue_counts_for_the_cases_own_org() -> None:
    assert elsewhere(judged([ACCEPTED], "2026-05-01 00:00", hall(7, None))) == {"promise": ""}


def test_what_the_upper_unit_is_late_with_counts_for_nobody_here() -> None:
    fold = reported(PASSED, upper_stage=limit(5))
    assert elsewhere(fold)["upper_stage"] == NOBODY


@pytest.mark.parametrize(("passed", "own"), [("2026-03-10 10:00", False), ("2026-04-10 10:00", True)])
def test_a_promise_counts_here_only_after_a_late_first_review(passed: str, own: bool) -> None:
    fold = reported(event("PassedUp", passed))
    assert is_upper_units(fold) is not own
    assert elsewhere(fold)["promise"] == ("" if own else NOBODY)
