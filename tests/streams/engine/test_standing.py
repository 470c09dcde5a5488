from streams.engine.row import NO_OFFSET, Sent
from streams.engine.standing import (
    PART_BYTES,
    STANDING_KEY,
    Standing,
    decode_standing,
    encode_standing,
    is_standing,
    part_key,
    parted,
)


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


def test_few_outputs_need_no_part_and_many_stay_below_what_a_record_may_have() -> None:
    assert parted([]) == [()]
    sent = [Sent("told", b"%d" % n, b"x" * 300_000, 5) for n in range(10)]
    assert parted(sent[:3]) == [tuple(sent[:3])]
    parts = parted(sent)
    assert [one for part in parts for one in part] == sent
    assert all(sum(len(one.value) for one in part) < PART_BYTES + 300_000 for part in parts)


def test_parts_have_keys_of_their_own() -> None:
    assert is_standing(STANDING_KEY)
    assert is_standing(part_key(12))
    assert part_key(1) != part_key(2)
    assert not is_standing(b"standing")
