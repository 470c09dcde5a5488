"""Says in plain words why bytes are not text in the encoding that was promised, and which one they may be in."""

import codecs

from streams.contracts.words import Words

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before utf-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_SURE_SHARE = 0.3
"""The share of zero bytes from which a text counts as one of two bytes a letter; in plain text there are none."""


def marked_encoding(raw: bytes) -> str:
    """The encoding that the first bytes of a file show, by their mark or by their zeros; empty where they show none."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    if even + odd <= _SURE_SHARE * len(raw):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def wrong_start(raw: bytes, encoding: str) -> Words | None:
    """Why a file that begins with these bytes is not in this encoding; None where nothing speaks against it."""
    shown = marked_encoding(raw)
    if shown in ("", encoding):
        return None
    if shown == "utf-8":
        zh = f"文件不是 {encoding} 编码：开头有 utf-8 的标记"
        return Words(zh, f"the text is not {encoding}: it begins with the mark of utf-8")
    zh = f"文件不是 {encoding} 编码，而是 {shown}，请另存为 utf-8"
    return Words(zh, f"the text is not {encoding}: it is {shown}, save it as utf-8")


def wrong_line(raw: bytes, encoding: str) -> Words:
    """Why a line that cannot be decoded cannot; names the encoding it reads well in, where that can be told."""
    if encoding == "utf-8" and _is_chinese(raw):
        return Words(
            "不是 utf-8 编码，像是 gb18030（GBK）：如果是，映射文件中要写 `encoding: gb18030`",
            "not utf-8; it reads as gb18030 (GBK): if it is, the mapping must say `encoding: gb18030`",
        )
    return Words(f"不是 {encoding} 编码", f"not {encoding}")


def _is_chinese(raw: bytes) -> bool:
    """Whether it decodes as GB18030 and every letter beyond ASCII is one that Chinese text is written with."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [letter for letter in text if not letter.isascii()]
    return bool(foreign) and all(_is_written_in_chinese(ord(letter)) for letter in foreign)


def _is_written_in_chinese(code: int) -> bool:
    return 0x4E00 <= code <= 0x9FFF or 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFFEF or 0x2010 <= code <= 0x2027
