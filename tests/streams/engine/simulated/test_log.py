import asyncio

import pytest

from streams.engine.log import Entry, Place, Written
from streams.engine.ownership import SENDER
from streams.engine.simulated.log import BrokenError, MemoryLog

A = Place("a", 0)


def test_what_is_appended_is_read_back_with_its_sender() -> None:
    log = MemoryLog()
    written = asyncio.run(log.append({A: [Entry(b"k", b"1", 5), Entry(b"k", b"2", 6, b"me/0/1")]}))
    assert written == {A: [Written(0, 2)]}
    heard: list[tuple[int, object]] = []
    asyncio.run(log.read({A: (1, 2)}, lambda _, some: heard.extend((one.offset, one.headers) for one in some)))
    assert heard == [(1, ((SENDER, b"me/0/1"),))]


def test_a_crash_in_the_middle_leaves_the_pieces_before_it() -> None:
    log = MemoryLog(chunk=2)
    writing = log.append({A: [Entry(b"k", b"%d" % n) for n in range(5)]})
    for _ in range(3):
        writing.send(None)
    writing.close()
    assert [kept.value for kept in log.records[A]] == [b"0", b"1", b"2", b"3"]


def test_a_refused_append_leaves_nothing() -> None:
    log = MemoryLog(appends_left=0)
    with pytest.raises(BrokenError):
        asyncio.run(log.append({A: [Entry(b"k", b"1")]}))
    assert log.records[A] == []


def test_commits_are_remembered() -> None:
    log = MemoryLog()
    asyncio.run(log.commit({A: 5}))
    assert log.committed == {A: 5}
