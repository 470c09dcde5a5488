import asyncio
import signal
from collections import Counter as Tally
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from faust.types import TP

from deploy.broker_topics import make_topics
from deploy.embedded.children import start_broker, stop_child
from streams.contracts.errors import UnavailableError
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.mark import RegistryMark
from streams.contracts.topics import DEAD_LETTERS, partition_of
from streams.engine.log import Place
from streams.engine.on_faust.engine import Engine, EngineSettings
from streams.engine.on_faust.reader import Reader
from streams.engine.on_faust.restore import StuckError
from streams.engine.ownership import OWNER_KEY, FencedError
from tests.streams.engine.on_faust.hall import PARTITIONS, Hall, bodies, idle, read_all, until, wall_ms
from tests.streams.engine.toy import NOTES, TOLD, TOY_TOPICS, Counted, Counter, Note, Told

SETTINGS = EngineSettings(partitions=PARTITIONS)
Job = Callable[[Hall], Coroutine[Any, Any, None]]


def _engine(hall: Hall, role: str = "count", **options: Any) -> Engine:
    options = {"settings": SETTINGS, "now": wall_ms, "processes": [Counter()], **options}
    return Engine(role, hall.broker, ends=hall.ends, **options)


def _run(broker: str, job: Job) -> None:
    async def main() -> None:
        async with Hall(broker) as hall:
            await job(hall)

    asyncio.run(main())


def _state(engine: Engine, key: str) -> Counted | None:
    found: Counted | None = engine._tables.table("counter").shard(partition_of(key.encode(), PARTITIONS)).state(key)
    return found


def _left_open() -> list[str]:
    """Tasks of the adapter and of Faust that still run."""
    running = map(repr, asyncio.all_tasks() - {asyncio.current_task()})
    return [told for told in running if "on_faust/" in told or "/faust/" in told]


def test_events_marks_and_poison_flow_through_to_topics(broker: str) -> None:
    async def job(hall: Hall) -> None:
        heard: list[str] = []
        engine = _engine(hall, on_dead=lambda letter: heard.append(letter.reason))
        await engine.start()
        for n in range(2_000):
            await hall.send(f"k{n % 100}", Note(occurred_ms=1_000 + n), at_ms=10_000 + n)
        await hall.send("k1", b"{", at_ms=13_000)
        await hall.send("k2", Note(occurred_ms=1, what="bad"), at_ms=13_000)
        wrong = (partition_of(b"lost", PARTITIONS) + 1) % PARTITIONS
        await hall.send("lost", Note(occurred_ms=1), at_ms=13_000, partition=wrong)
        await hall.horizon(3_949, at_ms=20_000)
        await hall.sent()
        await idle(engine)
        assert {_state(engine, f"k{n}") and _state(engine, f"k{n}").count for n in range(100)} == {20}  # type: ignore[union-attr]
        assert len(heard) == engine.stats.dead == 3
        await engine.stop()
        told = await read_all(hall.broker, TOLD.name)
        what = Tally(body.what for body in bodies(told, Told))
        assert what == {"counted": 2_000, "quiet": 50}
        assert len(await read_all(hall.broker, DEAD_LETTERS.name)) == 3
        for record, body in zip(told, bodies(told, Told), strict=True):
            assert body.known_at is not None
            assert record.timestamp == to_ms(body.known_at)
            assert record.partition == partition_of(record.key or b"", PARTITIONS)
        assert {to_ms(b.known_at) for b in bodies(told, Told) if b.what == "quiet" and b.known_at} == {20_000}

    _run(broker, job)


def test_a_restarted_worker_goes_on_where_it_stopped(broker: str) -> None:
    async def job(hall: Hall) -> None:
        for life in (1, 2):
            engine = _engine(hall)
            await engine.start()
            for n in range(300):
                await hall.send(f"k{n % 30}", Note(occurred_ms=n))
            await hall.sent()
            await idle(engine)
            state = _state(engine, "k7")
            assert state is not None
            assert state.count == life * 10
            assert engine.stats.processed == {"counter": 300}
            assert (engine.stats.restored > 0) == (life == 2)
            await engine.stop()

    _run(broker, job)


def test_a_registry_mark_switches_every_partition(broker: str) -> None:
    async def job(hall: Hall) -> None:
        engine = _engine(hall, processes=[Counter("v1")], registry_version="v1")
        await engine.start()
        for n in range(40):
            await hall.send(f"k{n}", Note(occurred_ms=n), at_ms=50)
        await hall.mark(RegistryMark(version="v2"), at_ms=60)
        await hall.sent()
        await idle(engine)
        assert engine.stats.replanned == 40
        await engine.stop()
        told = bodies(await read_all(hall.broker, TOLD.name), Told)
        assert {body.known_at for body in told if body.what == "replanned"} == {from_ms(60)}

    _run(broker, job)


def test_wakes_without_a_feed_fire_by_the_clock_unless_ticks_are_held(broker: str) -> None:
    async def job(hall: Hall) -> None:
        now = [5_000]
        engine = _engine(hall, now=lambda: now[0])
        engine.hold_ticks()
        await engine.start()
        await hall.send("a", Note(occurred_ms=1_000, feed=""), at_ms=1_000)
        await hall.sent()
        await idle(engine)
        await asyncio.sleep(0.25)
        assert engine.stats.wakes == {}
        engine.release_ticks()
        await until(lambda: engine.stats.wakes == {"counter": 1} and engine.idle())
        await engine.stop()
        told = bodies(await read_all(hall.broker, TOLD.name), Told)
        assert [(body.what, body.known_at) for body in told] == [("counted", from_ms(1_000)), ("quiet", from_ms(2_000))]

    _run(broker, job)


def test_an_urgent_output_does_not_wait_for_the_regular_checkpoint(broker: str) -> None:
    async def job(hall: Hall) -> None:
        slow = replace(SETTINGS, checkpoint_seconds=3_600.0, urgent=frozenset({TOLD.name}))
        engine = _engine(hall, settings=slow)
        await engine.start()
        await hall.send("a", Note(occurred_ms=1))
        await hall.sent()
        await idle(engine)
        await engine.stop()

    _run(broker, job)


def test_rows_of_a_snapshot_go_on_in_another_broker_incarnation(broker: str) -> None:
    async def job(hall: Hall) -> None:
        first = _engine(hall, "first", incarnation="one")
        await first.start()
        for n in range(200):
            await hall.send(f"k{n % 20}", Note(occurred_ms=n))
        await hall.sent()
        await idle(first)
        rows = list(first.rows())
        await first.stop()
        second = _engine(hall, "second", incarnation="two")  # reads the same records, as if another broker held them
        second.load_rows(rows)
        await second.start()
        await idle(second)
        state = _state(second, "k3")
        assert state is not None
        assert state.count == 20
        assert second.stats.resent == 0
        await second.stop()

    _run(broker, job)


def test_a_reader_moves_on_only_when_its_records_are_safe(broker: str) -> None:
    async def job(hall: Hall) -> None:
        seen: list[int] = []
        waiting: list[Callable[[], None]] = []

        async def write(
            topic: str, partition: int, records: Sequence["ConsumerRecord[bytes, bytes]"], done: Callable[[], None]
        ) -> None:
            seen.append(len(records))
            waiting.append(done)

        reader = Reader("store", [NOTES.name], write)
        engine = _engine(hall, "sink", processes=(), readers=[reader])
        await engine.start()
        for n in range(50):
            await hall.send(f"k{n}", Note(occurred_ms=n))
        await hall.sent()
        await until(lambda: sum(seen) == 50)
        assert not engine.idle()
        await engine.stop()
        seen.clear()
        waiting.clear()
        again = _engine(hall, "sink", processes=(), readers=[reader])
        await again.start()
        await until(lambda: sum(seen) == 50)
        for done in waiting:
            done()
        await idle(again)
        await again.stop()
        seen.clear()
        third = _engine(hall, "sink", processes=(), readers=[reader])
        await third.start()
        await idle(third)
        await third.stop()
        assert seen == []

    _run(broker, job)


def test_a_replaced_worker_ends_when_it_is_told_to_and_leaves_nothing_open(broker: str) -> None:
    async def job(hall: Hall) -> None:
        engine = _engine(hall)
        await engine.start()
        changelog = engine._tables.table("counter").changelog_name
        for partition in range(PARTITIONS):
            await (await hall.producer.send(changelog, b"", key=OWNER_KEY, partition=partition))
        await hall.send("a", Note(occurred_ms=1))
        await until(engine.failed.done)
        with pytest.raises(FencedError, match="taken over"):
            engine.failed.result()
        await asyncio.wait_for(engine.stop(), 60)
        assert await read_all(hall.broker, TOLD.name) == []
        assert _left_open() == []

    _run(broker, job)


def test_one_partition_that_stands_still_among_working_ones_ends_the_worker_by_name(broker: str) -> None:
    async def job(hall: Hall) -> None:
        now = [0.0]
        engine = _engine(hall, clock=lambda: now[0])
        keys = {partition_of(f"k{n}".encode(), PARTITIONS): f"k{n}" for n in range(50)}
        admit = engine._positions.admit
        lost: list[int] = []

        def losing(reader: str, place: Place, seek: int, number: int) -> bool:
            if place.partition == 1 and not lost:
                lost.append(number)  # on the way; those behind it are refused
                return False
            return admit(reader, place, seek, number)

        engine._positions.admit = losing  # type: ignore[method-assign]
        await engine.start()
        others = [Place(NOTES.name, partition) for partition in keys if partition != 1]
        async with asyncio.timeout(60):
            while not engine.failed.done():
                for key in keys.values():
                    await hall.send(key, Note(occurred_ms=1))
                await hall.sent()
                while not engine.failed.done() and not all(
                    engine._positions.reached(place) >= hall.ends[place] for place in others
                ):
                    await asyncio.sleep(0.01)
                now[0] += SETTINGS.patience_seconds / 3
        with pytest.raises(StuckError, match=f"{NOTES.name}/1 stands at"):
            engine.failed.result()
        await engine.stop()

    _run(broker, job)


def test_a_worker_whose_broker_is_gone_ends_when_it_is_told_to_and_leaves_nothing_open() -> None:
    async def main() -> None:
        child, address = start_broker()
        try:
            make_topics(address, (*TOY_TOPICS, DEAD_LETTERS), PARTITIONS)
            async with Hall(address) as hall:
                engine = _engine(hall)
                await engine.start()
                await asyncio.wait_for(engine._log.answer(), 60)
                await hall.send("a", Note(occurred_ms=1))
                await until(lambda: engine.stats.processed == {"counter": 1})
                child.kill()  # with a row on its way, or soon
                await asyncio.sleep(0.5)
                engine.give_up(UnavailableError("the broker is gone"))
                await asyncio.wait_for(engine.stop(), 60)
        finally:
            stop_child(child)
        assert _left_open() == []

    asyncio.run(main())


def test_a_broker_that_hangs_ends_the_worker() -> None:
    async def main() -> None:
        child, address = start_broker()
        try:
            make_topics(address, (*TOY_TOPICS, DEAD_LETTERS), PARTITIONS)
            async with Hall(address) as hall:
                engine = _engine(hall, settings=replace(SETTINGS, patience_seconds=1.0), clock=lambda: 0.0)
                await engine.start()
                child.send_signal(signal.SIGSTOP)
                await asyncio.wait([engine.failed], timeout=60)
                child.send_signal(signal.SIGCONT)
                with pytest.raises(StuckError, match="the broker has not answered"):
                    engine.failed.result()
                await asyncio.wait_for(engine.stop(), 60)
        finally:
            stop_child(child)

    asyncio.run(main())


@pytest.mark.live
def test_a_worker_that_reads_state_back_for_longer_than_a_session_keeps_its_partitions(kafka: str) -> None:
    async def job(hall: Hall) -> None:
        engine = _engine(hall, settings=EngineSettings(partitions=PARTITIONS, session_seconds=5.0))
        restore, times = engine._tables.on_rebalance, []

        async def slowly(assigned: Iterable[TP], generation: int) -> None:
            times.append(generation)
            await restore(assigned, generation)
            await asyncio.sleep(7.0)

        engine._tables.on_rebalance = slowly  # type: ignore[method-assign]
        await engine.start()
        await hall.send("a", Note(occurred_ms=1))
        await hall.sent()
        await idle(engine)
        await engine.stop()
        assert len(times) == 1

    _run(kafka, job)


@pytest.mark.live
def test_more_dead_letters_at_once_than_one_record_holds_end_nobody(kafka: str) -> None:
    async def job(hall: Hall) -> None:
        for n in range(20_000):
            await hall.send(f"k{n % 500}", b"{" + b"x" * 1_000)
        await hall.send("good", Note(occurred_ms=5))
        await hall.sent()
        engine = _engine(hall, settings=EngineSettings(partitions=PARTITIONS, session_seconds=6.0))
        await engine.start()
        await idle(engine)
        assert engine.stats.dead == 20_000
        await engine.stop()
        assert len(await read_all(hall.broker, DEAD_LETTERS.name)) == 20_000

    _run(kafka, job)


def test_a_reader_that_raises_stops_the_engine_and_says_why(broker: str, caplog: pytest.LogCaptureFixture) -> None:
    async def job(hall: Hall) -> None:
        async def write(*_: Any) -> None:
            raise ZeroDivisionError("broken wiring")

        engine = _engine(hall, "sink", processes=(), readers=[Reader("store", [NOTES.name], write)])
        await engine.start()
        await hall.send("a", Note(occurred_ms=1))
        await hall.sent()
        await until(engine.failed.done)
        with pytest.raises(ZeroDivisionError, match="broken wiring"):
            engine.failed.result()
        await engine.stop()

    _run(broker, job)
