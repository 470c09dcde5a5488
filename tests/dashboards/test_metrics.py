import pytest

from dashboards.metrics import Meter
from streams.contracts.metrics import (
    ACCEPTED,
    METRICS,
    OPEN_FINDINGS,
    STORE_UP,
    Metric,
)


def test_every_metric_of_the_contract_is_in_the_exposition_with_its_meaning() -> None:
    text = Meter().exposition().decode()
    for metric in METRICS:
        assert f"# HELP {metric.name}" in text
        assert metric.meaning in text


def test_a_counter_counts_on_and_keeps_its_labels_apart() -> None:
    meter = Meter()
    meter.inc(ACCEPTED, "hall")
    meter.inc(ACCEPTED, "hall", by=4)
    meter.inc(ACCEPTED, "file")
    text = meter.exposition().decode()
    assert 'hallwatch_accepted_total{feed="hall"} 5.0' in text
    assert 'hallwatch_accepted_total{feed="file"} 1.0' in text


def test_a_gauge_shows_the_last_value() -> None:
    meter = Meter()
    meter.set(OPEN_FINDINGS, "red", value=3)
    meter.set(OPEN_FINDINGS, "red", value=2)
    meter.set(STORE_UP, value=1)
    text = meter.exposition().decode()
    assert 'hallwatch_open_findings{level="red"} 2.0' in text
    assert "hallwatch_store_up 1.0" in text


def test_no_sample_says_when_this_process_made_a_counter() -> None:
    meter = Meter()
    meter.inc(ACCEPTED, "hall")
    assert "_created" not in meter.exposition().decode()


def test_a_histogram_sums_and_counts() -> None:
    waits = Metric("hall_wait_seconds", "histogram", "How long people wait.")
    meter = Meter((waits,))
    meter.observe(waits, value=0.02)
    meter.observe(waits, value=0.2)
    text = meter.exposition().decode()
    assert "hall_wait_seconds_count 2.0" in text
    assert 'hall_wait_seconds_bucket{le="0.025"} 1.0' in text


def test_two_meters_do_not_mix() -> None:
    one, other = Meter(), Meter()
    one.inc(ACCEPTED, "hall")
    assert "hall" in one.exposition().decode()
    assert 'feed="hall"' not in other.exposition().decode()


@pytest.mark.parametrize(
    ("metric", "labels", "told"),
    [
        (STORE_UP, (), "is a gauge, not a counter"),
        (ACCEPTED, (), "takes the labels"),
        (ACCEPTED, ("a", "b"), "takes the labels"),
    ],
)
def test_a_wrong_kind_or_number_of_labels_is_a_bug_that_names_the_metric(
    metric: Metric, labels: tuple[str, ...], told: str
) -> None:
    with pytest.raises(ValueError, match=f"{metric.name} {told}"):
        Meter().inc(metric, *labels)
