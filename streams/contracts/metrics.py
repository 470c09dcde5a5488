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
BATCHES = Metric(
    "hallwatch_batches",
    "counter",
    "Batches that a process has worked through; records by batches is their size.",
    ("process",),
)
WAKES = Metric("hallwatch_wakes", "counter", "Wakes of subjects that have fired.", ("process",))
WAKE_SECONDS = Metric(
    "hallwatch_wake_seconds",
    "counter",
    "Time from when fired wakes were due to the mark, event or clock that fired them, summed.",
    ("process",),
)
REPLANNED = Metric("hallwatch_replanned", "counter", "Subjects judged again for a registry version.", ("role",))
QUARANTINED = Metric(
    "hallwatch_quarantined", "counter", "Subjects set still because a wake or a judging again raised.", ("role",)
)
REBALANCES = Metric("hallwatch_rebalances", "counter", "Times that the group gave out partitions.", ("role",))
RESTORED = Metric("hallwatch_restored_rows", "counter", "Rows read back from changelogs.", ("role",))
STATE_BYTES = Metric("hallwatch_state_bytes", "gauge", "Size of all rows of a process.", ("process",))
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
    BATCHES,
    WAKES,
    WAKE_SECONDS,
    REPLANNED,
    QUARANTINED,
    REBALANCES,
    RESTORED,
    STATE_BYTES,
    SUBJECTS,
    STORED,
    STORE_UP,
    PUSHED,
    HORIZON,
    OPEN_FINDINGS,
)
"""Every metric there is."""
