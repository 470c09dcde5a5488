from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, encode
from streams.contracts.late_event import LateEvent, Rehydrated
from streams.contracts.topics import CASE_EVENTS, LATE_EVENTS


@given(data=st.data())
def test_a_late_event_and_a_case_that_is_brought_back_come_back_as_they_went(
    data: st.DataObject, any_of: Callable[[Any], Any]
) -> None:
    late = data.draw(any_of(LateEvent))
    assert decode(LATE_EVENTS, encode(late)) == late
    case = data.draw(any_of(Rehydrated))
    assert decode(CASE_EVENTS, encode(case)) == case
