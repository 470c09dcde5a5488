"""Two workers share three processes; poison, a foreign partitioner and a slow store do not stop them."""

import asyncio
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from streams.contracts.dead_letter import DeadLetter
from streams.contracts.topics import DEAD_LETTERS, partition_of
from streams.engine.on_faust.engine import Engine, Reader
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.process import Output
from tests.streams.engine.on_faust.hall import PARTITIONS, Hall, bodies, idle, read_all, until
from tests.streams.engine.toy import TOLD, Counted, Counter, Note, Told

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

NAMES = ("counter", "second", "third")
KEYS = 40


class Named(Counter):
    """A counter under a name of its own, which its outputs bear."""

    def __init__(self, name: str, registry: str = "") -> None:
        super().__init__(registry)
        self.name = name

    def _told(self, state: Counted, told_id: str, what: str) -> Output:
        return Output(TOLD, state.key, Told(told_id=f"{self.name}/{told_id}", what=what, count=state.count))


def _worker(hall: Hall, heard: list[DeadLetter]) -> Engine:
    return Engine(
        "count",
        hall.broker,
        settings=EngineSettings(partitions=PARTITIONS),
        now=lambda: 0,
        ends=hall.ends,
        processes=[Named(name) for name in NAMES],
        on_dead=heard.append,
    )


class SlowStore:
    """Takes nothing for a while, then each batch in its own time."""

    def __init__(self) -> None:
        self.rows: set[str] = set()
        self.answers = asyncio.Event()

    async def write(
        self, topic: str, partition: int, records: Sequence["ConsumerRecord[bytes, bytes]"], done: Callable[[], None]
    ) -> None:
        await self.answers.wait()
        await asyncio.sleep(0.1)
        self.rows |= {body.told_id for body in bodies(list(records), Told)}
        done()


async def _notes(hall: Hall, first: int, last: int) -> None:
    for n in range(first, last):
        await hall.send(f"k{n % KEYS}", Note(occurred_ms=1_000 + n), at_ms=10_000)
    await hall.sent()


async def _poison(hall: Hall) -> None:
    """Bytes that are no note, a note at which the process raises, and one that a foreign partitioner has placed."""
    await hall.send("k1", b"{")
    await hall.send("k2", Note(occurred_ms=1, what="bad"))
    wrong = (partition_of(b"lost", PARTITIONS) + 1) % PARTITIONS
    await hall.send("lost", Note(occurred_ms=1), partition=wrong)


def _processed(*workers: Engine) -> int:
    return sum(count for worker in workers for count in worker.stats.processed.values())


def test_two_workers_share_three_processes_and_one_takes_over_from_the_other(broker: str) -> None:
    async def story() -> None:
        heard: list[DeadLetter] = []
        store = SlowStore()
        async with Hall(broker) as hall:
            stays, goes = _worker(hall, heard), _worker(hall, heard)
            sink = Engine(
                "sink",
                hall.broker,
                settings=EngineSettings(partitions=PARTITIONS),
                now=lambda: 0,
                ends=hall.ends,
                readers=[Reader("store", [TOLD.name], store.write)],
            )
            await asyncio.gather(stays.start(), sink.start())
            await goes.start()
            await until(lambda: len(stays._tables.shards()) == len(goes._tables.shards()) == 3 * PARTITIONS // 2)
            await _notes(hall, 0, 1_000)
            await _poison(hall)
            await until(lambda: _processed(stays, goes) >= 3 * 1_000 and len(heard) >= 3 * 3)
            assert stays.stats.processed.keys() == goes.stats.processed.keys() == set(NAMES)
            assert not store.rows  # nobody waits for it
            await goes.stop()
            store.answers.set()
            await _notes(hall, 1_000, 1_400)
            await idle(stays)
            await until(lambda: len(store.rows) == 3 * 1_400)
            await asyncio.gather(stays.stop(), sink.stop())
            told = bodies(await read_all(broker, TOLD.name), Told)
            assert Tally(body.told_id.partition("/")[0] for body in told) == dict.fromkeys(NAMES, 1_400)
            assert {body.count for body in told} == set(range(1, 1_400 // KEYS + 1))
            assert len({body.told_id for body in told}) == len(told)
            assert len(await read_all(broker, DEAD_LETTERS.name)) == 3 * 3

    asyncio.run(story())
