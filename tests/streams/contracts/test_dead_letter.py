from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, encode
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.topics import DEAD_LETTERS


@given(data=st.data())
def test_a_dead_letter_comes_back_from_its_topic_as_it_went(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(DeadLetter))
    assert decode(DEAD_LETTERS, encode(value)) == value
