from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.clock import Clock
from streams.contracts.codec import decode, encode
from streams.contracts.topics import CLOCKS


@given(data=st.data())
def test_a_clock_comes_back_from_its_topic_as_it_went(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(Clock))
    assert decode(CLOCKS, encode(value)) == value
