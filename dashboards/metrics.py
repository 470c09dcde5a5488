"""Every metric of streams/contracts/metrics.py as Prometheus sees it."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from streams.contracts.metrics import METRICS, Metric

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meter:
    """Counts and measures by metric constant; label values in the order in which the metric names its labels.

    A wrong kind or number of labels is a bug and raises ValueError. Metrics without labels show 0 from the start.
    """

    def __init__(self, metrics: tuple[Metric, ...] = METRICS) -> None:
        """One registry of its own, so that two stacks in one process do not mix."""
        # Else every counter has a second sample beside it with the instant this process made it, which means nothing.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._held: dict[str, Counter | Gauge | Histogram] = {}
        for metric in metrics:
            if metric.kind == "histogram":
                self._held[metric.name] = Histogram(
                    metric.name, metric.meaning, metric.labels, registry=self._registry, buckets=_SECONDS
                )
            else:
                kind = Counter if metric.kind == "counter" else Gauge
                self._held[metric.name] = kind(metric.name, metric.meaning, metric.labels, registry=self._registry)

    def inc(self, metric: Metric, *labels: str, by: float = 1) -> None:
        """Count on."""
        held = self._of(metric, "counter", labels)
        assert isinstance(held, Counter)
        held.inc(by)

    def set(self, metric: Metric, *labels: str, value: float) -> None:
        """Set a gauge."""
        held = self._of(metric, "gauge", labels)
        assert isinstance(held, Gauge)
        held.set(value)

    def observe(self, metric: Metric, *labels: str, value: float) -> None:
        """Put one measurement into a histogram."""
        held = self._of(metric, "histogram", labels)
        assert isinstance(held, Histogram)
        held.observe(value)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)

    def _of(self, metric: Metric, kind: str, labels: tuple[str, ...]) -> Counter | Gauge | Histogram:
        if metric.kind != kind:
            raise ValueError(f"{metric.name} is a {metric.kind}, not a {kind}")
        if len(labels) != len(metric.labels):
            raise ValueError(f"{metric.name} takes the labels {metric.labels}, got {labels}")
        held = self._held[metric.name]
        return held.labels(*labels) if labels else held
