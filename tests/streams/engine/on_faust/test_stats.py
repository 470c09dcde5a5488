import asyncio

from streams.contracts.codec import encode
from streams.engine.checkpoint import Checkpoints
from streams.engine.counts import Counts
from streams.engine.holding import Holding
from streams.engine.log import Place
from streams.engine.on_faust.stats import count
from streams.engine.shard import Shard
from streams.engine.simulated.log import Kept, MemoryLog
from streams.engine.simulated.worker import Turnstile
from tests.streams.engine.toy import Counter, Note


def test_what_dropped_shards_have_done_still_counts() -> None:
    counts, log, at = Counts(), MemoryLog(), Place("changelog", 0)
    holding = Holding(log, lambda place: Shard(Counter(), 0, partitions=1, counts=counts), lambda _: None)
    checkpoints = holding.checkpoints = Checkpoints(holding.all, log, Turnstile())
    for generation, places in ((1, [at]), (2, [])):
        asyncio.run(holding.assign(places, generation))
        asyncio.run(holding.activate(places))
        for place in places:
            for _ in holding.held(place).shard.work([Kept(1, 1, b"a", encode(Note(occurred_ms=1)))]):
                pass
            asyncio.run(checkpoints.run())
            assert count({"counter": counts}, holding, checkpoints, 0.5, 3).subjects == {"counter": 1}
    stats = count({"counter": counts, "idle": Counts()}, holding, checkpoints, 0.5, 3)
    assert (stats.processed, stats.subjects) == ({"counter": 1}, {})
    assert (stats.batches, stats.wakes, stats.rebalances) == ({"counter": 1}, {}, 2)
    assert (stats.checkpoints, stats.checkpoint_seconds, stats.refused) == (1, 0.5, 3)
