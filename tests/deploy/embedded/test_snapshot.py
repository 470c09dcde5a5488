"""Snapshots of all rows."""

from pathlib import Path

import pytest

from deploy.embedded.snapshot import SnapshotError, SnapshotHeader, read_snapshot, write_snapshot

HEADER = SnapshotHeader(journal="3:17", registry_version="v1", partitions=4, at_ms=5, horizons={"approvals": 4})
ROWS = [("case", 0, b"h/1", b"\x00row"), ("alert", 3, b"f1", b"")]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "snapshot"
    assert write_snapshot(file, HEADER, iter(ROWS)) == 2
    assert read_snapshot(file) == (HEADER, ROWS)


def test_a_reader_tells_how_far_it_is(tmp_path: Path) -> None:
    file, told = tmp_path / "snapshot", list[tuple[int, int]]()
    write_snapshot(file, HEADER, [("case", 0, b"%d" % n, bytes(1_000_000)) for n in range(5)])
    read_snapshot(file, lambda done, total: told.append((done, total)))
    size = file.stat().st_size
    assert {total for _, total in told} == {size}
    assert len(told) > 2
    assert sorted(told) == told
    assert told[-1] == (size, size)


def test_no_file_is_no_snapshot(tmp_path: Path) -> None:
    assert read_snapshot(tmp_path / "snapshot") is None


def test_a_second_snapshot_replaces_the_first(tmp_path: Path) -> None:
    file = tmp_path / "snapshot"
    write_snapshot(file, HEADER, ROWS)
    write_snapshot(file, HEADER, ROWS[:1])
    assert read_snapshot(file) == (HEADER, ROWS[:1])


def test_every_cut_and_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "snapshot"
    write_snapshot(file, HEADER, ROWS)
    whole = file.read_bytes()
    for at in range(len(whole)):
        file.write_bytes(whole[:at])
        with pytest.raises(SnapshotError):
            read_snapshot(file)
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
        with pytest.raises(SnapshotError):
            read_snapshot(file)


def test_a_crash_while_writing_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "snapshot"
    write_snapshot(file, HEADER, ROWS)

    def crash() -> object:
        yield ROWS[0]
        raise RuntimeError("the machine stopped")

    with pytest.raises(RuntimeError):
        write_snapshot(file, HEADER, crash())  # type: ignore[arg-type]
    assert read_snapshot(file) == (HEADER, ROWS)
