"""Job J on Quix Streams with state and changelog; runs in an environment of its own, so it imports nothing of ours."""

import json
import os
import sys
import tempfile
import time
import uuid
from typing import Any

import msgspec
from quixstreams import Application
from quixstreams.models.topics.manager import TopicManager

SPAN_MS = 300_000
job = json.loads(sys.argv[1])


class Event(msgspec.Struct, gc=False):
    """What job J reads."""

    case_id: str
    ts: int


decode = msgspec.json.Decoder(Event).decode
begun: list[float] = []
done = [0, 0]


def tick(_: Any) -> None:
    """One event is counted."""
    done[0] += 1
    if not begun and done[0] >= job["warm"]:
        begun.extend((time.perf_counter(), time.process_time()))
        done[1] = done[0]
    elif begun and (done[0] >= job["count"] or time.perf_counter() - begun[0] > job["seconds"]):
        events = done[0] - done[1]
        wall, cpu = time.perf_counter() - begun[0], time.process_time() - begun[1]
        print(json.dumps({"per_second": events / wall, "cpu_us": cpu / events * 1e6}), flush=True)
        os._exit(0)


def count(event: Event, state: Any) -> Event:
    """All events of a case."""
    state.set("total", state.get("total", 0) + 1)
    return event


def derive_with_retention(*arguments: Any) -> Any:
    """The embedded broker tells no retention, which the library asks for."""
    for topic in arguments[-1]:
        topic.broker_config.extra_config.setdefault("retention.ms", "-1")
    return derive(*[one for one in arguments if not isinstance(one, (TopicManager, type))])


derive = TopicManager.derive_topic_config
TopicManager.derive_topic_config = staticmethod(derive_with_retention)
app = Application(
    broker_address=job["broker"],
    consumer_group=uuid.uuid4().hex,
    auto_offset_reset="earliest",
    loglevel="ERROR",
    state_dir=tempfile.mkdtemp(prefix="hallwatch-bench-"),
    use_changelog_topics=True,
    commit_interval=0.25,
    consumer_extra_config={
        "session.timeout.ms": 6_000,
        "queued.min.messages": 100_000,
        "fetch.max.bytes": 32 << 20,
        "check.crcs": True,
    },
)
topic = app.topic(
    job["topic"],
    key_deserializer="str",
    value_deserializer="bytes",
    timestamp_extractor=lambda value, *_: (decode(value) if type(value) is bytes else value).ts,
)
frame = app.dataframe(topic).apply(decode).apply(count, stateful=True)
frame.tumbling_window(SPAN_MS).count().current().update(tick)
app.run()
