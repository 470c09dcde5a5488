from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from alerting.telling import Decision, Told, decide
from streams.contracts.finding import Finding
from streams.contracts.instants import from_ms, to_ms

HOUR_MS = 3_600_000
UNTIL_MS = to_ms(datetime(2026, 3, 10, 1, tzinfo=UTC))
"""A day after the finding was raised."""
Make = Callable[..., Finding]


def ask(finding: Finding, told: Told | None = None, age_ms: int = 0) -> Decision:
    return decide(finding, told or Told(), age_ms=age_ms, age_max_ms=72 * HOUR_MS, until_ms=UNTIL_MS)


@pytest.mark.parametrize("change", ["opened", "raised", "reopened"])
def test_opening_rising_and_opening_again_are_told(make_finding: Make, change: str) -> None:
    assert ask(make_finding(change=change)) == Decision(tell=change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "change", "held"),
    [("open", "moved", "moved"), ("ended", "ended", "ended"), ("open", "lowered", "lowered")],
)
def test_moving_ending_and_lowering_are_not_told(make_finding: Make, state: Any, change: Any, held: Any) -> None:
    assert ask(make_finding(state=state, change=change)) == Decision(held=held)


def test_news_exactly_as_old_as_the_hall_allows_is_told_and_a_millisecond_more_is_not(make_finding: Make) -> None:
    assert ask(make_finding(), age_ms=72 * HOUR_MS).tell == "opened"
    assert ask(make_finding(), age_ms=72 * HOUR_MS + 1).held == "old"


def test_what_nobody_needs_to_be_told_is_held(make_finding: Make) -> None:
    assert ask(make_finding(tell=False)).held == "quiet"


@pytest.mark.parametrize("level", ["yellow", "red"])
def test_a_provisional_card_is_held(make_finding: Make, level: str) -> None:
    assert ask(make_finding(provisional=True, level=level)).held == "provisional"


def test_a_provisional_warning_is_told(make_finding: Make) -> None:
    assert ask(make_finding(provisional=True, level="warn")).tell == "opened"


def test_a_level_that_a_higher_one_has_overtaken_is_held_and_the_higher_one_is_told_as_the_first(
    make_finding: Make,
) -> None:
    warned = make_finding(level="warn", rises_at=from_ms(UNTIL_MS))
    assert ask(warned).held == "overtaken"
    assert ask(make_finding(level="warn", rises_at=from_ms(UNTIL_MS + 1))).tell == "opened"
    over = make_finding(change="raised", level="yellow")
    assert ask(over, Told(waiting="opened")).tell == "opened"
    assert ask(over, Told(waiting="reopened", is_heard=True)).tell == "raised"
    assert ask(make_finding(change="moved", level="warn"), Told(waiting="opened")).tell == "opened"


def test_a_warning_that_an_unconfirmed_card_has_overtaken_is_told_since_the_card_is_not(make_finding: Make) -> None:
    assert ask(make_finding(level="warn", provisional=True, rises_at=from_ms(UNTIL_MS))).tell == "opened"


def test_a_level_is_told_once_in_a_stretch_and_again_in_the_next(make_finding: Make) -> None:
    told = Told(at=frozenset({("yellow", 1)}), is_heard=True)
    assert ask(make_finding(change="raised"), told).held == "already_told"
    assert ask(make_finding(change="reopened"), told._replace(stretch=2)).tell == "reopened"


def test_a_move_releases_what_was_held_for_now(make_finding: Make) -> None:
    assert ask(make_finding(change="moved"), Told(waiting="raised")).tell == "raised"


def test_a_withdrawal_is_told_however_old_it_is_but_only_if_somebody_was_told(make_finding: Make) -> None:
    gone = make_finding(state="withdrawn", change="withdrawn", tell=False, provisional=True)
    assert ask(gone, Told(is_heard=True), age_ms=9_999 * HOUR_MS).tell == "withdrawn"
    assert ask(gone).held == "nobody_was_told"
