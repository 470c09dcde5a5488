from hypothesis import given
from hypothesis import strategies as st

from streams.engine.ownership import NO_EPOCH, SENDER, Fence, Fences, sender_of
from streams.engine.simulated.log import Kept


def _record(offset: int, epoch: int, who: str = "counter") -> Kept:
    return Kept(offset, 0, b"k", b"", ((SENDER, sender_of(who, 0, epoch)),))


def test_what_a_replaced_owner_sends_behind_its_successor_is_dropped() -> None:
    fences = Fences()
    assert fences.admits(_record(0, 5))
    assert fences.admits(_record(1, 9))
    assert not fences.admits(_record(2, 5))
    assert fences.admits(_record(3, 9))


def test_what_stood_before_the_successor_stays_good_when_it_is_read_again() -> None:
    fences = Fences()
    records = [_record(0, 5), _record(1, 5), _record(2, 9), _record(3, 5)]
    first = [fences.admits(record) for record in records]
    again = Fences(fences.all())
    assert [again.admits(record) for record in records] == first == [True, True, True, False]


def test_senders_do_not_fence_each_other() -> None:
    fences = Fences()
    assert fences.admits(_record(0, 9, "case"))
    assert fences.admits(_record(1, 3, "alert"))


def test_records_of_nobody_and_headers_of_others_pass() -> None:
    fences = Fences()
    assert sender_of("counter", 0, NO_EPOCH) == b""
    assert fences.admits(Kept(0, 0, b"k", b""))
    assert fences.admits(Kept(1, 0, b"k", b"", (("trace", b"abc"), (SENDER, b"someone else"))))
    assert fences.all() == ()


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 5)), max_size=30))
def test_the_fence_is_the_first_record_of_the_newest_epoch(sent: list[tuple[str, int]]) -> None:
    fences = Fences()
    for offset, (who, epoch) in enumerate(sent):
        newest = max([e for w, e in sent[: offset + 1] if w == who])
        assert fences.admits(_record(offset, epoch, who)) == (epoch == newest)
    for fence in fences.all():
        mine = [(offset, epoch) for offset, (who, epoch) in enumerate(sent) if f"{who}/0".encode() == fence.who]
        newest = max(epoch for _, epoch in mine)
        assert fence == Fence(fence.who, newest, min(offset for offset, epoch in mine if epoch == newest))
