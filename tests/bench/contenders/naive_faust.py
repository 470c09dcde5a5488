"""Job J as the Faust manual would write it: a Record model and two tables with their changelogs."""

import os
import tempfile
import uuid
from typing import Any

import faust

from tests.bench.contenders.stopwatch import Stopwatch, told
from tests.bench.counting import PARTITIONS, SPAN_MS

job = told()
watch = Stopwatch(job)
app: Any = faust.App(
    f"naive-{uuid.uuid4().hex[:8]}",
    broker=f"kafka://{job.broker}",
    store="memory://",
    topic_partitions=PARTITIONS,
    topic_replication_factor=1,
    datadir=tempfile.mkdtemp(prefix="hallwatch-bench-"),
    topic_disable_leader=True,
    web_enabled=False,
    broker_session_timeout=6.0,
    broker_rebalance_timeout=6.0,
    broker_heartbeat_interval=1.0,
    worker_redirect_stdouts=False,
    consumer_auto_offset_reset="earliest",
    broker_commit_interval=0.25,
)


class Event(faust.Record, serializer="json"):
    """What job J reads."""

    case_id: str
    ts: int


totals = app.Table("totals", default=int, partitions=PARTITIONS)
spans = app.Table("spans", default=int, partitions=PARTITIONS).tumbling(SPAN_MS / 1_000, expires=3_600.0)


@app.agent(app.topic(job.topic, value_type=Event, partitions=PARTITIONS))  # type: ignore[untyped-decorator]
async def count(events: Any) -> None:
    """Count."""
    done = 0
    async for event in events:
        totals[event.case_id] += 1
        spans[event.case_id] += 1
        done += 1
        if watch.look(done):
            watch.answer()
            os._exit(0)  # what is measured is over; an orderly end of the worker takes seconds


if __name__ == "__main__":
    faust.Worker(app, loglevel="INFO").execute_from_commandline()
