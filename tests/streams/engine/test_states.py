from typing import Any

import msgspec
import pytest

from streams.engine.driver import Arrival, Run
from streams.engine.row import Head, Row, pack
from streams.engine.states import FIRST_SHAPE, States
from tests.streams.engine.toy import TOLD, Counted, Counter, Note


class Later(Counter):
    """The counter after its state was called otherwise."""

    state_shape = 2

    def migrate(self, raw: bytes, shape: int) -> Any:
        assert shape == 1
        old = msgspec.msgpack.decode(raw)
        return Counted(old["name"], count=old["notes"])


OLD = msgspec.msgpack.encode({"name": "a", "notes": 41})


def test_a_state_in_an_older_shape_is_brought_into_todays() -> None:
    states = States(Later())
    assert states.decode(OLD, 1) == Counted("a", count=41)
    assert states.decode(states.encode(Counted("b")), 2) == Counted("b")


def test_a_process_that_never_changed_its_state_has_the_first_shape() -> None:
    states = States(Counter())
    assert states.shape == FIRST_SHAPE
    assert states.decode(states.encode(Counted("b")), FIRST_SHAPE) == Counted("b")


def test_a_state_of_a_later_program_is_refused() -> None:
    with pytest.raises(ValueError, match="shape 3; this program knows 2"):
        States(Later()).decode(b"", 3)
    with pytest.raises(ValueError, match="counter: a state of shape 2"):
        States(Counter()).decode(b"", 2)


def test_rows_of_an_older_shape_go_on_in_todays() -> None:
    run = Run(Later())
    run._shard.load(b"a", pack(Row(Head(), None, OLD), 1, -1))
    run._shard.activate()
    run.step(Arrival(5, "a", Note(occurred_ms=5)))
    assert [body.told_id for body in run.bodies(TOLD)] == ["a:n42"]
