import asyncio
from typing import NamedTuple

from aiokafka import TopicPartition

from streams.engine.log import Place
from streams.engine.on_faust.progress import Progress
from streams.engine.positions import Positions
from streams.engine.simulated.log import pause
from streams.engine.work import Worked

NOTES_AT, TOLD_AT = Place("notes", 1), Place("told", 1)


class Consumer(NamedTuple):
    """What is assigned, and the ends that fetches have told."""

    ends: dict[TopicPartition, int | None]

    def assignment(self) -> list[TopicPartition]:
        return list(self.ends)

    def highwater(self, tp: TopicPartition) -> int | None:
        return self.ends[tp]


def _progress(ends: dict[tuple[str, int], int]) -> tuple[Progress, Positions]:
    positions = Positions({"notes": ["counter"]})
    positions.sought({NOTES_AT: 0})
    return Progress(positions, ends, ["notes"]), positions


def test_what_is_written_to_topics_that_are_read_must_be_worked_on() -> None:
    ends: dict[tuple[str, int], int] = {("told", 1): 50}
    progress, positions = _progress(ends)
    assert progress.caught_up()
    ends["notes", 1] = 7
    assert (progress.caught_up(), progress.lag(None)) == (False, 7)
    positions.done("counter", NOTES_AT, 1, 6)
    assert (progress.caught_up(), progress.lag(None)) == (False, 1)
    positions.done("counter", NOTES_AT, 1, 7)
    assert (progress.caught_up(), progress.lag(None)) == (True, 0)


def test_work_has_caught_up_when_it_has_come_to_the_ends_of_what_is_still_assigned() -> None:
    async def story() -> None:
        progress, positions = _progress({})
        assigned: dict[TopicPartition, int | None] = {TopicPartition(*NOTES_AT): None}
        elsewhere, failed = Place("notes", 2), asyncio.get_running_loop().create_future()
        reach = asyncio.create_task(progress.reach({NOTES_AT: 3, elsewhere: 9}, Consumer(assigned), failed))
        await asyncio.sleep(0)
        positions.done("counter", NOTES_AT, 1, 2)
        assert not (await asyncio.wait({reach}, timeout=0.2))[0]
        positions.done("counter", NOTES_AT, 1, 3)
        await asyncio.wait_for(reach, 20)
        assigned.clear()
        await asyncio.wait_for(progress.reach({NOTES_AT: 8}, Consumer(assigned), failed), 20)
        assigned[TopicPartition(*NOTES_AT)] = None
        failed.set_result(None)
        await asyncio.wait_for(progress.reach({NOTES_AT: 8}, Consumer(assigned), failed), 20)

    asyncio.run(story())


def test_who_is_behind_is_told_by_what_was_fetched() -> None:
    progress, positions = _progress({})
    positions.done("counter", NOTES_AT, 1, 4)
    notes, told = TopicPartition(*NOTES_AT), TopicPartition(*TOLD_AT)
    assert list(progress.behind(None, {"notes"})) == []
    assert list(progress.behind(Consumer({notes: None, told: 9}), {"notes"})) == []
    assert list(progress.behind(Consumer({notes: 4}), {"notes"})) == []
    assert list(progress.behind(Consumer({notes: 9}), {"notes"})) == [(NOTES_AT, 4, 9)]


def test_what_others_have_written_is_lag_as_far_as_fetches_have_told() -> None:
    progress, positions = _progress({("notes", 1): 7})
    assert progress.lag(Consumer({TopicPartition("notes", 1): 9, TopicPartition("notes", 0): None})) == 9
    positions.done("counter", NOTES_AT, 1, 8)
    assert progress.lag(Consumer({TopicPartition("notes", 1): 9, TopicPartition("told", 1): 5})) == 1


def test_turns_of_a_topic_are_those_of_all_who_work_on_it() -> None:
    progress, positions = _progress({})
    for begun, topic in ((2, "notes"), (3, "notes"), (7, "told")):
        worked = Worked("counter", positions, lambda steps: steps, pause)
        worked.begun, worked.slices = begun, 10 * begun
        progress.watch(topic, worked)
    assert progress.turns("notes") == (5, 50)
    assert progress.turns("told") == (7, 70)
