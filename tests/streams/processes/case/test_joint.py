from streams.contracts.case_signal import ChildChanged, ParentChanged, ToldDue, ToldProcedure, ToldStretch
from streams.contracts.instants import from_ms
from streams.processes.case.essence import Essence
from streams.processes.case.joint import put_signal
from tests.streams.processes.case.cases import ms

MORNING = from_ms(ms("2026-03-04 10:00"))
LATER = from_ms(ms("2026-03-06 10:00"))


def child(revision: int, **fields: object) -> ChildChanged:
    return ChildChanged(
        event_id="c",
        case_no="hall/lead",
        sender="hall/part",
        occurred_at=LATER,
        data_version=revision,
        handed_over_at=MORNING,
        **fields,  # type: ignore[arg-type]
    )


def kept(tail: list[Essence]) -> list[str]:
    return [piece.more for piece in tail]


def test_everything_a_part_tells_stands_where_it_happened() -> None:
    tail: list[Essence] = []
    procedure = ToldProcedure(event_id="p", from_at=MORNING, to_at=LATER, announced_days=3, ground="鉴定")
    put_signal(tail, child(1, procedures=(procedure,), late=(ToldStretch(from_at=LATER),), ended_at=LATER))
    assert [(piece.at_ms, piece.more) for piece in tail if piece.at_ms == ms("2026-03-04 10:00")] == [
        (ms("2026-03-04 10:00"), what) for what in kept(tail)[:2]
    ]
    assert sorted(kept(tail)) == ["ended", "late", "linked", "resumed", "suspended"]


def test_what_a_lead_tells_is_since_when_its_promise_is_due_when() -> None:
    tail: list[Essence] = []
    signal = ParentChanged(
        event_id="p",
        case_no="hall/part",
        sender="hall/lead",
        occurred_at=LATER,
        data_version=1,
        handed_over_at=MORNING,
        dues=(ToldDue(from_at=MORNING, due_at=LATER),),
    )
    put_signal(tail, signal)
    assert {piece.more: piece.instant_ms for piece in tail} == {"handed_over": None, "due": ms("2026-03-06 10:00")}


def test_only_what_is_new_counts_as_news() -> None:
    tail: list[Essence] = []
    assert kept(put_signal(tail, child(1))) == ["linked"]
    assert kept(put_signal(tail, child(2, ended_at=LATER))) == ["ended"]
    assert sorted(kept(tail)) == ["ended", "linked"]


def test_an_older_or_equal_revision_changes_nothing() -> None:
    tail: list[Essence] = []
    put_signal(tail, child(2, ended_at=LATER))
    before = list(tail)
    assert put_signal(tail, child(1)) == []
    assert put_signal(tail, child(2)) == []
    assert tail == before


def test_a_part_that_left_is_no_part_any_more() -> None:
    tail: list[Essence] = []
    put_signal(tail, child(1, ended_at=LATER))
    left = ChildChanged(event_id="c", case_no="hall/lead", sender="hall/part", occurred_at=LATER, data_version=2)
    put_signal(tail, left)
    assert kept(tail) == ["parted"]
