import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter as Tally
from contextlib import suppress

import pytest

from streams.contracts.topics import partition_of
from streams.engine.on_faust.engine import Engine, EngineSettings
from tests.streams.engine.on_faust.hall import PARTITIONS, Hall, bodies, read_all, until, wall_ms
from tests.streams.engine.toy import TOLD, Counted, Counter, Note, Told

RATE = 2_000
KEYS = 3_000
QUIET_WAIT = 1.1


async def _produce(hall: Hall, stop: asyncio.Event, sent: Tally[str]) -> None:
    """Notes at a steady rate over many keys, some late in business time, with horizons four times a second."""
    rnd = random.Random(5)
    started, count, next_mark = wall_ms(), 0, 0
    while not stop.is_set():
        now = wall_ms()
        while count < (now - started) * RATE // 1_000:
            count += 1
            key = f"k{rnd.randrange(KEYS)}"
            await hall.send(key, Note(occurred_ms=now - rnd.choice((0, 0, 0, 900))))
            sent[key] += 1
        if now > next_mark:
            await hall.horizon(now - 100)
            next_mark = now + 250
        await asyncio.sleep(0.01)
    await asyncio.sleep(QUIET_WAIT)
    await hall.horizon(wall_ms())
    await hall.sent()


async def _start(broker: str) -> Process:
    """A worker that has begun to work."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.streams.engine.on_faust.worker", broker, stdout=PIPE
    )
    assert worker.stdout is not None
    while int((await worker.stdout.readline()).split()[0]) == 0:
        pass
    return worker


async def _end(worker: Process, how: str) -> None:
    if how == "kill":
        worker.kill()
    else:
        worker.terminate()
    await worker.communicate()


async def _verdict(hall: Hall, sent: Tally[str]) -> int:
    """What is durable, read back by a last worker and from the topic; returns how many outputs came twice."""
    settings = EngineSettings(partitions=PARTITIONS)
    engine = Engine("count", hall.broker, settings=settings, now=wall_ms, ends=hall.ends, processes=[Counter()])
    await engine.start()
    await until(engine.idle)
    table = engine._tables.table("counter")
    states: dict[str, Counted] = {key: table.shard(partition_of(key.encode(), PARTITIONS)).state(key) for key in sent}
    await engine.stop()
    assert {key: state.count for key, state in states.items() if state is not None} == sent
    records = await read_all(hall.broker, TOLD.name)
    bytes_of: dict[str, set[bytes]] = {}
    for record, body in zip(records, bodies(records, Told), strict=True):
        bytes_of.setdefault(body.told_id, set()).add(record.value or b"")
    assert [told_id for told_id, values in bytes_of.items() if len(values) > 1] == []
    counted = {f"{key}:n{n}" for key, count in sent.items() for n in range(1, count + 1)}
    assert {told_id for told_id in bytes_of if ":n" in told_id} == counted
    quiets = Tally(told_id.split(":")[0] for told_id in bytes_of if ":q" in told_id)
    assert quiets == {key: state.quiets for key, state in states.items() if state.quiets}
    assert sum(quiets.values()) > 0
    return len(records) - len(bytes_of)


def _run(broker: str, ends_of_workers: list[tuple[str, bool]]) -> None:
    """Under load: end the worker that runs, in this way, before or after another one has joined."""

    async def main() -> None:
        async with Hall(broker) as hall:
            stop, sent = asyncio.Event(), Tally[str]()
            producing = asyncio.ensure_future(_produce(hall, stop, sent))
            worker = await _start(broker)
            try:
                for how, after_join in ends_of_workers:
                    await asyncio.sleep(0.5 + random.Random(how).random())
                    joined = await _start(broker) if after_join else None
                    await _end(worker, how)
                    worker = joined or await _start(broker)
                await asyncio.sleep(0.5)
                stop.set()
                await producing
                await _end(worker, "kill")
                twice = await _verdict(hall, sent)
                sys.stdout.write(f"{sum(sent.values())} notes, {twice} outputs came twice\n")
            finally:
                producing.cancel()
                with suppress(ProcessLookupError):
                    worker.kill()
                await worker.wait()

    asyncio.run(main())


def test_kill_nine_under_load_loses_doubles_and_invents_nothing(broker: str) -> None:
    _run(broker, [("kill", False)])


@pytest.mark.long
def test_workers_that_join_leave_and_die_under_load_lose_double_and_invent_nothing(broker: str) -> None:
    _run(broker, [("kill", False), ("term", True), ("kill", True), ("kill", False), ("term", True)])
