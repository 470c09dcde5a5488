from hypothesis import given
from hypothesis import strategies as st

from streams.engine.due import BLOCK, FAR, NO_SLOT, DueIndex, Wakes

CHANGES = st.lists(st.tuples(st.integers(0, 30), st.one_of(st.just(FAR), st.integers(0, 100))), max_size=80)


class Put:
    """Keeps the slots, as rows do."""

    def __init__(self, index: DueIndex) -> None:
        self._index = index
        self._slots: dict[bytes, int] = {}

    def __call__(self, key: bytes, wake_ms: int) -> None:
        self._slots[key] = self._index.put(self._slots.get(key, NO_SLOT), key, wake_ms)


@given(CHANGES, st.lists(st.integers(0, 110), min_size=1, max_size=5))
def test_it_tells_what_a_plain_dictionary_would(changes: list[tuple[int, int]], looks: list[int]) -> None:
    index, plain = DueIndex(), dict[bytes, int]()
    put = Put(index)
    for n, (number, wake) in enumerate(changes):
        key = b"k%d" % number
        put(key, wake)
        if wake == FAR:
            plain.pop(key, None)
        else:
            plain[key] = wake
        look = looks[n % len(looks)]
        assert index.due(look) == sorted((w, k) for k, w in plain.items() if w <= look)
    assert len(index) == len(plain)


def test_the_lower_bound_never_lies_above_a_wake() -> None:
    index = DueIndex()
    put = Put(index)
    put(b"a", 50)
    assert index.next_ms == 50
    put(b"a", 90)
    assert index.due(60) == []
    assert index.next_ms == 90
    put(b"b", 10)
    assert index.next_ms == 10


def test_it_grows_beyond_a_block_and_uses_freed_slots_again() -> None:
    index = DueIndex()
    put = Put(index)
    for n in range(2 * BLOCK + 5):
        put(b"%d" % n, n)
    for n in range(BLOCK):
        put(b"%d" % n, FAR)
    for n in range(BLOCK):
        put(b"again%d" % n, 10_000 + n)
    assert len(index.due(FAR - 1)) == 2 * BLOCK + 5
    assert index.due(BLOCK) == [(BLOCK, b"%d" % BLOCK)]
    assert len(index._keys) == 2 * BLOCK + 5


def test_each_feed_has_its_own_wakes() -> None:
    wakes = Wakes()
    slot = wakes.put("", NO_SLOT, b"a", 5)
    wakes.put("files", NO_SLOT, b"b", 3)
    assert wakes.due("", 10) == [(5, b"a")]
    assert wakes.due("files", 10) == [(3, b"b")]
    assert wakes.due("nobody", 10) == []
    assert wakes.put("", slot, b"a", FAR) == NO_SLOT
    assert wakes.due("", 10) == []


@given(st.lists(st.integers(0, 100), max_size=20), st.integers(0, 110))
def test_filled_at_once_it_is_as_if_filled_one_by_one(wakes: list[int], look: int) -> None:
    keys = [b"k%d" % n for n in range(len(wakes))]
    index, other = DueIndex(), DueIndex()
    index.fill(keys, wakes)
    slots = [other.put(NO_SLOT, key, wake) for key, wake in zip(keys, wakes, strict=True)]
    assert slots == list(range(len(wakes)))
    assert (index.due(look), len(index)) == (other.due(look), len(other))
    for slot, key in enumerate(keys):
        assert index.put(slot, key, FAR) == NO_SLOT
    assert index.due(FAR - 1) == []
    index.put(NO_SLOT, b"new", 7)
    assert index.due(look) == ([(7, b"new")] if look >= 7 else [])


def test_a_wake_below_the_last_answer_is_told_though_its_block_knew_an_earlier_one() -> None:
    index = DueIndex()
    put = Put(index)
    put(b"a", 10)
    put(b"b", 50)
    assert index.due(10) == [(10, b"a")]
    put(b"a", 90)
    assert index.due(60) == [(50, b"b")]
    put(b"a", 20)
    assert index.due(30) == [(20, b"a")]
