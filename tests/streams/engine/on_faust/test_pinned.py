"""The private parts that the adapter overrides or calls: when a library changes one, this says what to look at."""

import hashlib
import inspect
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest

VERSIONS = {"faust-streaming": "0.15.3", "aiokafka": "0.14.0", "mode-streaming": "0.7.1"}

KAFKA = "faust.transport.drivers.aiokafka"
POLL = "the polling loop is ours (transport.BatchConsumer._drain_messages): compare what else each round does now"
SEEK = "seeking is ours (transport.BatchThread._seek_all): one step must set every position and count the seek"
COMMIT = "commits are ours (transport.BatchConsumer._commit_tps): state first, then these offsets"
TABLES = "state is ours (table.ShardStore, state.Tables): who calls it, when, and what is read back from changelogs"
WRITER = "faust_log.FaustLog builds record batches itself: order, acknowledgement and base offsets must stay"
START = "app.QuickTableManager leaves out the one second of sleep and nothing else"
ABANDON = "with a broker gone producer and consumer must end: FaustLog.abandon, BatchThread.on_thread_stop"
BEAT = "transport.BatchThread.on_partitions_assigned starts heartbeats early; starting them twice must be harmless"
LEAN = (
    "lean.LeanRecords sees each fetch go by; faust_log._fill calls the builder inside a batch: compare what they skip"
)
LIFE = "app.EngineApp: when the flow runs again after a rebalance"

PINNED = [
    (f"{KAFKA}.AIOKafkaConsumerThread._create_worker_consumer", "9246a21942b3", "fetch_max_wait_ms is set afterwards"),
    (f"{KAFKA}.AIOKafkaConsumerThread.seek_to_committed", "f037ef0a4002", SEEK),
    (f"{KAFKA}.AIOKafkaConsumerThread.on_thread_stop", "b7b22072f6a9", ABANDON),
    (f"{KAFKA}.AIOKafkaConsumerThread._fetch_records", "8e15801cd1ae", POLL),
    (f"{KAFKA}.AIOKafkaConsumerThread.verify_event_path", "447b2a564666", "left out: it guesses from single events"),
    (f"{KAFKA}.AIOKafkaConsumerThread._ensure_consumer", "fb572c79c106", SEEK),
    (f"{KAFKA}.Consumer._new_consumer_thread", "991867355aba", "ours is made in its place"),
    (f"{KAFKA}.Consumer._to_message", "54f816ca1d22", "transport.BatchConsumer._message fills the same fields"),
    (f"{KAFKA}.Producer._ensure_producer", "48b0a1acb3d8", WRITER),
    ("faust.transport.consumer.ConsumerThread.on_partitions_assigned", "9f49ec22e640", BEAT),
    ("faust.transport.consumer.Consumer._drain_messages", "b62bd6539aeb", POLL),
    ("faust.transport.consumer.Consumer._wait_next_records", "62b6a4fb3f1c", POLL),
    ("faust.transport.consumer.Consumer.perform_seek", "3abec3df46b4", SEEK),
    ("faust.transport.consumer.Consumer._commit_tps", "7c9461c4a361", COMMIT),
    ("faust.transport.consumer.Consumer._should_commit", "c4a45ac66a56", COMMIT),
    ("faust.transport.consumer.Consumer._commit_offsets", "ba855c1ad21f", COMMIT),
    ("faust.app.base.App._new_transport", "bcd71ef2af8c", "ours is made in its place"),
    ("faust.app.base.App.on_first_start", "408c2a4a3e95", "left out: it makes a data folder"),
    ("faust.app.base.App._producer_flush", "083e78495a0f", "left out: appends are waited for, each by whoever made it"),
    ("faust.app.base.App.on_rebalance_end", "e56c4914e831", LIFE),
    ("faust.tables.manager.TableManager.on_start", "ff7f72f993a6", START),
    ("faust.tables.manager.TableManager._update_channels", "49b93df9b674", START),
    ("faust.tables.base.Collection.info", "e93eb97add9d", "table.ShardTable.info adds what a clone needs"),
    ("faust.tables.base.Collection._new_store", "325d44c72ab7", TABLES),
    ("faust.tables.recovery.Recovery.on_rebalance", "ccf60b5f1747", TABLES),
    ("faust.stores.memory.Store.__post_init__", "87cd8bed479b", TABLES),
    ("faust.stores.memory.Store.apply_changelog_batch", "e66e3c820e6c", TABLES),
    ("faust.stores.base.Store.persisted_offset", "c7f1ca5ffa4d", TABLES),
    ("faust.stores.base.Store.set_persisted_offset", "38f01e259414", TABLES),
    ("faust.stores.base.Store.on_rebalance", "826e5d6dc6c2", TABLES),
    ("faust.stores.base.Store.on_recovery_completed", "9f73a511f1f0", TABLES),
    ("aiokafka.consumer.consumer.AIOKafkaConsumer.seek_to_committed", "1c44c254fdbb", SEEK),
    ("aiokafka.consumer.fetcher.Fetcher.seek_to", "a5f0c8182417", SEEK),
    ("aiokafka.consumer.fetcher.Fetcher.request_offset_reset", "5527f631585a", SEEK),
    ("aiokafka.consumer.consumer.AIOKafkaConsumer.stop", "943e5035e1b1", ABANDON),
    ("aiokafka.consumer.group_coordinator.GroupCoordinator._on_join_complete", "511172b83943", BEAT),
    ("aiokafka.consumer.group_coordinator.GroupCoordinator._start_heartbeat_task", "48fe5651b1e2", BEAT),
    ("aiokafka.consumer.group_coordinator.GroupCoordinator.ensure_active_group", "37c820655b61", BEAT),
    ("aiokafka.producer.producer.AIOKafkaProducer.stop", "a479f099ac26", ABANDON),
    ("aiokafka.producer.sender.Sender._sender_routine", "92df9018a3a3", ABANDON),
    ("aiokafka.consumer.fetcher.PartitionRecords._unpack_records", "64d9a048c8ea", LEAN),
    ("aiokafka.consumer.fetcher.PartitionRecords._consumer_record", "d988b9ef0d7f", LEAN),
    ("aiokafka.consumer.fetcher.Fetcher._proc_fetch_request", "120083e326eb", LEAN),
    ("aiokafka.consumer.fetcher.Fetcher.fetched_records", "377ee3925c9f", LEAN),
    ("aiokafka.producer.message_accumulator.BatchBuilder.append", "c0b2e09ce51f", LEAN),
    ("aiokafka.producer.producer.AIOKafkaProducer.create_batch", "59962f6db0b0", WRITER),
    ("aiokafka.producer.producer.AIOKafkaProducer.send_batch", "94a05520ee3c", WRITER),
]


def _found(path: str) -> Any:
    module, owner, name = path.rsplit(".", 2)
    return getattr(getattr(import_module(module), owner), name)


def test_the_libraries_whose_private_parts_are_used_are_the_ones_that_were_read() -> None:
    assert {name: version(name) for name in VERSIONS} == VERSIONS


@pytest.mark.parametrize(("path", "known", "look_at"), PINNED, ids=[path for path, _, _ in PINNED])
def test_a_private_part_is_as_it_was_when_it_was_read(path: str, known: str, look_at: str) -> None:
    found = hashlib.blake2b(inspect.getsource(_found(path)).encode(), digest_size=6).hexdigest()
    assert found == known, f"{path} is another one now ({found}). Look at this: {look_at}"
