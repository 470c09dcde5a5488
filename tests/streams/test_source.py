import io

from streams.source import LINE_BYTES_MAX, lines_of


def test_lines_are_numbered_from_one_and_the_last_needs_no_end() -> None:
    assert [(line.number, line.raw) for line in lines_of(io.BytesIO(b"a\n\nb"))] == [(1, b"a\n"), (2, b"\n"), (3, b"b")]


def test_a_line_that_is_too_long_is_cut_and_the_next_one_is_whole() -> None:
    long = b"x" * (3 * LINE_BYTES_MAX + 7)
    lines = list(lines_of(io.BytesIO(long + b"\nnext\n")))
    assert [(line.number, len(line.raw), line.too_long) for line in lines] == [(1, LINE_BYTES_MAX, True), (2, 5, False)]


def test_a_line_of_just_the_greatest_length_is_whole() -> None:
    lines = list(lines_of(io.BytesIO(b"x" * (LINE_BYTES_MAX - 1) + b"\nnext\n")))
    assert [line.too_long for line in lines] == [False, False]
