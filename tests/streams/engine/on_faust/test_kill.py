import asyncio
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter as Tally
from contextlib import suppress

import msgspec
import pytest

from streams.contracts.topics import partition_of
from streams.engine.on_faust.engine import Engine, EngineSettings
from tests.streams.engine.on_faust.hall import PARTITIONS, Hall, idle, read_each, wall_ms
from tests.streams.engine.toy import TOLD, Counted, Counter, Note, Told

KEYS = 3_000
QUIET_WAIT = 1.1
GONE_SECONDS = 6.0
"""Until a worker that says nothing has lost its partitions and others hold them."""

TWELVE_AND_FOUR = "kill kill out kill zombie kill in kill kill out kill kill in out kill kill in kill out kill in kill"
"""Twelve times kill -9, four times a worker more and four times one less, and a zombie, in one order."""


async def _produce(hall: Hall, stop: asyncio.Event, sent: Tally[str], rate: int) -> None:
    """Notes at a steady rate over many keys, some late in business time, with horizons four times a second."""
    rnd = random.Random(5)
    started, count, next_mark = wall_ms(), 0, 0
    while not stop.is_set():
        now = wall_ms()
        due = (now - started) * rate // 1_000
        keys = [f"k{rnd.randrange(KEYS)}" for _ in range(count, due)]
        await hall.send_all((key, Note(occurred_ms=now - rnd.choice((0, 0, 0, 900)))) for key in keys)
        sent.update(keys)
        count = due
        if now > next_mark:
            await hall.horizon(now - 100)
            next_mark = now + 250
        await asyncio.sleep(0.01)
    await asyncio.sleep(QUIET_WAIT)
    await hall.horizon(wall_ms())
    await hall.sent()


class _Workers:
    """The workers of one run, and what is done to them."""

    def __init__(self, broker: str) -> None:
        self.all: list[Process] = []
        self._broker = broker
        self._rnd = random.Random(7)

    async def out(self) -> None:
        """One more, which has begun to work."""
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.streams.engine.on_faust.worker", self._broker, stdout=PIPE
        )
        self.all.append(worker)
        assert worker.stdout is not None
        while await worker.stdout.readline() == b"0\n":
            pass

    async def in_(self) -> None:
        """One less, told to end; another one first, if it is the only one."""
        if len(self.all) == 1:
            await self.out()
        worker = self.all.pop(0)
        with suppress(ProcessLookupError):  # a zombie may just have found out
            worker.terminate()
        said, _ = await worker.communicate()
        assert worker.returncode == 0, f"it ended with {worker.returncode}; its last words: {said[-300:]!r}"

    async def kill(self) -> None:
        """One less without a word, and another one where it was the only one."""
        worker = self.all.pop(self._rnd.randrange(len(self.all)))
        with suppress(ProcessLookupError):
            worker.kill()
        await worker.communicate()
        if not self.all:
            await self.out()

    async def zombie(self) -> None:
        """One is stopped until others hold its partitions, and goes on as if nothing were.

        Sooner or later it finds out, and ends by itself.
        """
        if len(self.all) == 1:
            await self.out()
        worker = self.all[0]
        worker.send_signal(signal.SIGSTOP)
        await asyncio.sleep(GONE_SECONDS)
        worker.send_signal(signal.SIGCONT)
        await asyncio.sleep(2.0)
        if worker.returncode is not None:
            self.all.remove(worker)

    async def do(self, what: str) -> None:
        """One thing, after a while."""
        await asyncio.sleep(0.2 + self._rnd.random())
        await {"out": self.out, "in": self.in_, "kill": self.kill, "zombie": self.zombie}[what]()

    async def end(self, how: signal.Signals) -> None:
        """All of them, whatever state they are in."""
        for worker in self.all:
            with suppress(ProcessLookupError):
                worker.send_signal(how)
            await worker.communicate()
        self.all.clear()


async def _verdict(hall: Hall, sent: Tally[str]) -> str:
    """What is durable, read back by a last worker and from the topic; returns how it went."""
    settings = EngineSettings(partitions=PARTITIONS)
    engine = Engine("count", hall.broker, settings=settings, now=wall_ms, ends=hall.ends, processes=[Counter()])
    await engine.start()
    left = engine.lag()
    await idle(engine, seconds=900)
    table = engine._tables.table("counter")
    states: dict[str, Counted] = {key: table.shard(partition_of(key.encode(), PARTITIONS)).state(key) for key in sent}
    await engine.stop()
    assert {key: state.count for key, state in states.items() if state is not None} == sent
    decode, told, outputs = msgspec.json.Decoder(Told).decode, dict[str, int](), 0
    async for record in read_each(hall.broker, TOLD.name):
        value, outputs = record.value or b"", outputs + 1
        told_id = decode(value).told_id
        assert told.setdefault(told_id, hash(value)) == hash(value), f"{told_id} is there with different bytes"
    counted, highest, quiets = Tally[str](), Tally[str](), Tally[str]()
    for key, what in (told_id.split(":")[:2] for told_id in told):
        if what[0] == "n":
            counted[key] += 1
            highest[key] = max(highest[key], int(what[1:]))
        else:
            quiets[key] += 1
    assert counted == highest == sent, "outputs are missing, or some are of no event"
    assert quiets == {key: state.quiets for key, state in states.items() if state.quiets}
    assert sum(quiets.values()) > 0
    return f"{sum(sent.values())} notes, {left} left for the last worker, {outputs - len(told)} outputs came twice"


def _run(broker: str, script: str, rate: int = 2_000) -> None:
    """Under load, do one thing after the other to the workers; then what is durable is judged."""

    async def main() -> None:
        async with Hall(broker) as hall:
            stop, sent, workers = asyncio.Event(), Tally[str](), _Workers(broker)
            producing = asyncio.ensure_future(_produce(hall, stop, sent, rate))
            try:
                await workers.out()
                for what in script.split():
                    await workers.do(what)
                await asyncio.sleep(0.5)
                stop.set()
                await producing
                await workers.end(signal.SIGTERM)
            finally:
                producing.cancel()
                await workers.end(signal.SIGKILL)
            sys.stdout.write(await _verdict(hall, sent) + "\n")

    asyncio.run(main())


def test_kill_nine_under_load_loses_doubles_and_invents_nothing(broker: str) -> None:
    _run(broker, "kill")


@pytest.mark.live
@pytest.mark.timeout(1_800)
def test_twelve_kills_four_scalings_and_a_zombie_on_the_embedded_broker(broker: str) -> None:
    _run(broker, TWELVE_AND_FOUR)


@pytest.mark.live
@pytest.mark.timeout(1_800)
def test_twelve_kills_four_scalings_and_a_zombie_on_a_real_kafka(kafka: str) -> None:
    _run(kafka, TWELVE_AND_FOUR)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("where", ["broker", "kafka"])
def test_the_same_at_twenty_thousand_events_a_second(where: str, request: pytest.FixtureRequest) -> None:
    _run(request.getfixturevalue(where), TWELVE_AND_FOUR, rate=20_000)
