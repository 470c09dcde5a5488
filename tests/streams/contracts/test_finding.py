from collections.abc import Callable
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, encode
from streams.contracts.finding import LEVELS, Finding, Level
from streams.contracts.topics import FINDINGS


@given(data=st.data())
def test_a_finding_comes_back_from_its_topic_as_it_went(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(Finding))
    assert decode(FINDINGS, encode(value)) == value


def test_the_levels_stand_in_the_order_of_their_weight() -> None:
    assert LEVELS == ("notice", "warn", "yellow", "red")
    assert set(LEVELS) == set(get_args(Level))
