import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.msgpack import encode

from streams.engine.due import FAR
from streams.engine.row import (
    NO_OFFSET,
    Head,
    Row,
    Sent,
    carries_outbox,
    epoch_of,
    feed_of,
    gone,
    head_of,
    is_gone,
    judged_by,
    judgement,
    outbox_of,
    pack,
    wake_of,
    without_outbox,
)
from streams.engine.slots import NO_SLOTS, Slots

NAMES = st.text(max_size=40)
HEADS = st.builds(
    Head,
    wake_ms=st.integers(-(10**15), FAR),
    last=st.integers(-1, 2**62),
    version=st.integers(0, 2**62),
    feed=NAMES,
    incarnation=NAMES,
    registry=NAMES,
    quarantined=st.booleans(),
    state_at=st.just(0),
    state_end=st.just(0),
    checkpoint=st.just(0),
    has_outbox=st.just(False),
    epoch=st.integers(-1, 2**62),
    shape=st.integers(1, 255),
    slots=st.one_of(st.just(NO_SLOTS), st.builds(Slots, *[st.integers(0, 2**32 - 1)] * 4)),
)
CHECKPOINTS = st.integers(0, 2**32 - 1)

SENT = st.lists(st.builds(Sent, st.text(max_size=9), st.binary(), st.binary(), st.integers(0, 2**40)), max_size=3)


def _raw(head: Head, state: bytes = b"", outbox: list[Sent] | None = None, checkpoint: int = 0) -> bytes:
    row = Row(head, None, state)
    row.outbox = outbox
    return pack(row, head.shape, head.epoch, checkpoint)


@given(HEADS, st.binary(max_size=60), SENT, CHECKPOINTS)
def test_a_row_reads_back_as_it_was_written(head: Head, state: bytes, outbox: list[Sent], checkpoint: int) -> None:
    raw = _raw(head, state, outbox, checkpoint)
    read = head_of(raw)
    assert raw[read.state_at : read.state_end] == state
    assert outbox_of(raw, read) == outbox
    assert (read.has_outbox, read.checkpoint) == (bool(outbox), checkpoint if outbox else 0)
    assert read._replace(has_outbox=False, checkpoint=0, state_at=0, state_end=0) == head
    assert (wake_of(raw), feed_of(raw), epoch_of(raw)) == (head.wake_ms, head.feed, head.epoch)
    assert judged_by(raw) == (head.registry, head.slots)
    assert judgement(raw) == judgement(_raw(Head(registry=head.registry, slots=head.slots)))
    assert judgement(raw) != judgement(_raw(Head(registry=head.registry + "x", slots=head.slots)))
    assert carries_outbox(raw) == bool(outbox)


@given(HEADS, st.binary(max_size=60), SENT)
def test_without_its_outbox_it_is_the_row_written_without_one(head: Head, state: bytes, outbox: list[Sent]) -> None:
    assert without_outbox(_raw(head, state, outbox, 7)) == _raw(head, state)


def test_the_epoch_is_read_by_itself_also_of_a_key_that_has_no_row() -> None:
    assert epoch_of(_raw(Head(epoch=77, feed="f"), b"state")) == 77
    assert epoch_of(gone(78)) == 78
    assert is_gone(gone(78))
    assert not is_gone(_raw(Head()))


def _of_layout(number: int, outbox: list[Sent]) -> bytes:
    names = (b"windows", b"", b"v1")
    head = (number, 2 if outbox else 0, 5_000, 7, NO_OFFSET, 9, 3, *map(len, names))
    fixed = (
        struct.pack(">BBqIqqIBBB", *head)
        if number == 1
        else struct.pack(">BBqIqqIBBBBq4I", *head, 4, 77, 1, 2, 3, 20_000)
    )
    return fixed + b"".join(names) + b"abc" + (encode(outbox) if outbox else b"")


@pytest.mark.parametrize("outbox", [[], [Sent("told", b"k", b"{}", 5)]])
@pytest.mark.parametrize(
    ("number", "epoch", "shape", "slots"), [(1, -1, 1, NO_SLOTS), (2, 77, 4, Slots(1, 2, 3, 20_000))]
)
def test_a_row_of_a_layout_before_is_still_read(
    number: int, epoch: int, shape: int, slots: Slots, outbox: list[Sent]
) -> None:
    old = _of_layout(number, outbox)
    head = head_of(old)
    assert (head.wake_ms, head.checkpoint, head.last, head.version) == (5_000, 7, NO_OFFSET, 9)
    assert (head.feed, head.registry, old[head.state_at : head.state_end]) == ("windows", "v1", b"abc")
    assert (head.epoch, head.shape, head.slots, epoch_of(old)) == (epoch, shape, slots, epoch)
    assert (wake_of(old), feed_of(old), judged_by(old)) == (5_000, "windows", ("v1", slots))
    assert outbox_of(old, head) == outbox
    assert without_outbox(old) == _of_layout(number, [])


def test_another_layout_is_refused() -> None:
    raw = bytearray(_raw(Head()))
    raw[0] = 99
    with pytest.raises(ValueError, match="layout 99"):
        head_of(bytes(raw))
    with pytest.raises(ValueError, match="layout 99"):
        feed_of(bytes(raw))


def test_a_name_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="255"):
        _raw(Head(feed="政" * 100))
