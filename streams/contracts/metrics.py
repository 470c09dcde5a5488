"""Every metric: name, kind, labels and one sentence. A misspelt name fails type checking."""

from typing import Literal, NamedTuple

Kind = Literal["counter", "gauge", "histogram"]


class Metric(NamedTuple):
    """One metric as Prometheus shows it."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()


ACCEPTED = Metric("hallwatch_accepted", "counter", "Events accepted into the journal.", ("feed",))
DEAD = Metric("hallwatch_dead_letters", "counter", "Records set aside as dead letters.", ("place",))
PROCESSED = Metric("hallwatch_processed", "counter", "Records that a process has worked on.", ("process",))
LAG = Metric("hallwatch_lag_records", "gauge", "Records written but not yet worked on.", ("role",))
CHECKPOINTS = Metric("hallwatch_checkpoints", "counter", "Checkpoints that wrote something.", ("role",))
CHECKPOINT_SECONDS = Metric(
    "hallwatch_checkpoint_seconds", "counter", "Time spent in checkpoints, from cut to commit.", ("role",)
)
SUBJECTS = Metric("hallwatch_subjects", "gauge", "Keys that a process holds.", ("process",))
STORED = Metric("hallwatch_stored_rows", "counter", "Rows written to the store.", ("table",))
STORE_UP = Metric("hallwatch_store_up", "gauge", "1 while the store answers.")
PUSHED = Metric("hallwatch_pushes", "counter", "Tellings by channel and verdict.", ("channel", "verdict"))
HORIZON = Metric("hallwatch_horizon_seconds", "gauge", "Business time up to which a feed is complete.", ("feed",))
OPEN_FINDINGS = Metric("hallwatch_open_findings", "gauge", "Findings open now, by level.", ("level",))

METRICS: tuple[Metric, ...] = (
    ACCEPTED,
    DEAD,
    PROCESSED,
    LAG,
    CHECKPOINTS,
    CHECKPOINT_SECONDS,
    SUBJECTS,
    STORED,
    STORE_UP,
    PUSHED,
    HORIZON,
    OPEN_FINDINGS,
)
"""Every metric there is."""
