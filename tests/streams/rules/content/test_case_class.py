import pytest

from streams.rules.content.case_class import RULE
from tests.streams.processes.case.cases import event, judged


@pytest.mark.parametrize(("told", "is_found"), [("instant", True), ("reported", True), ("other", False), (None, False)])
def test_a_known_class_that_differs_from_the_items_is_found(told: str | None, is_found: bool) -> None:
    fold = judged([event("Accepted", "2018-10-15 10:00", case_class=told)], "2018-10-15 12:00")
    assert (RULE.id in [finding.rule for finding in fold.findings]) == is_found


def test_the_class_of_the_event_is_the_one_that_counts() -> None:
    assert judged([event("Accepted", "2018-10-15 10:00", case_class="instant")], "2018-10-15 12:00").clock("instant")
