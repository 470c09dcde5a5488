from collections import OrderedDict
from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from streams.engine.on_faust.lean import read_leanly

OURS, OTHER = TopicPartition("notes", 0), TopicPartition("other", 0)


def _records(place: TopicPartition, fetch_offset: int) -> Any:
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1 << 16)
    for n in range(4):
        builder.append(n, 1_000 + n, b"k%d" % n, b"v%d" % n, [("sender", b"x")] if n == 3 else [])
    raw = MemoryRecords(bytes(builder.build()))
    return PartitionRecords(place, raw, [], fetch_offset, None, None, True, 0)


def _fetcher(*places: TopicPartition) -> Any:
    found = [(place, SimpleNamespace(_partition_records=_records(place, 1))) for place in places]
    return SimpleNamespace(_records=OrderedDict(found))


def test_records_say_what_aiokafkas_own_would_and_begin_where_was_asked() -> None:
    fetcher = _fetcher(OURS)
    read_leanly(fetcher, ["notes"])
    lean, own = fetcher._records[OURS]._partition_records, _records(OURS, 1)
    read, expected = list(lean), list(own)
    assert [(one.offset, one.timestamp, one.key, one.value, tuple(one.headers)) for one in read] == [
        (one.offset, one.timestamp, one.key, one.value, one.headers) for one in expected
    ]
    assert [type(one).__name__ for one in read + expected] == ["DefaultRecord"] * 3 + ["ConsumerRecord"] * 3
    assert lean.next_fetch_offset == own.next_fetch_offset == 4


def test_what_is_fetched_later_is_read_so_too_and_other_topics_are_left_alone() -> None:
    fetcher = _fetcher()
    read_leanly(fetcher, ["notes"])
    kept = fetcher._records
    fetcher._records[OURS] = SimpleNamespace(_partition_records=_records(OURS, 0))
    fetcher._records[OTHER] = SimpleNamespace(_partition_records=_records(OTHER, 0))
    fetcher._records[TopicPartition("notes", 1)] = SimpleNamespace(error="none of our records")
    read_leanly(fetcher, ["notes"])
    assert fetcher._records is kept
    types = [type(next(iter(kept[place]._partition_records))).__name__ for place in (OURS, OTHER)]
    assert types == ["DefaultRecord", "ConsumerRecord"]
