import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.intake.mask import mask_with, masked_form

KEY = b"sixteen bytes ok"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("张", "*"), ("张三", "张*"), ("张小明", "张**"), ("欧阳小明明", "欧***"), ("13800001234", "13***34"), ("", "*")],
)
def test_the_masked_form_shows_little(text: str, shown: str) -> None:
    assert masked_form(text) == shown


def test_equal_texts_give_equal_masks_and_other_texts_or_keys_other_ones() -> None:
    mask = mask_with(KEY)
    assert mask("张小明") == mask(" 张小明 ")
    assert len({mask("张小明"), mask("张大明"), mask_with(KEY[::-1])("张小明")}) == 3
    assert mask("张小明").startswith("张**#")


@given(st.text(min_size=7, alphabet="0123456789"))
def test_most_of_a_long_number_is_hidden(text: str) -> None:
    assert text not in mask_with(KEY)(text)
    assert len(masked_form(text)) == 7


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 65])
def test_a_key_that_anybody_could_try_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="16 to 64"):
        mask_with(key)
