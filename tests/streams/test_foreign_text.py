import pytest

from streams.foreign_text import marked_encoding, wrong_line, wrong_start


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_are_known_by_their_zeros(encoding: str) -> None:
    assert marked_encoding("ID,OPEN\n".encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("codec", "name"), [("utf-16", "utf-16-le"), ("utf-32", "utf-32-le"), ("utf-8-sig", "utf-8"), ("utf-8", "")]
)
def test_a_mark_names_the_encoding(codec: str, name: str) -> None:
    assert marked_encoding("编号,受理\n".encode(codec)) == name


def test_plain_text_an_empty_file_and_a_stray_zero_show_nothing() -> None:
    assert [marked_encoding(raw) for raw in (b"", b"a,b\n", b"a,b\x00,c,d\n")] == ["", "", ""]


def test_a_mark_of_the_encoding_that_was_promised_is_no_fault() -> None:
    assert wrong_start("编号".encode("utf-8-sig"), "utf-8") is None
    fault = wrong_start("编号".encode("utf-8-sig"), "gb18030")
    assert fault is not None
    assert "mark of utf-8" in fault.en
    assert "utf-8 的标记" in fault.zh


def test_chinese_in_gbk_is_named_and_other_bytes_are_not_taken_for_it() -> None:
    assert "gb18030" in wrong_line("7,施工许可（临时）\n".encode("gbk"), "utf-8").en
    assert wrong_line("café ü".encode("latin-1"), "utf-8").en == "not utf-8"
    assert wrong_line(b"a\xff\xfe", "utf-8").en == "not utf-8"
    assert wrong_line(b"a\xff", "gb18030").en == "not gb18030"
