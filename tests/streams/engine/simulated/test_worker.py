from random import Random

from streams.contracts.codec import encode
from streams.engine.log import Entry, Place
from streams.engine.simulated.log import MemoryLog
from streams.engine.simulated.worker import CHANGELOG, Clock, Notice, Pieces, Worker
from tests.streams.engine.toy import NOTES, TOLD, Counter, Note

NOTES_AT = Place(NOTES.name, 0)


def _worker(log: MemoryLog, generation: int = 1) -> Worker:
    worker = Worker(Counter(), log, Random(generation), Clock(), Pieces())
    worker.notice = Notice(generation, frozenset({0}))
    return worker


def _until_idle(worker: Worker) -> None:
    for _ in range(5_000):
        assert worker.step()
        if worker.idle():
            return
    raise AssertionError("it does not come to rest")


def test_a_worker_follows_its_group_works_writes_and_commits() -> None:
    log = MemoryLog()
    log.put(NOTES_AT, [Entry(b"a", encode(Note(occurred_ms=1)), 1)] * 7)
    worker = _worker(log)
    _until_idle(worker)
    assert worker.holding.held(Place(CHANGELOG, 0)).shard.state("a").count == 7
    assert len(log.records[Place(TOLD.name, 0)]) == 7
    for _ in range(500):
        worker.step()
    assert log.committed == {NOTES_AT: 7}


def test_a_killed_worker_never_does_anything_again() -> None:
    log = MemoryLog()
    worker = _worker(log)
    worker.kill()
    assert not worker.idle()
    assert not any(log.records.values())


def test_one_whose_partitions_were_taken_over_finds_out_by_itself() -> None:
    log = MemoryLog()
    zombie = _worker(log)
    _until_idle(zombie)
    _until_idle(_worker(log, generation=2))
    log.put(NOTES_AT, [Entry(b"a", encode(Note(occurred_ms=1)), 1)])
    steps = 0
    while zombie.step():
        steps += 1
        assert steps < 5_000
    assert log.records[Place(TOLD.name, 0)] == []


def test_behind_a_lost_batch_nothing_is_worked_on() -> None:
    log = MemoryLog()
    worker = _worker(log)
    _until_idle(worker)
    log.put(NOTES_AT, [Entry(b"a", encode(Note(occurred_ms=1)), 1)] * 50)
    while not worker.lost_a_batch:
        assert worker.step()
        worker.lose_a_batch()
    for _ in range(3_000):
        worker.step()
    assert log.committed.get(NOTES_AT, 0) < 50
    assert not worker.idle()
