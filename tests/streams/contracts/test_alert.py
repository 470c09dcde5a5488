from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.alert import Acknowledge, Alert
from streams.contracts.codec import decode, encode
from streams.contracts.topics import ALERTS, COMMANDS, FINDINGS, Topic


@given(data=st.data())
def test_an_alert_comes_back_from_its_topic_as_it_went(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(Alert))
    assert decode(ALERTS, encode(value)) == value


@pytest.mark.parametrize("topic", [COMMANDS, FINDINGS], ids=lambda topic: topic.name)
def test_an_acknowledgement_is_known_where_it_is_kept_and_where_it_works(
    topic: Topic, any_of: Callable[[Any], Any]
) -> None:
    @given(value=any_of(Acknowledge))
    def comes_back(value: Acknowledge) -> None:
        assert decode(topic, encode(value)) == value

    comes_back()
