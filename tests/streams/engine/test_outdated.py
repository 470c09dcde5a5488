from streams.engine.due import FAR, Wakes
from streams.engine.outdated import _STRETCH, Outdated
from streams.engine.row import Head, Row, pack
from streams.engine.rows import Rows
from streams.engine.slots import Slots
from streams.engine.states import States
from tests.streams.engine.toy import Counted, Counter


def _rows(*heads: Head) -> Rows:
    """Cold rows with keys 000000, 000001 …, judged as these heads tell."""
    states = States(Counter())
    rows = Rows(states, 10)
    for number, head in enumerate(heads):
        key = b"%06d" % number
        rows.load(key, pack(Row(head, None, states.encode(Counted(key.decode()))), 1, -1))
    rows.take_over(Wakes())
    return rows


def _handed_out(outdated: Outdated) -> list[int]:
    found = []
    while outdated:
        key = outdated.step()
        if key is not None:
            found.append(int(key))
    return found


def test_what_another_version_judged_comes_by_due_and_equal_rows_are_asked_for_once() -> None:
    judged = [("v1", 1, 50), ("v1", 2, 10), ("v1", 1, 30), ("v2", 1, 5), ("v0", 1, FAR), ("v1", 1, 40)]
    rows = _rows(*[Head(wake_ms=due, registry=registry, slots=Slots(item)) for registry, item, due in judged])
    rows.get(b"000002")
    asked = []

    def touched(version: str, slots: Slots) -> bool:
        asked.append((version, slots.item))
        return slots.item == 1

    assert _handed_out(Outdated(rows, "v2", touched)) == [2, 5, 0, 4]
    assert sorted(asked) == [("v0", 1), ("v1", 1), ("v1", 1), ("v1", 2)]  # once more for the decoded one


def test_looking_and_handing_out_go_step_by_step_over_any_number_of_rows() -> None:
    count = 2 * _STRETCH + 7
    rows = _rows(*[Head(wake_ms=(n * 7919) % count, registry="v1") for n in range(count)])
    outdated = Outdated(rows, "v2", lambda _, __: True)
    assert [outdated.step() for _ in range(3)] == [None] * 3
    assert outdated
    found = _handed_out(outdated)
    assert [(n * 7919) % count for n in found] == list(range(count))
    assert not outdated


def test_where_nothing_is_touched_there_is_nothing_to_hand_out() -> None:
    assert not Outdated(_rows(), "v1", lambda _, __: True)
    assert _handed_out(Outdated(_rows(Head(registry="v1")), "v2", lambda _, __: False)) == []
    assert _handed_out(Outdated(_rows(Head(registry="v1")), "v1", lambda _, __: True)) == []
