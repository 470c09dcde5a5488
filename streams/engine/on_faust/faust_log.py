"""The log as Faust's producer and consumer have it: whole batches, acknowledged on return."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from streams.contracts.errors import UnavailableError
from streams.engine.log import Hand, Line, Place, Written
from streams.engine.on_faust.restore import read_stretches
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.ownership import SENDER

_YIELD_EVERY = 2000


class FaustLog:
    """Appends through the producer of a Faust app, reads with a consumer of its own, commits as a group member."""

    def __init__(
        self,
        app: Any,
        broker: str,
        settings: EngineSettings,
        ends: dict[tuple[str, int], int],
        on_written: Callable[[Place, int], None],
    ) -> None:
        """`ends`: next offset of every partition written to, shared by all who write.

        `on_written`: told each partition with the offset of the last record acknowledged in it.
        """
        self._app = app
        self._broker = broker
        self._settings = settings
        self._ends = ends
        self._on_written = on_written
        self._abandoned: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has."""
        del topic  # the same for all, by our own rule
        return self._settings.partitions

    async def append(self, batches: Mapping[Place, Sequence[Line]]) -> dict[Place, list[Written]]:
        """Write entries in order; on return all are acknowledged.

        Raises:
            aiokafka.errors.KafkaError: the broker refused or does not answer.
            UnavailableError: given up meanwhile, see `abandon`.
        """
        writing = asyncio.ensure_future(self._append(batches))
        try:
            await asyncio.wait((writing, self._abandoned), return_when=asyncio.FIRST_COMPLETED)
            if not writing.done():
                raise UnavailableError("what was on its way to the broker is not waited for any more")
            return writing.result()
        finally:
            writing.cancel()

    async def _append(self, batches: Mapping[Place, Sequence[Line]]) -> dict[Place, list[Written]]:
        await self._app.producer.maybe_start()
        producer: Any = self._app.producer._ensure_producer()
        sent: list[tuple[Place, int]] = []
        answers: list[Any] = []
        for place, entries in batches.items():
            left = iter(entries)
            first = next(left, None)
            while first is not None:
                builder = producer.create_batch()
                first = await _fill(builder, first, left)
                sent.append((place, builder.record_count()))
                answers.append(await producer.send_batch(builder, place.topic, partition=place.partition))
        written: dict[Place, list[Written]] = {}
        for (place, size), answer in zip(sent, await asyncio.gather(*answers), strict=True):
            written.setdefault(place, []).append(Written(answer.offset, size))
            next_offset = answer.offset + size
            self._on_written(place, next_offset - 1)
            if next_offset > self._ends.get((place.topic, place.partition), 0):
                self._ends[place.topic, place.partition] = next_offset
        return written

    async def read(self, stretches: Mapping[Place, tuple[int, int]], hand: Hand) -> None:
        """Read back in bulk, see `read_stretches`."""
        await read_stretches(
            self._broker,
            stretches,
            hand,
            fetch_max_wait_ms=self._settings.fetch_max_wait_ms,
            check_crcs=self._settings.check_crcs,
            patience_seconds=self._settings.patience_seconds,
        )

    async def commit(self, offsets: Mapping[Place, int]) -> None:
        """Commit as the member of the group that the app is."""
        await self._app.consumer.commit_places(offsets)

    async def answer(self) -> None:
        """Return when the broker has said where the partitions end that are assigned."""
        assigned = self._app.consumer.assignment()
        if assigned:
            await self._app.consumer.highwaters(*assigned)

    async def standing(self, topics: Collection[str]) -> dict[Place, int]:
        """Where the assigned partitions of these topics end that hold anything at all."""
        consumer = self._app.consumer
        places = [tp for tp in consumer.assignment() if tp.topic in topics]
        if not places:
            return {}
        starts, ends = await consumer.earliest_offsets(*places), await consumer.highwaters(*places)
        return {Place(*tp): ends[tp] for tp in places if ends[tp] > starts[tp]}

    def abandon(self) -> None:
        """What is on its way is not waited for any more; the producer would wait for as long as it may try again."""
        if not self._abandoned.done():
            self._abandoned.set_result(None)
        producer = self._app.producer._producer
        if producer is not None and producer._sender.sender_task is not None:
            producer._sender.sender_task.cancel()


async def _fill(builder: Any, first: Line, left: Iterator[Line]) -> Line | None:
    """Put the first entry and what is left into a batch until it is full; the one that found no room, if any.

    The batch's own builder is called: what stands around it costs as much again as the work. One entry always fits.
    """
    append, number = builder._builder.append, 0
    for number, entry in enumerate(chain((first,), left)):
        key, value, timestamp, sender = entry
        if append(number, timestamp, key, value, [(SENDER, sender)] if sender else []) is None:
            builder._relative_offset = number
            return entry
        if number % _YIELD_EVERY == _YIELD_EVERY - 1:
            await asyncio.sleep(0)
    builder._relative_offset = number + 1
    return None
