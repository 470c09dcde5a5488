from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.case import Case
from streams.contracts.codec import decode, encode
from streams.contracts.topics import CASES


@given(data=st.data())
def test_a_case_comes_back_from_its_topic_as_it_went(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(Case))
    assert decode(CASES, encode(value)) == value
