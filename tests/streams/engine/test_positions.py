from streams.engine.log import Place
from streams.engine.positions import Positions

HERE = Place("notes", 0)


def _positions() -> Positions:
    positions = Positions({"notes": ["judge", "sink"]})
    positions.sought({HERE: 10})
    return positions


def test_batches_are_admitted_in_turn() -> None:
    positions = _positions()
    assert positions.admit("judge", HERE, 1, 0)
    assert positions.admit("judge", HERE, 1, 1)
    assert positions.admit("sink", HERE, 1, 0)


def test_a_batch_behind_a_hole_is_refused() -> None:
    positions = _positions()
    assert positions.admit("judge", HERE, 1, 0)
    assert not positions.admit("judge", HERE, 1, 2)
    assert positions.admit("judge", HERE, 1, 1)


def test_a_batch_fetched_before_the_last_seek_is_refused_and_counting_starts_afresh() -> None:
    positions = _positions()
    assert positions.admit("judge", HERE, 1, 0)
    positions.sought({HERE: 10})
    assert not positions.admit("judge", HERE, 1, 1)
    assert positions.admit("judge", HERE, 2, 0)


def test_the_slowest_reader_decides_what_may_be_committed() -> None:
    positions = _positions()
    positions.done("judge", HERE, 1, 30)
    assert positions.committable(HERE) is None
    positions.done("sink", HERE, 1, 20)
    assert positions.committable(HERE) == 20


def test_a_position_from_before_the_last_seek_says_nothing() -> None:
    positions = _positions()
    positions.done("judge", HERE, 1, 30)
    positions.done("sink", HERE, 1, 30)
    positions.sought({HERE: 15})
    assert positions.committable(HERE) is None
    positions.done("sink", HERE, 1, 99)
    assert positions.reached(HERE) == 15


def test_a_reader_that_has_not_begun_stands_where_it_starts() -> None:
    positions = _positions()
    positions.done("judge", HERE, 1, 30)
    assert positions.reached(HERE) == 10
    positions.done("sink", HERE, 1, 40)
    assert positions.reached(HERE) == 30
    assert positions.reached(Place("notes", 1)) == 0


def test_nothing_is_worked_on_for_state_that_was_given_up_until_the_next_seek() -> None:
    at, other = Place("notes", 0), Place("notes", 1)
    positions = Positions({"notes": ["a"]})
    positions.sought({at: 0, other: 0})
    assert positions.admit("a", at, 1, 0)
    positions.forget(at)
    assert not positions.admit("a", at, 1, 1)
    assert positions.admit("a", other, 1, 0)
    positions.sought({at: 0, other: 0})
    assert positions.admit("a", at, 2, 0)
