"""Settings of an engine."""

from dataclasses import dataclass, field

from streams.contracts.topics import ALERTS, FINDINGS, PUSH_REQUESTS
from streams.engine.aside import LEAD_MS


@dataclass(frozen=True)
class EngineSettings:
    """How an engine reads and writes.

    `partitions`: of every topic it reads and writes. `checkpoint_seconds`: between regular checkpoints, each followed
    by a commit. `behind_seconds`: the same while far behind, see `pace`; an output to an `urgent` topic then waits as
    long as between regular ones. `hurry_seconds`: how long an output to an `urgent` topic may wait otherwise.
    `slice_seconds`: the longest stretch of work between two looks at the loop. `patience_seconds`: how long reading
    back may bring nothing, or work that is there may stand still, before the worker ends and says where.
    `session_seconds`: silence after which the group gives a worker's partitions to others; 2 is for the broker that
    lives and dies with us, a real Kafka refuses less than 6.
    `coalesced`: topics of which only the last output of a key within one checkpoint is worth sending.
    """

    partitions: int = 8
    checkpoint_seconds: float = 0.25
    behind_seconds: float = 1.0
    hurry_seconds: float = 0.005
    tick_seconds: float = 0.1
    slice_seconds: float = 0.02
    fetch_max_wait_ms: int = 50
    batch_max: int = 2000
    poll_max: int = 5000
    buffer_batches: int = 16
    session_seconds: float = 2.0
    rebalance_seconds: float = 60.0
    heartbeat_seconds: float = 0.3
    check_crcs: bool = True
    replication: int = 1
    hot_max: int = 100_000
    lead_ms: int = LEAD_MS
    patience_seconds: float = 30.0
    urgent: frozenset[str] = field(default_factory=lambda: frozenset({FINDINGS.name, ALERTS.name, PUSH_REQUESTS.name}))
    coalesced: frozenset[str] = frozenset()
