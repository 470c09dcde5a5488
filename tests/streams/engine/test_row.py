import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.due import FAR
from streams.engine.row import (
    NO_OFFSET,
    Head,
    Sent,
    carries_outbox,
    epoch_of,
    gone,
    head_of,
    is_gone,
    judged_by,
    judgement,
    outbox_of,
    pack,
    wake_and_feed,
    without_outbox,
)
from streams.engine.slots import NO_SLOTS, Slots

NAMES = st.text(max_size=40)
HEADS = st.builds(
    Head,
    wake_ms=st.integers(-(10**15), FAR),
    checkpoint=st.integers(0, 2**32 - 1),
    last=st.integers(-1, 2**62),
    version=st.integers(0, 2**62),
    feed=NAMES,
    incarnation=NAMES,
    registry=NAMES,
    quarantined=st.booleans(),
    has_outbox=st.just(False),
    state_at=st.just(0),
    state_end=st.just(0),
    epoch=st.integers(-1, 2**62),
    shape=st.integers(1, 255),
    slots=st.builds(Slots, *[st.integers(0, 2**32 - 1)] * 4),
)
SENT = st.lists(st.builds(Sent, st.text(max_size=9), st.binary(), st.binary(), st.integers(0, 2**40)), max_size=3)


@given(HEADS, st.binary(max_size=60), SENT)
def test_a_row_reads_back_as_it_was_written(head: Head, state: bytes, outbox: list[Sent]) -> None:
    raw = pack(head, state, outbox)
    read = head_of(raw)
    assert raw[read.state_at : read.state_end] == state
    assert outbox_of(raw, read) == outbox
    assert read.has_outbox == bool(outbox)
    assert read._replace(has_outbox=False, state_at=0, state_end=0) == head
    assert wake_and_feed(raw) == (head.wake_ms, head.feed)
    assert judged_by(raw) == (head.registry, head.slots)
    assert judgement(raw) == judgement(pack(Head(registry=head.registry, slots=head.slots), b"", []))
    assert judgement(raw) != judgement(pack(Head(registry=head.registry + "x", slots=head.slots), b"", []))
    assert carries_outbox(raw) == bool(outbox)


@given(HEADS, st.binary(max_size=60), SENT)
def test_without_its_outbox_it_is_the_row_written_without_one(head: Head, state: bytes, outbox: list[Sent]) -> None:
    raw = pack(head, state, outbox)
    assert without_outbox(raw, head_of(raw)) == pack(head, state, [])


def test_the_epoch_is_read_by_itself_also_of_a_key_that_has_no_row() -> None:
    assert epoch_of(pack(Head(epoch=77, feed="f"), b"state", [])) == 77
    assert epoch_of(gone(78)) == 78
    assert is_gone(gone(78))
    assert not is_gone(pack(Head(), b"", []))


def test_a_row_of_the_layout_before_is_still_read() -> None:
    names = (b"windows", b"", b"v1")
    old = struct.pack(">BBqIqqIBBB", 1, 0, 5_000, 7, NO_OFFSET, 9, 3, *map(len, names)) + b"".join(names) + b"abc"
    head = head_of(old)
    assert (head.wake_ms, head.checkpoint, head.last, head.version) == (5_000, 7, NO_OFFSET, 9)
    assert (head.feed, head.registry, old[head.state_at : head.state_end]) == ("windows", "v1", b"abc")
    assert (head.epoch, head.slots, epoch_of(old)) == (-1, NO_SLOTS, -1)
    assert wake_and_feed(old) == (5_000, "windows")
    assert judged_by(old) == ("v1", NO_SLOTS)


def test_another_layout_is_refused() -> None:
    raw = bytearray(pack(Head(), b"", []))
    raw[0] = 99
    with pytest.raises(ValueError, match="layout 99"):
        head_of(bytes(raw))
    with pytest.raises(ValueError, match="layout 99"):
        wake_and_feed(bytes(raw))


def test_a_name_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="255"):
        pack(Head(feed="政" * 100), b"", [])
