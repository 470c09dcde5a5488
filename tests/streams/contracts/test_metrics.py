import re

import pytest

from streams.contracts.metrics import METRICS, Metric

each_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


def test_no_two_metrics_share_a_name() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)


@each_metric
def test_a_metric_says_what_it_counts_in_one_sentence(metric: Metric) -> None:
    assert re.fullmatch(r"[A-Z0-9][^.]*\.", metric.meaning)


@each_metric
def test_names_and_labels_are_what_prometheus_takes(metric: Metric) -> None:
    assert re.fullmatch(r"hallwatch(_[a-z]+)+", metric.name)
    assert not metric.name.endswith(("_total", "_count", "_sum", "_bucket")), (
        "these endings are added by the exposition"
    )
    assert all(re.fullmatch(r"[a-z_]+", label) for label in metric.labels)
