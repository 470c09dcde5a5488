import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.errors import UnavailableError, UnreadableError
from streams.intake.journal import START, Entry, Journal, Position

ROOT = Path(__file__).parents[3]


def entry(number: int, rows: int = 1) -> Entry:
    return Entry(1_000 + number, "case-events", [(b"h/%d" % number, b"value %d" % i) for i in range(rows)])


Opener = Callable[..., Journal]


@pytest.fixture(scope="module")
def opened() -> Iterator[Opener]:
    journals: list[Journal] = []

    def open_journal(folder: Path, segment_bytes: int = 1 << 20) -> Journal:
        journals.append(Journal(folder, segment_bytes=segment_bytes))
        return journals[-1]

    yield open_journal
    for journal in journals:
        journal.close()


def entries_of(journal: Journal, position: Position = START) -> list[Entry]:
    return [found for _, found in journal.read(position)]


def test_what_was_appended_is_read_back_in_order_after_reopening(tmp_path: Path, opened: Opener) -> None:
    written = [entry(n, rows=n + 1) for n in range(5)]
    first = opened(tmp_path)
    first.append(written[:3])
    first.append(written[3:])
    first.close()

    again = opened(tmp_path)

    assert entries_of(again) == written
    assert again.position == first.position
    assert again.cut_bytes == 0


def test_reading_can_start_behind_any_entry(tmp_path: Path, opened: Opener) -> None:
    journal = opened(tmp_path)
    journal.append([entry(n) for n in range(4)])

    positions = [position for position, _ in journal.read()]

    assert entries_of(journal, positions[1]) == [entry(2), entry(3)]
    assert entries_of(journal, positions[3]) == []


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=50)), max_size=5),
    cut=st.integers(min_value=1, max_value=400),
)
def test_a_torn_tail_is_cut_and_nothing_before_it_is_lost(
    tmp_path_factory: pytest.TempPathFactory, opened: Opener, rows: list[tuple[bytes, bytes]], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    journal = opened(folder)
    safe = journal.append([entry(1), Entry(7, "t", rows)])
    journal.append([entry(2)])
    journal.close()
    (path,) = folder.iterdir()
    length = path.stat().st_size
    left = max(safe.offset, length - cut)
    os.truncate(path, left)

    again = opened(folder)
    expected = [entry(1), Entry(7, "t", rows)] + ([entry(2)] if left == length else [])
    assert entries_of(again) == expected
    assert again.cut_bytes == (0 if left == length else left - safe.offset)
    again.append([entry(3)])
    assert entries_of(again) == [*expected, entry(3)]


@pytest.mark.parametrize("tail", [b"\x00" * 4096, b"hwj2" + b"\xff" * 20, b"garbage"])
def test_a_tail_of_rubbish_is_cut(tmp_path: Path, opened: Opener, tail: bytes) -> None:
    journal = opened(tmp_path)
    journal.append([entry(1)])
    journal.close()
    (path,) = tmp_path.iterdir()
    with path.open("ab") as file:
        file.write(tail)

    again = opened(tmp_path)

    assert entries_of(again) == [entry(1)]
    assert again.cut_bytes == len(tail)


def _flip(path: Path, at: int) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])


def test_damage_with_what_was_accepted_later_behind_it_is_never_cut_off(tmp_path: Path, opened: Opener) -> None:
    journal = opened(tmp_path)
    ends = [journal.append([entry(n), entry(n + 100)]).offset for n in range(5)]
    journal.close()
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for at in range(0, ends[-2], 11):  # everywhere before the last group
        _flip(path, at)
        with pytest.raises(UnreadableError, match="damaged at byte"):
            opened(tmp_path)
        assert path.stat().st_size == len(whole)
        path.write_bytes(whole)


def test_a_group_torn_in_its_middle_is_cut_whatever_of_it_reached_the_disk(tmp_path: Path, opened: Opener) -> None:
    journal = opened(tmp_path)
    safe = journal.append([entry(1)])
    journal.append([entry(2), entry(3), entry(4)])  # a power cut may keep later blocks of a group and lose earlier ones
    journal.close()
    (path,) = tmp_path.iterdir()
    _flip(path, safe.offset + 30)

    again = opened(tmp_path)

    assert entries_of(again) == [entry(1)]
    again.append([entry(5)])
    again.close()
    assert entries_of(opened(tmp_path)) == [entry(1), entry(5)]


def test_segments_roll_at_their_size_and_old_ones_can_be_removed(tmp_path: Path, opened: Opener) -> None:
    journal = opened(tmp_path, segment_bytes=100)
    for n in range(12):
        journal.append([entry(n)])
    assert len(list(tmp_path.iterdir())) > 3
    assert entries_of(journal) == [entry(n) for n in range(12)]
    old = next(position for position, found in journal.read() if found == entry(3))

    start = journal.roll()
    removed = journal.remove_before(start)

    assert removed > 3
    assert [path.name for path in tmp_path.iterdir()] == [f"{start.segment:010d}.journal"]
    journal.append([entry(99)])
    assert entries_of(journal, start) == [entry(99)]
    with pytest.raises(UnreadableError, match="not there any more"):
        entries_of(journal, old)


def test_what_stands_behind_a_position_is_told_in_bytes_over_all_segments(tmp_path: Path, opened: Opener) -> None:
    journal = opened(tmp_path, segment_bytes=200)
    for number in range(20):
        journal.append([entry(number)])
    whole = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) > 2
    assert journal.bytes_behind(START) == whole
    left = [journal.bytes_behind(position) for position, _ in journal.read()]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


def test_rolling_an_empty_segment_makes_no_new_one(tmp_path: Path, opened: Opener) -> None:
    journal = opened(tmp_path)
    assert journal.roll() == journal.roll() == Position(1, 0)


def test_damage_in_the_middle_is_said_and_not_skipped(tmp_path: Path, opened: Opener) -> None:
    journal = opened(tmp_path)
    middle = journal.append([entry(1)])
    journal.append([entry(2)])
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[middle.offset + 14] ^= 1
    path.write_bytes(data)

    found = journal.read()
    assert next(found)[1] == entry(1)
    with pytest.raises(UnreadableError, match=f"damaged at byte {middle.offset}"):
        next(found)


def test_a_full_disk_refuses_all_and_the_next_append_goes_on(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened(tmp_path)
    journal.append([entry(1)])
    before = journal.position

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", full)
        with pytest.raises(UnavailableError, match="no space left"):
            journal.append([entry(2)])
    assert journal.position == before
    assert entries_of(journal) == [entry(1)]

    journal.append([entry(3)])
    assert entries_of(journal) == [entry(1), entry(3)]


_WRITER = """
import sys
from pathlib import Path
from typing import Any
from streams.intake.journal import Entry, Journal
journal = Journal(Path(sys.argv[1]))
number = 0
while True:
    journal.append([Entry(number, "t", [(b"k", b"%d" % number * 50)])])
    print(number, flush=True)
    number += 1
"""


def test_everything_said_to_be_safe_is_there_after_kill_9(tmp_path: Path, opened: Opener) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}
    )
    assert writer.stdout is not None
    with writer.stdout as said:
        for _ in range(200):
            last = int(said.readline())
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        last = max([last, *map(int, said.read().split())])

    numbers = [found.arrived_at_ms for found in entries_of(opened(tmp_path))]

    assert numbers == list(range(len(numbers)))
    assert len(numbers) > last


def test_whatever_is_appended_together_is_one_write_and_one_sync(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, done, sync = opened(tmp_path), list[str](), os.fdatasync
    file: Any = journal._file

    class Counted:
        """The journal's file, with its writes told."""

        fileno, close = file.fileno, file.close

        def write(self, data: memoryview) -> int:
            done.append("write")
            return int(file.write(data))

    def told(handle: int) -> None:
        done.append("sync")
        sync(handle)

    journal._file = Counted()  # type: ignore[assignment]
    monkeypatch.setattr(os, "fdatasync", told)
    for n in range(3):
        journal.append([entry(100 * n + m, rows=50) for m in range(40)])
    assert done == ["write", "sync"] * 3
    assert len(entries_of(journal)) == 120
