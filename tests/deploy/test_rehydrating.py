import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import pytest

from deploy.rehydrating import Rehydrator, known_before
from streams.contracts.case_event import Accepted, CaseEvent, Delivered
from streams.contracts.codec import encode
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.late_event import LateEvent, Rehydrated
from streams.contracts.topics import CASE_EVENTS, LATE_EVENTS, Topic


class Record(NamedTuple):
    value: bytes


def _event(kind: type[Any], number: int, arrived_ms: int, version: int = 0) -> Any:
    return kind(
        event_id=f"e{number}", feed="f", case_no="h/1", occurred_at=from_ms(1), arrived_at=from_ms(arrived_ms),
        data_version=version,
    )  # fmt: skip


FIRST, SECOND = _event(Accepted, 1, 1_000), _event(Accepted, 2, 2_000)
LATE = LateEvent(case_no="h/1", event=_event(Delivered, 3, 9_000), events=2)


class Outside:
    """A store that answers in turn, and a door that may refuse."""

    def __init__(self, *answers: Sequence[CaseEvent] | Exception, refusals: Sequence[Exception] = ()) -> None:
        self.answers, self.refusals = list(answers), list(refusals)
        self.taken: list[tuple[str, msgspec.Struct]] = []
        self.letters: list[Any] = []
        self.done = 0

    async def events_of(self, case_no: str) -> list[CaseEvent]:
        assert case_no == "h/1"
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    def close(self) -> None:
        """Nothing to end."""

    async def accept(self, topic: Topic, rows: Sequence[tuple[str, msgspec.Struct]]) -> None:
        assert topic is CASE_EVENTS
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken += rows

    async def dead(self, *letters: Any) -> None:
        self.letters += letters

    def count(self) -> None:
        self.done += 1


def _play(outside: Outside, *late: LateEvent, patience_seconds: float = 300.0) -> None:
    async def story() -> None:
        rehydrator = Rehydrator(outside, outside.accept, outside.dead, patience_seconds)
        await rehydrator.write(LATE_EVENTS.name, 0, [Record(encode(one)) for one in late], outside.count)
        await asyncio.sleep(0)
        assert (outside.taken, outside.done) == ([], 0)
        rehydrator.start()
        async with asyncio.timeout(60):
            while not outside.done:
                await asyncio.sleep(0.01)
        await rehydrator.close()

    asyncio.run(story())


def test_a_case_comes_back_with_what_was_known_and_what_is_late() -> None:
    outside = Outside([FIRST, SECOND, LATE.event])
    other = LateEvent(case_no="h/1", event=_event(Delivered, 4, 9_500), events=2)
    _play(outside, LATE, other)
    case = Rehydrated(case_no="h/1", known=(FIRST, SECOND), late=(LATE.event, other.event))
    assert outside.taken == [("h/1", case)]
    assert outside.done == 1


def test_a_store_that_is_behind_or_away_and_a_door_that_is_shut_are_waited_for() -> None:
    outside = Outside(UnavailableError("away"), [FIRST], [FIRST, SECOND], refusals=[UnavailableError("shut")])
    _play(outside, LATE)
    assert [row for _, row in outside.taken] == [Rehydrated(case_no="h/1", known=(FIRST, SECOND), late=(LATE.event,))]


@pytest.mark.parametrize(
    ("outside", "reason"),
    [
        (Outside([FIRST]), "the store holds less than the 2 events of the case"),
        (Outside([FIRST, SECOND], refusals=[UnreadableError("too large")]), "too large"),
    ],
)
def test_a_case_that_cannot_come_back_leaves_its_late_events_as_dead_letters(outside: Outside, reason: str) -> None:
    _play(outside, LATE, patience_seconds=0.1)
    assert outside.taken == []
    assert [(letter.reason, letter.raw) for letter in outside.letters] == [(reason, encode(LATE.event))]
    assert outside.done == 1


def test_what_was_known_is_what_had_arrived_before_and_among_equal_stamps_what_is_not_late() -> None:
    newer = _event(Accepted, 1, 9_000, version=2)
    late = LateEvent(case_no="h/1", event=newer, events=1)
    assert known_before([late], [FIRST, newer, _event(Delivered, 5, 9_900)]) == [FIRST]
    together = _event(Accepted, 6, 9_000)
    assert known_before([late], [newer, together]) == [together]
    assert known_before([late], [newer]) is None


async def _hand_over_for_ever(rehydrator: Rehydrator, outside: Outside) -> None:
    async with asyncio.timeout(60):
        while True:
            await rehydrator.write(LATE_EVENTS.name, 0, [], outside.count)
            await asyncio.sleep(0.01)


def test_a_bug_behind_the_scenes_is_raised_where_the_reader_hands_over() -> None:
    async def story() -> None:
        outside = Outside(LookupError("a bug"))
        rehydrator = Rehydrator(outside, outside.accept, outside.dead)
        rehydrator.start()
        await rehydrator.write(LATE_EVENTS.name, 0, [Record(encode(LATE))], outside.count)
        with pytest.raises(LookupError):
            await _hand_over_for_ever(rehydrator, outside)
        await rehydrator.close()

    asyncio.run(story())
