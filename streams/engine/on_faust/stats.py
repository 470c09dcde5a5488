"""What an engine has done, for metrics."""

from collections.abc import Mapping
from dataclasses import dataclass

from streams.engine.checkpoint import Checkpoints
from streams.engine.counts import Counts
from streams.engine.holding import Holding


@dataclass(frozen=True)
class EngineStats:
    """Counts since the start; mappings are by process, `checkpoint_seconds` and `wake_seconds` summed.

    `subjects`: of the shards held now. `fenced`: records of replaced owners that were dropped, see `ownership`.
    `wake_seconds`: from when fired wakes were due to the mark, the event or the clock that fired them.
    """

    processed: Mapping[str, int]
    batches: Mapping[str, int]
    wakes: Mapping[str, int]
    wake_seconds: Mapping[str, float]
    subjects: Mapping[str, int]
    dead: int
    quarantined: int
    skipped: int
    fenced: int
    refused: int
    replanned: int
    rebalances: int
    resent: int
    restored: int
    checkpoints: int
    checkpoint_seconds: float


def count(
    done: Mapping[str, Counts],
    holding: Holding,
    checkpoints: Checkpoints,
    checkpoint_seconds: float,
    refused: int,
) -> EngineStats:
    """Put together; `done` by process."""
    subjects: dict[str, int] = {}
    for held in holding.all():
        subjects[held.shard.name] = subjects.get(held.shard.name, 0) + len(held.shard)
    counts = done.values()
    return EngineStats(
        processed={name: one.processed for name, one in done.items() if one.processed},
        batches={name: one.batches for name, one in done.items() if one.batches},
        wakes={name: one.fired for name, one in done.items() if one.fired},
        wake_seconds={name: one.overslept_ms / 1000 for name, one in done.items() if one.fired},
        subjects=subjects,
        dead=sum(one.dead for one in counts),
        quarantined=sum(one.quarantined for one in counts),
        skipped=sum(one.skipped for one in counts),
        fenced=sum(one.fenced for one in counts),
        replanned=sum(one.replanned for one in counts),
        rebalances=holding.rebalances,
        refused=refused,
        resent=holding.resent,
        restored=holding.restored,
        checkpoints=checkpoints.count,
        checkpoint_seconds=checkpoint_seconds,
    )
