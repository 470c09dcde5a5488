from hypothesis import given
from hypothesis import strategies as st

from streams.engine.due import BLOCK, FAR, DueIndex, Wakes

CHANGES = st.lists(st.tuples(st.integers(0, 30), st.one_of(st.just(FAR), st.integers(0, 100))), max_size=80)


@given(CHANGES, st.lists(st.integers(0, 110), min_size=1, max_size=5))
def test_it_tells_what_a_plain_dictionary_would(changes: list[tuple[int, int]], looks: list[int]) -> None:
    index, plain = DueIndex(), dict[bytes, int]()
    for n, (number, wake) in enumerate(changes):
        key = b"k%d" % number
        index.put(key, wake)
        if wake == FAR:
            plain.pop(key, None)
        else:
            plain[key] = wake
        look = looks[n % len(looks)]
        assert index.due(look) == sorted((w, k) for k, w in plain.items() if w <= look)
        assert index.wake_of(key) == plain.get(key, FAR)
    assert len(index) == len(plain)


def test_the_lower_bound_never_lies_above_a_wake() -> None:
    index = DueIndex()
    index.put(b"a", 50)
    assert index.next_ms == 50
    index.put(b"a", 90)
    assert index.due(60) == []
    assert index.next_ms == 90
    index.put(b"b", 10)
    assert index.next_ms == 10


def test_it_grows_beyond_a_block_and_uses_freed_slots_again() -> None:
    index = DueIndex()
    for n in range(2 * BLOCK + 5):
        index.put(b"%d" % n, n)
    for n in range(BLOCK):
        index.put(b"%d" % n, FAR)
    for n in range(BLOCK):
        index.put(b"again%d" % n, 10_000 + n)
    assert len(index.due(FAR - 1)) == 2 * BLOCK + 5
    assert index.due(BLOCK) == [(BLOCK, b"%d" % BLOCK)]
    assert len(index._keys) == 2 * BLOCK + 5


def test_each_feed_has_its_own_wakes() -> None:
    wakes = Wakes()
    wakes.put("", b"a", 5)
    wakes.put("files", b"b", 3)
    assert wakes.due("", 10) == [(5, b"a")]
    assert wakes.due("files", 10) == [(3, b"b")]
    assert wakes.due("nobody", 10) == []
    assert wakes.wake_of("files", b"a") == FAR


def test_a_wake_below_the_last_answer_is_told_though_its_block_knew_an_earlier_one() -> None:
    index = DueIndex()
    index.put(b"a", 10)
    index.put(b"b", 50)
    assert index.due(10) == [(10, b"a")]
    index.put(b"a", 90)
    assert index.due(60) == [(50, b"b")]
    index.put(b"a", 20)
    assert index.due(30) == [(20, b"a")]
