from typing import Any, get_args

import msgspec
import pytest
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as their_murmur2
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.mark import MARK_KEY
from streams.contracts.topics import (
    ALERTS,
    BY_NAME,
    CASES,
    CLOCKS,
    DEAD_LETTERS,
    FINDINGS,
    PUSH_REQUESTS,
    PUSHES,
    RANKINGS,
    TOPICS,
    Topic,
    murmur2,
    partition_of,
)

STAMPED = (CASES, CLOCKS, FINDINGS, ALERTS, PUSH_REQUESTS, PUSHES, DEAD_LETTERS, RANKINGS)
"""Topics whose first contract is an output that the engine stamps."""


def _kinds(topic: Topic) -> tuple[Any, ...]:
    return get_args(topic.contract) or (topic.contract,)


@pytest.mark.parametrize(
    ("key", "hashed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_the_hash_is_the_one_that_kafka_publishes(key: bytes, hashed: int) -> None:
    assert murmur2(key) == hashed % 2**32


@given(st.binary(max_size=80))
def test_the_hash_agrees_with_another_client_for_any_bytes(key: bytes) -> None:
    assert murmur2(key) == their_murmur2(key) % 2**32


@given(st.binary(max_size=40), st.integers(min_value=1, max_value=200))
def test_a_key_goes_to_the_partition_where_every_other_client_puts_it(key: bytes, partitions: int) -> None:
    everything = list(range(partitions))
    assert partition_of(key, partitions) == DefaultPartitioner()(key, everything, everything)


def test_no_two_topics_share_a_name() -> None:
    assert len(BY_NAME) == len(TOPICS)
    assert all(BY_NAME[topic.name] is topic for topic in TOPICS)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_what_flows_cannot_be_changed_and_costs_the_collector_nothing(topic: Topic) -> None:
    for kind in _kinds(topic):
        config = kind.__struct_config__
        assert config.frozen, f"{kind.__name__} must be frozen"
        assert not config.gc, f"{kind.__name__} must have gc=False"


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if len(_kinds(topic)) > 1], ids=lambda topic: topic.name)
def test_kinds_that_share_a_topic_are_told_apart_by_their_kind(topic: Topic) -> None:
    tags = [kind.__struct_config__.tag for kind in _kinds(topic)]
    assert all(tags)
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("topic", STAMPED, ids=lambda topic: topic.name)
def test_what_a_process_puts_out_has_room_for_the_stamps_of_the_engine(topic: Topic) -> None:
    fields = {field.name for field in msgspec.structs.fields(_kinds(topic)[0])}
    assert {"version", "known_at"} <= fields


def test_the_key_of_marks_hashes_like_any_other_key() -> None:
    assert 0 <= partition_of(MARK_KEY, 7) < 7
