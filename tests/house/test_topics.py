"""Every topic is written and read, every metric is measured, and nothing else is named."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.settings import Settings
from deploy.wiring import collect_parts, make_roles
from streams.contracts import metrics, topics

CONTRACTS = Path("streams/contracts")

UNREAD = {"registry": "for workers on other machines; on one machine the data folder keeps the versions"}
"""Topics that no role reads, and why they are written all the same."""


def _constants(module: object, kind: type) -> list[str]:
    return [name for name, value in vars(module).items() if isinstance(value, kind)]


def _names(tree: ast.Module) -> set[str]:
    """Names that a module uses, whether imported themselves or taken from an imported module."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return used | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.fixture(scope="module")
def users(modules: list[Any]) -> dict[str, set[str]]:
    """Module by the names it uses, contracts apart."""
    return {str(m.path): _names(m.tree) for m in modules if CONTRACTS not in m.path.parents}


@pytest.fixture(scope="module")
def read() -> set[str]:
    """Names of the topics that some role reads, by the real wiring."""
    outside: Any = SimpleNamespace(write=None)
    roles = make_roles(collect_parts(), {}, "", outside, outside, outside, outside, Settings())
    inputs = {process.input.name for role in roles for process in role.processes}
    return inputs | {name for role in roles for reader in role.readers for name in reader.topics}


def _handed_on(module: Any) -> set[str]:
    """Names given to `Output(…)`; in doors and in deploy, where records of others are put, to any call."""
    puts_records = module.path.parts[0] == "deploy" or module.name.startswith("streams.intake.")
    given = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (puts_records or getattr(node.func, "id", "") == "Output"):
            given |= {argument.id for argument in node.args if isinstance(argument, ast.Name)}
    return given


@pytest.mark.parametrize("name", _constants(topics, topics.Topic))
def test_somebody_writes_to_every_topic(name: str, modules: list[Any]) -> None:
    assert any(name in _handed_on(module) for module in modules), f"nobody writes to {name}: write it or take it out"


@pytest.mark.parametrize("name", _constants(topics, topics.Topic))
def test_somebody_reads_every_topic(name: str, read: set[str]) -> None:
    topic = getattr(topics, name)
    assert topic.name in read or topic.name in UNREAD, f"nobody reads {name}: read it or take it out"


def test_topics_listed_as_unread_are_unread(read: set[str]) -> None:
    assert not UNREAD.keys() & read, f"take these out of UNREAD: {UNREAD.keys() & read}"


def test_the_list_of_topics_is_whole() -> None:
    named = [value for value in vars(topics).values() if isinstance(value, topics.Topic)]
    assert set(map(id, named)) == set(map(id, topics.TOPICS)), "add the topic to TOPICS"


@pytest.mark.parametrize("name", _constants(metrics, metrics.Metric))
def test_a_metric_is_measured_somewhere(name: str, users: dict[str, set[str]]) -> None:
    assert any(name in names for names in users.values()), f"measure {name} or take it out"


def test_the_list_of_metrics_is_whole() -> None:
    named = [value for value in vars(metrics).values() if isinstance(value, metrics.Metric)]
    assert set(named) == set(metrics.METRICS), "add the metric to METRICS"


def test_no_module_writes_the_name_of_a_topic_by_hand(modules: list[Any]) -> None:
    hands = []
    for module in modules:
        if module.path == CONTRACTS / "topics.py" or module.path.parts[0] == "dashboards":
            continue  # addresses of pages may use the same words
        texts = {n.value for n in ast.walk(module.tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        # Names without a hyphen are also tables and kinds of facts.
        hands += [f"{module.path}: {name}" for name in sorted(texts & set(topics.BY_NAME)) if "-" in name]
    assert not hands, f"take the topic from streams.contracts.topics: {hands}"


@pytest.mark.parametrize("name", [metric.name for metric in metrics.METRICS])
def test_a_metric_is_named_after_the_product_with_a_unit_last(name: str) -> None:
    assert re.fullmatch(r"hallwatch(_[a-z]+)+", name)
