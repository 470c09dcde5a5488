from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given

from streams.contracts.case_event import CaseEvent
from streams.contracts.case_signal import CaseSignal
from streams.contracts.codec import decode, encode
from streams.contracts.topics import CASE_EVENTS, CASE_SIGNALS


@pytest.mark.parametrize("kind", get_args(CaseSignal), ids=lambda kind: kind.__name__)
def test_a_signal_comes_back_from_both_its_topics_as_it_went(kind: Any, any_of: Callable[[Any], Any]) -> None:
    @given(value=any_of(kind))
    def comes_back(value: Any) -> None:
        assert decode(CASE_EVENTS, encode(value)) == decode(CASE_SIGNALS, encode(value)) == value

    comes_back()


def test_the_kinds_of_signals_and_of_events_are_told_apart() -> None:
    tags = [kind.__struct_config__.tag for kind in (*get_args(CaseEvent), *get_args(CaseSignal))]
    assert len(set(tags)) == len(tags)
