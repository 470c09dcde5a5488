import msgspec
import pytest

from streams.contracts.codec import decode
from streams.contracts.decoding_words import in_chinese
from streams.contracts.errors import UnreadableError
from streams.contracts.topics import CASE_EVENTS

WHOLE = {
    "kind": "case.accepted",
    "event_id": "e",
    "feed": "f",
    "case_no": "h/1",
    "occurred_at": "2026-03-02T09:00:00+08:00",
    "org": "o",
    "item": "i",
}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"data_version": "two"}, "data_version: 须为整数，实为文字"),
        ({"occurred_at": "2026-03-02T09:00:00"}, "occurred_at: 须为带时差的时刻"),
        ({"occurred_at": "yesterday"}, "occurred_at: 不是时刻"),
        ({"kind": "case.lost"}, "kind: 不允许的值 'case.lost'"),
    ],
)
def test_what_a_message_lacks_is_said_in_chinese_with_its_field(changed: dict[str, object], told: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        decode(CASE_EVENTS, msgspec.json.encode(WHOLE | changed))
    assert refused.value.text().startswith(told)


def test_a_missing_field_and_a_broken_line_are_said_in_chinese() -> None:
    raw = msgspec.json.encode({key: value for key, value in WHOLE.items() if key != "feed"})
    with pytest.raises(UnreadableError) as missing:
        decode(CASE_EVENTS, raw)
    assert missing.value.text() == "feed: 缺少必填字段 feed"
    with pytest.raises(UnreadableError) as broken:
        decode(CASE_EVENTS, raw[:30])
    assert broken.value.text() == "内容不完整，中途断开"


def test_what_the_decoder_says_in_other_words_is_kept() -> None:
    assert in_chinese("something new") == "无法读取（something new）"
    assert in_chinese("Expected `int | null`, got `str`") == "须为整数或空，实为文字"
    assert in_chinese("Expected `int` >= 1") == "须为整数 >= 1"
