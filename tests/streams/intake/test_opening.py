import gzip
import random
from pathlib import Path

import pytest

from streams.contracts.errors import UnreadableError
from streams.intake.opening import open_file

PLAIN = random.Random(7).randbytes(200_000) + b"words and words " * 20_000


def read(path: Path) -> bytes:
    with open_file(path) as opened:
        return opened.stream.read()


def read_until_break(path: Path) -> tuple[bytes, str]:
    got = bytearray()
    with open_file(path) as opened:
        try:
            while part := opened.stream.read(1):
                got += part
        except UnreadableError as error:
            return bytes(got), error.reason
    return bytes(got), ""


def test_plain_files_are_given_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(PLAIN)
    assert read(path) == PLAIN


def test_gzip_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(gzip.compress(PLAIN))
    assert read(path) == PLAIN


def test_several_gzip_members_and_padding_behind_them_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(PLAIN) + b"\x00" * 70_000 + gzip.compress(b"more") + b"\x00" * 100_000)
    assert read(path) == PLAIN + b"more"


@pytest.mark.parametrize("data", [b"", b"\x1f", gzip.compress(b"", mtime=0)])
def test_empty_files_are_empty(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    assert read(path) == (data if data == b"\x1f" else b"")


def test_of_a_file_that_breaks_off_everything_before_the_break_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    packed = gzip.compress(PLAIN)
    path.write_bytes(packed[: len(packed) - 300])
    got, reason = read_until_break(path)
    assert reason == "the compressed file breaks off"
    assert PLAIN.startswith(got)
    assert len(got) > 400_000


@pytest.mark.parametrize("missing", [1, 8])
def test_a_missing_end_alone_is_a_break_too(tmp_path: Path, missing: int) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"all of it")[:-missing])
    assert read_until_break(path) == (b"all of it", "the compressed file breaks off")


def test_of_a_damaged_file_nearly_everything_before_the_damage_is_given(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(PLAIN, compresslevel=0))
    packed[150_000:150_010] = b"\xff" * 10
    path = tmp_path / "a.gz"
    path.write_bytes(packed)
    got, reason = read_until_break(path)
    assert reason.startswith("the compressed file is damaged")
    assert len(got) >= 150_000


def test_a_wrong_checksum_is_damage(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"all of it"))
    packed[-8] ^= 1
    path = tmp_path / "a.gz"
    path.write_bytes(packed)
    got, reason = read_until_break(path)
    assert got == b"all of it"
    assert "incorrect data check" in reason


def test_the_position_goes_from_nothing_to_the_size_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(PLAIN))
    with open_file(path) as opened:
        assert (opened.position, opened.size) == (0, path.stat().st_size)
        opened.stream.read(1)
        assert 0 < opened.position < opened.size
        opened.stream.read()
        assert opened.position == opened.size


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="nothing"), open_file(tmp_path / "nothing"):
        pass
