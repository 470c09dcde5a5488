from streams.engine.row import NO_OFFSET, Sent
from streams.engine.standing import Standing, decode_standing, encode_standing


def test_it_reads_back_as_it_was_written() -> None:
    standing = Standing(checkpoint=3, acknowledged=2, registry="v1", outbox=(Sent("told", b"k", b"{}", 5),))
    assert decode_standing(encode_standing(standing)) == standing


def test_the_offsets_of_another_broker_are_void() -> None:
    written = Standing(checkpoint=3, incarnation="old", registry="v2", registry_ms=7, registry_offset=40)
    taken = written.taken_over_by(Standing(incarnation="new", registry="v1"))
    assert (taken.incarnation, taken.registry_offset) == ("new", NO_OFFSET)
    assert (taken.checkpoint, taken.registry, taken.registry_ms) == (3, "v2", 7)


def test_offsets_of_the_same_broker_hold_and_a_first_registry_comes_from_the_worker() -> None:
    written = Standing(incarnation="one", registry_offset=40)
    taken = written.taken_over_by(Standing(incarnation="one", registry="v1"))
    assert (taken.registry_offset, taken.registry) == (40, "v1")
