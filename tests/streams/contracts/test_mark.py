from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, decode_mark, encode
from streams.contracts.errors import UnreadableError
from streams.contracts.mark import MARK_KEY, Mark, RegistryMark
from streams.contracts.topics import CASE_EVENTS


@given(data=st.data())
def test_a_mark_comes_back_as_it_went(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(Mark))
    assert decode_mark(encode(value)) == value


def test_the_key_of_a_mark_is_no_name_that_a_person_could_write() -> None:
    assert not MARK_KEY.decode()[0].isprintable()


def test_a_mark_is_no_event_and_an_event_no_mark() -> None:
    with pytest.raises(UnreadableError):
        decode(CASE_EVENTS, encode(RegistryMark(version="v")))
    with pytest.raises(UnreadableError) as caught:
        decode_mark(b'{"kind":"case.applied"}')
    assert caught.value.field == "kind"
