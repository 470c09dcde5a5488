from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, encode
from streams.contracts.push import Push, PushReceipt, PushRequest
from streams.contracts.topics import PUSH_REQUESTS, PUSHES


@given(data=st.data())
def test_requests_and_receipts_share_a_topic_and_stay_apart(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(PushRequest | PushReceipt))
    again = decode(PUSH_REQUESTS, encode(value))
    assert again == value
    assert type(again) is type(value)


@given(data=st.data())
def test_a_line_of_the_push_ledger_comes_back_as_it_went(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(Push))
    assert decode(PUSHES, encode(value)) == value
