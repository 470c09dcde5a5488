from collections.abc import Iterator

import pytest

from deploy.demo.counting import Card, Truth
from deploy.demo.outcome import outcome_of
from streams.contracts.case import Case
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.finding import Finding, FindingState, Level
from streams.contracts.instants import from_ms
from streams.contracts.store import Store
from tests.dashboards.stored import empty_store, put
from tests.deploy.embedded.stacks import MORNING_MS


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with empty_store("chdb", tmp_path_factory.mktemp("chdb")) as opened:
        put(opened, [_finding("right", "red"), _finding("lower", "warn"), _finding("unplanted", "yellow")])
        put(opened, [_finding("taken back", "red", "withdrawn"), _finding("right", "warn", rule="TIME-02")])
        put(opened, [_finding("other rule", "red", rule="FLOW-01")])
        put(opened, [Case(case_no="right", state="finished", version=1, known_at=from_ms(MORNING_MS))])
        put(opened, [DeadLetter(letter_id="1", place="p", source="s", reason="r", version=1)])
        yield opened


def _finding(subject: str, highest: Level, state: FindingState = "open", rule: str = "TIME-01") -> Finding:
    at = from_ms(MORNING_MS)
    return Finding(
        finding_id=f"{subject}-{rule}", subject=subject, rule=rule, state=state, change="opened", level="warn",
        highest=highest, raised_at=at, version=1, known_at=at,
    )  # fmt: skip


def test_a_case_differs_when_its_highest_level_is_not_the_planted_one(store: Store) -> None:
    planted: dict[str, Level] = {"right": "red", "lower": "yellow", "missing": "warn"}
    truth = Truth({case_no: (Card(level, MORNING_MS),) for case_no, level in planted.items()})
    assert outcome_of(store, truth).differences == (
        "lower: planted yellow, found warn",
        "missing: planted warn, found nothing",
        "unplanted: planted nothing, found yellow",
    )


def test_everything_is_counted_but_what_was_withdrawn(store: Store) -> None:
    counts = outcome_of(store, Truth({})).counts
    assert {name.split()[1]: count for name, count in counts.items() if count} == {
        "cases": 1,
        "findings": 5,
        "dead": 1,
    }
