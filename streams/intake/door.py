"""The one door for everything from outside: stamped, kept in the journal, produced, in that order."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import msgspec

from streams.contracts.codec import encode
from streams.contracts.dead_letter import RAW_BYTES_MAX, DeadLetter
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.mark import MARK_KEY, Mark
from streams.contracts.topics import DEAD_LETTERS, Topic
from streams.intake.journal import Entry, Journal, Position

RECORD_BYTES_MAX = 512 * 1024
"""The largest record that is taken; brokers refuse batches above 1 MiB."""

_REPLAY_ROWS = 4_000


class Sender(Protocol):
    """What the door needs of a publisher."""

    async def send(self, entries: Iterable[Entry]) -> None:
        """Send entries in their order; on return every record is acknowledged."""


class _Waiting(NamedTuple):
    entry: Entry
    done: asyncio.Future[None]


class Door:
    """Takes records in; a call returns when its records are fsynced and acknowledged by the broker.

    Two tasks hand the entries on, each taking all that waits: one writes and fsyncs the journal, one produces.
    So callers share an fsync (group commit), the next fsync runs while the last group is produced, and the order of
    the journal is the order of every partition.

    `accepted` counts rows by feed (by topic where a record has no feed), `dead_letters` by source.
    `heard` holds when each feed was last heard, in epoch ms.
    `publisher` may be replaced while the door is paused (the embedded broker is restarted).
    """

    def __init__(self, journal: Journal | None, publisher: Sender, now: Callable[[], int]) -> None:
        """`now` gives epoch ms; without a journal (a broker that keeps its log on disk) records are produced only."""
        self._journal = journal
        self.publisher = publisher
        self._now = now
        self._to_journal: deque[_Waiting] = deque()
        self._to_broker: deque[_Waiting] = deque()
        self._news = asyncio.Event()
        self._written = asyncio.Event()
        self._open = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._under_way = 0
        self._last_ms = 0
        self._tasks: list[asyncio.Task[None]] = []
        self.accepted: Counter[str] = Counter()
        self.dead_letters: Counter[str] = Counter()
        self.heard: dict[str, int] = {}

    @property
    def last_ms(self) -> int:
        """The last stamp given or replayed, epoch ms; 0 before the first."""
        return self._last_ms

    async def start(self) -> None:
        """Start the two tasks; the door is open from now on unless it was paused before."""
        self._tasks = [
            asyncio.create_task(self._hand_on(self._news, self._to_journal, self._write), name="door: journal"),
            asyncio.create_task(self._hand_on(self._written, self._to_broker, self._produce), name="door: broker"),
        ]
        self._open.set()

    async def stop(self) -> None:
        """Take nothing more, finish what is under way, end the tasks."""
        await self.pause()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def accept(self, topic: Topic, rows: Sequence[tuple[str, msgspec.Struct]]) -> int:
        """Take records (key and contract) of one topic; returns the stamp they all carry, in epoch ms.

        Records that have an `arrived_at` get the stamp there too.

        Raises:
            UnreadableError: a record is larger than RECORD_BYTES_MAX; none of the rows was taken.
            UnavailableError: the journal or the broker refused; the same call may be made again.
        """
        if not rows:
            return self._now()
        feeds = Counter(getattr(body, "feed", "") or topic.name for _, body in rows)
        stamp = await self._take(topic, lambda stamp: _rows(rows, stamp))
        self.accepted.update(feeds)
        self.heard.update((feed, stamp) for feed in feeds)
        return stamp

    async def mark(self, topic: Topic, mark: Mark) -> int:
        """Put a mark behind everything accepted so far, into every partition of a topic."""
        row = [(MARK_KEY, encode(mark))]
        return await self._take(topic, lambda stamp: row)

    async def dead(self, *letters: DeadLetter) -> int:
        """Keep messages that could not be read; of the bytes of each the first 64 KiB."""

        def rows(stamp: int) -> list[tuple[bytes, bytes]]:
            stamps = {"known_at": from_ms(stamp), "version": stamp * 1_000}
            cut = (msgspec.structs.replace(letter, raw=letter.raw[:RAW_BYTES_MAX], **stamps) for letter in letters)
            return [(letter.letter_id.encode(), encode(letter)) for letter in cut]

        stamp = await self._take(DEAD_LETTERS, rows)
        self.dead_letters.update(letter.source for letter in letters)
        return stamp

    async def pause(self) -> None:
        """Hold new callers back; returns when everything taken before is journalled and acknowledged."""
        self._open.clear()
        await self._quiet.wait()

    def resume(self) -> None:
        """Let the callers in again that were held back."""
        self._open.set()

    async def replay(self, position: Position, tell: Callable[[int, int], None] = lambda _, __: None) -> int:
        """Produce the journal from a position on, with the old stamps in the old order; returns how many rows.

        Only while the door is paused or not started. `tell` is told how many bytes of it are done, of how many.

        Raises:
            UnreadableError: the journal does not reach back to the position, or is damaged.
            UnavailableError: the broker does not answer.
        """
        if self._journal is None:
            return 0
        count, waiting, size = 0, list[Entry](), 0
        total = self._journal.bytes_behind(position)
        for at, entry in self._journal.read(position):
            waiting.append(entry)
            size += len(entry.rows)
            self._last_ms = max(self._last_ms, entry.arrived_at_ms)
            if size >= _REPLAY_ROWS:
                await self.publisher.send(waiting)
                count, waiting, size = count + size, [], 0
                tell(total - self._journal.bytes_behind(at), total)
        await self.publisher.send(waiting)
        tell(total, total)
        return count + size

    async def _take(self, topic: Topic, rows: Callable[[int], list[tuple[bytes, bytes]]]) -> int:
        while not self._open.is_set():  # paused again before this caller's turn came
            await self._open.wait()
        # From the stamp to the queue nothing is awaited: the order of stamps is the order of the journal.
        stamp = self._last_ms = max(self._now(), self._last_ms)
        waiting = _Waiting(Entry(stamp, topic.name, rows(stamp)), asyncio.get_running_loop().create_future())
        self._under_way += 1
        self._quiet.clear()
        self._to_journal.append(waiting)
        self._news.set()
        await asyncio.shield(waiting.done)
        return stamp

    async def _hand_on(
        self, wake: asyncio.Event, queue: deque[_Waiting], act: Callable[[list[_Waiting]], Awaitable[None]]
    ) -> None:
        while True:
            await wake.wait()
            wake.clear()
            group = list(queue)
            queue.clear()
            try:
                await act(group)
            except Exception as error:  # the callers decide what it means
                self._finish(group, error)

    async def _write(self, group: list[_Waiting]) -> None:
        if self._journal is not None:
            entries = [waiting.entry for waiting in group]
            await asyncio.get_running_loop().run_in_executor(None, self._journal.append, entries)
        self._to_broker.extend(group)
        self._written.set()

    async def _produce(self, group: list[_Waiting]) -> None:
        await self.publisher.send([waiting.entry for waiting in group])
        self._finish(group, None)

    def _finish(self, group: list[_Waiting], error: Exception | None) -> None:
        for waiting in group:
            if not waiting.done.done():
                if error is None:
                    waiting.done.set_result(None)
                else:
                    waiting.done.set_exception(error)
        self._under_way -= len(group)
        if not self._under_way:
            self._quiet.set()


def _rows(rows: Sequence[tuple[str, msgspec.Struct]], stamp: int) -> list[tuple[bytes, bytes]]:
    arrived_at = from_ms(stamp)
    encoded: list[tuple[bytes, bytes]] = []
    for key, body in rows:
        if hasattr(body, "arrived_at"):
            body = msgspec.structs.replace(body, arrived_at=arrived_at)
        value = encode(body)
        if len(value) + len(key) > RECORD_BYTES_MAX:
            raise UnreadableError(f"{len(value)} bytes are more than {RECORD_BYTES_MAX}", field=key)
        encoded.append((key.encode(), value))
    return encoded
