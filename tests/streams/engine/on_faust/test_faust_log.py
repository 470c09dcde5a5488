"""The log of an engine on the embedded broker: what the pure part relies on, and reading back."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from itertools import count
from typing import Any

import pytest

from streams.engine.log import Entry, Place, Record, Written
from streams.engine.on_faust.app import make_app
from streams.engine.on_faust.faust_log import FaustLog
from streams.engine.on_faust.restore import StuckError, read_stretches
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.ownership import SENDER
from tests.streams.engine.on_faust.hall import PARTITIONS
from tests.streams.engine.toy import NOTES, TOLD

A, B = Place(TOLD.name, 0), Place(NOTES.name, 1)


def _run(broker: str, job: Callable[[FaustLog, dict[tuple[str, int], int]], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        ends: dict[tuple[str, int], int] = {}
        settings = EngineSettings(partitions=PARTITIONS)
        app = make_app("log", broker, settings)
        app.loop = asyncio.get_running_loop()
        app.finalize()
        try:
            await job(FaustLog(app, broker, settings, ends, lambda *_: None), ends)
        finally:
            await app.producer.stop()

    asyncio.run(main())


async def _read(log: FaustLog, *stretches: tuple[Place, int, int]) -> list[Record]:
    found: list[Record] = []

    def hand(_: Place, records: Sequence[Record]) -> None:
        found.extend(records)

    await log.read({place: (start, end) for place, start, end in stretches}, hand)
    return found


def test_an_append_tells_where_everything_stands_and_is_read_back_whole(broker: str) -> None:
    async def job(log: FaustLog, ends: dict[tuple[str, int], int]) -> None:
        big = [Entry(b"k%d" % n, b"x" * 200, 5, b"me/0/1" if n % 2 else b"") for n in range(9_000)]
        written = await log.append({A: big, B: [Entry(b"one", b"")]})
        assert written[B] == [Written(0, 1)]
        assert len(written[A]) > 1  # more than fits into one batch
        at = 0
        for first, size in written[A]:
            assert first == at
            at += size
        assert (at, ends) == (9_000, {A: 9_000, B: 1})
        assert (await log.append({A: [Entry(b"next", b"")]}))[A] == [Written(9_000, 1)]
        found = await _read(log, (A, 10, 9_000), (B, 0, 1))
        ours = [record for record in found if record.key != b"one"]
        assert [record.offset for record in ours] == list(range(10, 9_000))
        assert {record.timestamp for record in ours} == {5}
        assert [list(record.headers) for record in ours[:2]] == [[], [(SENDER, b"me/0/1")]]
        assert await _read(log, (A, 9_001, 9_001)) == []
        large = Entry(b"k", b"x" * (1 << 20))  # larger than a batch: one of its own
        assert (await log.append({A: [large, large]}))[A] == [Written(9_001, 1), Written(9_002, 1)]

    _run(broker, job)


def test_reading_back_what_never_comes_ends_and_names_the_partition(broker: str) -> None:
    async def job(log: FaustLog, _: dict[tuple[str, int], int]) -> None:
        await log.append({A: [Entry(b"k", b"")]})
        came: list[Record] = []
        looks = count()
        with pytest.raises(StuckError, match="told/0: 1 of 5"):
            await read_stretches(
                broker,
                {A: (0, 5)},
                lambda _, records: came.extend(records),
                fetch_max_wait_ms=50,
                check_crcs=True,
                patience_seconds=1.5,
                clock=lambda: float(next(looks)) if came else 0.0,
            )
        assert len(came) == 1

    _run(broker, job)
