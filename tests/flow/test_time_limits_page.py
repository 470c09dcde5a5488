"""Every worked example of docs/time-limits.md is worked out and comes to what the page says."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from streams.contracts.case_event import CaseEvent
from streams.contracts.finding import LEVELS
from streams.contracts.instants import from_ms
from streams.limits.limit import Limit
from streams.processes.case.fold import CaseFold
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Feed
from tests.streams.processes.case.cases import event, hall, judged

PAGE = Path(__file__).parents[2] / "docs" / "time-limits.md"
EXAMPLES: dict[str, dict[str, Any]] = {
    title: yaml.load(block, Loader=yaml.BaseLoader)
    for title, block in re.findall(
        r"^### (例\d+) [^\n]*\n(?:(?!^#).)*?```yaml\n(.*?)```",
        PAGE.read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
}
ZONE = ZoneInfo("Asia/Shanghai")


def _limit(text: str | None) -> Limit | None:
    if text is None:
        return None
    amount, unit = text.split()
    return Limit(amount=int(amount), unit=unit)  # type: ignore[arg-type]


def _hall(example: dict[str, Any]) -> HallRegistry:
    return hall(
        _limit(example.get("promise")),
        _limit(example.get("statutory")),
        case_class=example.get("class", "promised"),
        feeds=(Feed(name="feed", full_profile="licence" in example),),
        item_type="01" if "licence" in example else "",
        document="document" in example,
        upper_stage=_limit(example.get("upper_stage")),
    )


def _event(text: str) -> CaseEvent:
    """`2018-10-16 10:00 suspended 5 鉴定`: when, what, and what belongs to it."""
    day, time, kind, *more = text.split()
    fields: dict[str, Any] = {}
    if kind == "suspended":
        fields = {"announced_days": int(more[0]), "ground": more[1]}
    elif kind == "extended":
        fields = {"days": int(more[0]), "approver": more[1]}
    elif kind == "linked":
        fields = {"role": more[0], "other_case_no": "hall/other"}
    elif kind == "finished":
        fields = {"result": more[0]}
    return event("".join(word.capitalize() for word in kind.split("_")), f"{day} {time}", **fields)


def _text(instant_ms: int) -> str:
    return from_ms(instant_ms).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def _worked_out(example: dict[str, Any]) -> CaseFold:
    return judged([_event(text) for text in example["events"]], example["until"], _hall(example))


@pytest.mark.parametrize("title", EXAMPLES)
def test_an_example_comes_to_the_dues_that_the_page_says(title: str) -> None:
    example = EXAMPLES[title]
    dues = {clock.name: _text(clock.due_ms) for clock in _worked_out(example).clocks}
    assert {name: dues.get(name) for name in example["due"]} == example["due"]


@pytest.mark.parametrize("title", [title for title, example in EXAMPLES.items() if "cards" in example])
def test_an_example_comes_to_the_cards_that_the_page_says(title: str) -> None:
    findings = _worked_out(EXAMPLES[title]).findings
    spans = sorted((span.raised_ms, LEVELS[span.level]) for finding in findings for span in finding.spans)
    assert [f"{_text(raised_ms)} {level}" for raised_ms, level in spans] == EXAMPLES[title]["cards"]


def test_the_examples_are_numbered_through_and_each_is_spoken_of_in_english() -> None:
    assert list(EXAMPLES) == [f"例{number}" for number in range(1, len(EXAMPLES) + 1)]
    english = PAGE.read_text(encoding="utf-8").partition("# In English")[2]
    assert {int(number) for number in re.findall(r"\(example (\d+)\)", english)} == set(range(1, len(EXAMPLES) + 1))


def test_every_clock_that_the_page_names_has_its_example() -> None:
    named = {name for example in EXAMPLES.values() for name in example["due"]}
    assert named >= {
        "promise",
        "statutory",
        "acceptance",
        "first_review",
        "special_procedure",
        "delivery",
        "instant",
        "upper_stage",
        "joint_parent",
        "joint_child",
    }
