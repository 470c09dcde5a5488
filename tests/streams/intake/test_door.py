import asyncio
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from streams.contracts.case_event import Accepted, CaseEvent
from streams.contracts.codec import decode, decode_mark
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.mark import MARK_KEY, HorizonMark
from streams.contracts.topics import CASE_EVENTS, CASES, DEAD_LETTERS
from streams.intake.door import RECORD_BYTES_MAX, Door
from streams.intake.journal import START, Entry, Journal
from streams.intake.publisher import Publisher

NOON = to_ms(datetime(2026, 11, 23, 12, tzinfo=UTC))


class Log:
    """A sender that keeps what it is sent; while `refusing`, it does not answer."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.refusing = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, entries: Iterable[Entry]) -> None:
        await self.gate.wait()
        if self.refusing:
            raise UnavailableError("no broker")
        self.entries += entries


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal")
    yield opened
    opened.close()


def accepted(number: int, feed: str = "counter", extra: str = "") -> tuple[str, CaseEvent]:
    case_no = f"hall/{number}"
    event = Accepted(
        event_id=f"e{number}",
        feed=feed,
        case_no=case_no,
        occurred_at=from_ms(NOON),
        extra={"note": extra} if extra else {},
    )
    return case_no, event


def keys(entries: Iterable[Entry]) -> list[bytes]:
    return [key for entry in entries for key, _ in entry.rows]


def test_an_event_is_stamped_with_its_arrival_journalled_and_then_produced(journal: Journal) -> None:
    async def run() -> None:
        log = Log()
        door = Door(journal, log, lambda: NOON)
        await door.start()
        log.gate.clear()
        taking = asyncio.create_task(door.accept(CASE_EVENTS, [accepted(1), accepted(2)]))
        while journal.position.offset == 0:
            await asyncio.sleep(0.001)
        assert not log.entries
        assert not taking.done()
        log.gate.set()

        assert await taking == NOON
        await door.stop()

        (kept,) = [entry for _, entry in journal.read()]
        assert [kept] == log.entries
        assert kept.arrived_at_ms == NOON
        assert kept.topic == "case-events"
        event = decode(CASE_EVENTS, kept.rows[0][1])
        assert event == msgspec.structs.replace(accepted(1)[1], arrived_at=from_ms(NOON))

    asyncio.run(run())


def test_stamps_never_go_back_even_when_the_clock_does(journal: Journal) -> None:
    async def run() -> None:
        clock = iter([NOON, NOON - 5_000, NOON + 1])
        door = Door(journal, Log(), lambda: next(clock))
        await door.start()
        stamps = [await door.accept(CASE_EVENTS, [accepted(n)]) for n in range(3)]
        await door.stop()
        assert stamps == [NOON, NOON, NOON + 1]

    asyncio.run(run())


def test_many_callers_share_an_fsync_and_keep_their_order(journal: Journal) -> None:
    async def run() -> None:
        log = Log()
        groups: list[int] = []
        append = journal.append

        def counted(entries: list[Entry]) -> object:
            groups.append(len(entries))
            return append(entries)

        journal.append = counted  # type: ignore[method-assign, assignment]
        door = Door(journal, log, lambda: NOON)
        await door.start()
        await asyncio.gather(*(door.accept(CASE_EVENTS, [accepted(n)]) for n in range(500)))
        await door.stop()

        expected = [b"hall/%d" % n for n in range(500)]
        assert keys(log.entries) == expected
        assert keys(entry for _, entry in journal.read()) == expected
        assert len(groups) < 50

    asyncio.run(run())


def test_a_paused_door_finishes_what_it_took_and_holds_the_next(journal: Journal) -> None:
    async def run() -> None:
        log = Log()
        door = Door(journal, log, lambda: NOON)
        await door.start()
        first = asyncio.create_task(door.accept(CASE_EVENTS, [accepted(1)]))
        await asyncio.sleep(0)
        await door.pause()
        assert keys(log.entries) == [b"hall/1"]
        second = asyncio.create_task(door.accept(CASE_EVENTS, [accepted(2)]))
        await asyncio.sleep(0.02)
        assert keys(log.entries) == [b"hall/1"]

        door.publisher = other = Log()
        door.resume()
        await asyncio.gather(first, second)
        await door.stop()
        assert keys(other.entries) == [b"hall/2"]

    asyncio.run(run())


def test_a_caller_let_in_and_shut_out_in_one_breath_stays_out(journal: Journal) -> None:
    async def run() -> None:
        door = Door(journal, Log(), lambda: NOON)
        await door.start()
        await door.pause()
        late = asyncio.create_task(door.accept(CASE_EVENTS, [accepted(1)]))
        await asyncio.sleep(0)
        door.resume()
        await door.pause()
        await asyncio.sleep(0.02)
        assert not late.done()
        assert journal.position.offset == 0
        door.resume()
        await late
        await door.stop()

    asyncio.run(run())


def test_replay_produces_the_old_bytes_with_the_old_stamps_in_the_old_order(journal: Journal) -> None:
    async def run() -> None:
        clock = iter(range(NOON, NOON + 100))
        first = Log()
        door = Door(journal, first, lambda: next(clock))
        await door.start()
        await door.accept(CASE_EVENTS, [accepted(n) for n in range(3)])
        snapshot = journal.position
        await door.mark(CASE_EVENTS, HorizonMark(feed="counter", horizon_at=from_ms(NOON)))
        await door.dead(DeadLetter(letter_id="l", place="line 1", source="s", reason="r"))
        await door.accept(CASE_EVENTS, [accepted(n) for n in range(3, 5_000)])
        await door.stop()

        second = Log()
        again = Door(journal, second, lambda: NOON - 1)
        told: list[tuple[int, int]] = []
        assert await again.replay(START, lambda *at: told.append(at)) == 5_002
        size = journal.bytes_behind(START)
        assert told[-1] == (size, size)
        assert second.entries == first.entries

        tail = Log()
        again.publisher = tail
        assert await again.replay(snapshot) == 4_999
        assert tail.entries == first.entries[1:]

        await again.start()
        assert await again.accept(CASE_EVENTS, [accepted(9)]) == first.entries[-1].arrived_at_ms
        await again.stop()

    asyncio.run(run())


def test_a_mark_goes_out_under_the_key_of_marks(journal: Journal) -> None:
    async def run() -> None:
        log = Log()
        door = Door(journal, log, lambda: NOON)
        await door.start()
        mark = HorizonMark(feed="counter", horizon_at=from_ms(NOON))
        await door.mark(CASES, mark)
        await door.stop()
        ((key, value),) = log.entries[0].rows
        assert (log.entries[0].topic, key, decode_mark(value)) == ("cases", MARK_KEY, mark)

    asyncio.run(run())


def test_a_dead_letter_keeps_the_first_64_kib_and_is_stamped_and_counted(journal: Journal) -> None:
    async def run() -> None:
        log = Log()
        door = Door(journal, log, lambda: NOON)
        await door.start()
        await door.dead(DeadLetter(letter_id="l1", place="line 7", source="csv", reason="broken", raw=b"x" * 100_000))
        await door.stop()
        ((key, value),) = log.entries[0].rows
        letter = decode(DEAD_LETTERS, value)
        assert key == b"l1"
        assert letter.raw == b"x" * 65_536
        assert letter.known_at == from_ms(NOON)
        assert letter.version == NOON * 1_000
        assert door.dead_letters == {"csv": 1}

    asyncio.run(run())


def test_counts_and_last_signs_of_life_are_kept_by_feed(journal: Journal) -> None:
    async def run() -> None:
        door = Door(journal, Log(), lambda: NOON)
        await door.start()
        await door.accept(CASE_EVENTS, [accepted(1, "a"), accepted(2, "b"), accepted(3, "a")])
        await door.accept(CASE_EVENTS, [])
        await door.stop()
        assert door.accepted == {"a": 2, "b": 1}
        assert door.heard == {"a": NOON, "b": NOON}

    asyncio.run(run())


def test_a_record_too_large_is_refused_and_none_of_its_call_is_taken(journal: Journal) -> None:
    async def run() -> None:
        log = Log()
        door = Door(journal, log, lambda: NOON)
        await door.start()
        with pytest.raises(UnreadableError, match="hall/2"):
            await door.accept(CASE_EVENTS, [accepted(1), accepted(2, extra="x" * RECORD_BYTES_MAX)])
        await door.accept(CASE_EVENTS, [accepted(3)])
        await door.stop()
        assert keys(log.entries) == [b"hall/3"]

    asyncio.run(run())


def test_a_refusing_broker_is_told_to_the_caller_and_the_journal_has_the_record(journal: Journal) -> None:
    async def run() -> None:
        log = Log()
        log.refusing = True
        door = Door(journal, log, lambda: NOON)
        await door.start()
        with pytest.raises(UnavailableError, match="no broker"):
            await door.accept(CASE_EVENTS, [accepted(1)])
        assert keys(entry for _, entry in journal.read()) == [b"hall/1"]
        log.refusing = False
        await door.accept(CASE_EVENTS, [accepted(1)])
        await door.stop()
        assert keys(log.entries) == [b"hall/1"]

    asyncio.run(run())


def test_without_a_journal_records_are_produced_only() -> None:
    async def run() -> None:
        log = Log()
        door = Door(None, log, lambda: NOON)
        assert await door.replay(START) == 0
        await door.start()
        await door.accept(CASE_EVENTS, [accepted(1)])
        await door.stop()
        assert keys(log.entries) == [b"hall/1"]

    asyncio.run(run())


def test_through_a_real_broker_the_ends_say_how_much_was_taken(journal: Journal, broker: str) -> None:
    async def run() -> None:
        ends: dict[tuple[str, int], int] = {}
        publisher = Publisher(broker, 4, ends)
        await publisher.start()
        door = Door(journal, publisher, lambda: NOON)
        await door.start()
        for start in range(0, 5_000, 1_000):
            await door.accept(CASE_EVENTS, [accepted(n) for n in range(start, start + 1_000)])
        await door.mark(CASE_EVENTS, HorizonMark(feed="counter", horizon_at=from_ms(NOON)))
        await door.stop()
        await publisher.stop()
        assert sum(ends.values()) == 5_004

    asyncio.run(run())


_BUSY = """
import asyncio, sys, time
from pathlib import Path
from streams.contracts.case_event import Accepted
from streams.contracts.instants import from_ms
from streams.contracts.topics import CASE_EVENTS
from streams.intake.door import Door
from streams.intake.journal import Journal

class Gone:
    async def send(self, entries):
        await asyncio.sleep(0.001)

async def main():
    door = Door(Journal(Path(sys.argv[1])), Gone(), lambda: int(time.monotonic() * 1000))
    await door.start()
    async def caller(name):
        number = 0
        while True:
            key = f"hall/{name}-{number}"
            event = Accepted(event_id=key, feed="f", case_no=key, occurred_at=from_ms(0))
            await door.accept(CASE_EVENTS, [(key, event)])
            print(key, flush=True)
            number += 1
    await asyncio.gather(*(caller(name) for name in range(5)))

asyncio.run(main())
"""


def test_after_kill_9_everything_acknowledged_is_replayed_in_each_callers_order(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[3])
    busy = subprocess.Popen(
        [sys.executable, "-c", _BUSY, str(tmp_path)], stdout=subprocess.PIPE, env={"PYTHONPATH": root}
    )
    assert busy.stdout is not None
    with busy.stdout as said:
        acknowledged = [said.readline().strip() for _ in range(300)]
        busy.kill()
        busy.wait()
        acknowledged += said.read().split()[:-1]  # the last line may be torn

    async def replayed() -> list[bytes]:
        log = Log()
        journal = Journal(tmp_path)
        await Door(journal, log, lambda: 0).replay(START)
        journal.close()
        return keys(log.entries)

    found = asyncio.run(replayed())
    assert set(acknowledged) <= set(found)
    for name in range(5):
        own = [key for key in found if key.startswith(b"hall/%d-" % name)]
        assert own == [b"hall/%d-%d" % (name, number) for number in range(len(own))]
