"""Every topic is written and read, every metric is measured, and nothing else is named."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from streams.contracts import metrics, topics

CONTRACTS = Path("streams/contracts")


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


@pytest.mark.parametrize("name", _constants(topics, topics.Topic))
def test_a_topic_is_used_on_both_of_its_sides(name: str, users: dict[str, set[str]]) -> None:
    using = [path for path, names in users.items() if name in names]
    assert len(using) >= 2, f"{name} needs one who writes and one who reads, has {using}"


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
