"""Every rule shows what it does by example cases; this one test plays them all."""

import json

import msgspec
import pytest

from streams.contracts.case_event import CaseEvent
from streams.contracts.case_signal import CaseSignal
from streams.contracts.finding import LEVELS
from streams.contracts.instants import from_ms, to_ms
from streams.limits.limit import Limit
from streams.processes.case.judge import judge
from streams.processes.case.knowledge import Knowledge
from streams.rule import Example, Rule
from tests.streams.processes.case.cases import RULES, ZONE, hall

PLAYED = [(rule, example) for rule in RULES.values() for example in rule.examples]


def played(example: Example) -> list[CaseEvent | CaseSignal]:
    """The events of an example with the envelope filled in."""
    envelope = {"feed": "feed", "case_no": "hall/1", "org": "org", "item": "licence"}
    rows = [json.dumps({"event_id": str(number), **envelope, **fields}) for number, fields in enumerate(example.events)]
    return [msgspec.json.decode(row, type=CaseEvent | CaseSignal) for row in rows]


@pytest.mark.parametrize(("rule", "example"), PLAYED, ids=[f"{rule.id}: {example.name}" for rule, example in PLAYED])
def test_an_example_comes_out_as_written(rule: Rule, example: Example) -> None:
    def days(amount: int | None) -> Limit | None:
        return None if amount is None else Limit(amount=amount, unit="working_days")

    steps = {step: Limit(amount=amount, unit="working_days") for step, amount in example.steps.items()}
    registry = hall(
        days(example.promise_days), days(example.statutory_days), steps=steps, upper_stage=days(example.upper_days)
    )
    group = [other for other in RULES.values() if other.ladder and other.ladder == rule.ladder] or [rule]
    knowledge = Knowledge(registry, {other.id: other for other in group})
    until = msgspec.convert(example.until, type=type(from_ms(0)), strict=False)
    judgement = judge("hall/1", played(example), knowledge, to_ms(until))
    spans = sorted((span.raised_ms, span.level) for finding in judgement.findings for span in finding.spans)
    shown = [
        (LEVELS[level], from_ms(raised).astimezone(ZONE).isoformat(timespec="milliseconds").replace(".000", ""))
        for raised, level in spans
    ]
    assert shown == list(example.found)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_shows_both_that_it_finds_and_that_it_is_silent(rule: Rule) -> None:
    assert any(example.found for example in rule.examples)
    levels = {level for example in rule.examples for level, _ in example.found}
    assert levels <= set(LEVELS)


def test_every_rule_has_an_id_of_its_own() -> None:
    ids = [rule.id for rule in RULES.values()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_the_messages_of_a_rule_name_the_same_places_in_both_languages(rule: Rule) -> None:
    values = {
        "case": "c",
        "item": "i",
        "due": "d",
        "limit": "l",
        "over": "o",
        "used": "u",
        "org": "g",
        "step": "s",
        "part": "p",
        "what": "w",
        "when": "t",
        "deemed": "a",
    }
    for message in rule.messages.values():
        assert "c" in message.zh.format_map(values)
        assert "c" in message.en.format_map(values)
