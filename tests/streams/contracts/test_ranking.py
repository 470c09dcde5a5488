from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, encode
from streams.contracts.ranking import Ranking
from streams.contracts.topics import RANKINGS


@given(data=st.data())
def test_a_ranking_comes_back_from_its_topic_as_it_went(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(Ranking))
    assert decode(RANKINGS, encode(value)) == value
