"""Reads the metrics off a stack, at each scrape."""

from collections.abc import Mapping

from dashboards.metrics import Meter
from deploy.embedded.stack import Stack
from streams.contracts.finding import Level
from streams.contracts.metrics import (
    ACCEPTED,
    BATCHES,
    CHECKPOINT_SECONDS,
    CHECKPOINTS,
    DEAD,
    HORIZON,
    LAG,
    OPEN_FINDINGS,
    PROCESSED,
    PUSHED,
    QUARANTINED,
    REBALANCES,
    REPLANNED,
    RESTORED,
    STATE_BYTES,
    STORE_UP,
    STORED,
    SUBJECTS,
    WAKE_SECONDS,
    WAKES,
    Metric,
)


class StackMeter:
    """Turns a stack's own counts into Prometheus' text; counts only what is new since the last scrape."""

    def __init__(self, stack: Stack) -> None:
        """Nothing is read yet."""
        self._stack = stack
        self._meter = Meter()
        self._seen: dict[tuple[str, ...], float] = {}

    def note_open_findings(self, levels: Mapping[Level, int]) -> None:
        """What the wall last saw: open findings by level."""
        for level, count in levels.items():
            self._meter.set(OPEN_FINDINGS, level, value=count)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        stack = self._stack
        self._counts(ACCEPTED, stack.door.accepted)
        self._counts(DEAD, stack.door.dead_letters)
        self._count(DEAD, "stream", total=stack.dead_letters)
        self._counts(STORED, stack.writer.stats.stored)
        for (channel, verdict), total in stack.sender.counts.items():
            self._count(PUSHED, channel, verdict, total=total)
        self._meter.set(STORE_UP, value=float(stack.writer.stats.store_up))
        for feed, horizon_ms in stack.marks.horizons.items():
            self._meter.set(HORIZON, feed, value=horizon_ms / 1000)
        if stack.live:
            self._stream()
        return self._meter.exposition()

    def _stream(self) -> None:
        for role, engine in self._stack.stream.engines.items():
            stats = engine.stats
            self._counts(PROCESSED, stats.processed)
            self._counts(BATCHES, stats.batches)
            self._counts(WAKES, stats.wakes)
            self._counts(WAKE_SECONDS, stats.wake_seconds)
            for process, subjects in stats.subjects.items():
                self._meter.set(SUBJECTS, process, value=subjects)
            for process, size in engine.state_bytes().items():
                self._meter.set(STATE_BYTES, process, value=size)
            self._count(REPLANNED, role, total=stats.replanned)
            self._count(QUARANTINED, role, total=stats.quarantined)
            self._count(REBALANCES, role, total=stats.rebalances)
            self._count(RESTORED, role, total=stats.restored)
            self._meter.set(LAG, role, value=engine.lag())
            self._count(CHECKPOINTS, role, total=stats.checkpoints)
            self._count(CHECKPOINT_SECONDS, role, total=stats.checkpoint_seconds)

    def _counts(self, metric: Metric, totals: Mapping[str, float]) -> None:
        for label, total in totals.items():
            self._count(metric, label, total=total)

    def _count(self, metric: Metric, *labels: str, total: float) -> None:
        """Bring a counter up to a total; a total that fell began anew (the embedded broker was emptied)."""
        at = (metric.name, *labels)
        seen = self._seen.get(at, 0.0)
        self._meter.inc(metric, *labels, by=total - seen if total >= seen else total)
        self._seen[at] = total
