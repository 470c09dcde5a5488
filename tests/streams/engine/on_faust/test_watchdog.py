import asyncio

import pytest

from streams.engine.log import Place
from streams.engine.on_faust.restore import StuckError
from streams.engine.on_faust.watchdog import Watchdog, keep_asking

AT = Place("notes", 3)


class _Worker:
    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.flowing = True
        self.behind: list[tuple[Place, int, int]] = []
        self.done = 0
        self.turns = (0, 0)
        self.dog = Watchdog(
            10.0, lambda: self.flowing, lambda: self.behind, lambda _: self.turns, lambda: self.done, lambda: self.now
        )
        self.dog.look(self.now)


def test_work_that_stands_still_is_named() -> None:
    worker = _Worker()
    worker.behind = [(AT, 7, 9)]
    worker.dog.look(1_000_001.0)
    worker.dog.look(1_000_011.0)
    with pytest.raises(StuckError, match="notes/3 stands at 7 of 9 for 11 s"):
        worker.dog.look(1_000_012.0)


def test_work_that_moves_or_is_done_is_left_alone() -> None:
    worker = _Worker()
    for second in range(100):
        worker.behind = [(AT, second // 9, 1_000)]
        worker.dog.look(1_000_001.0 + second)
    worker.behind = []
    worker.dog.look(1_000_200.0)
    worker.behind = [(AT, 11, 1_000)]
    worker.dog.look(1_000_201.0)


def test_one_mark_may_wake_many_for_long() -> None:
    worker = _Worker()
    worker.behind = [(AT, 7, 9)]
    for second in range(200):
        worker.turns = (1, 50 * second)
        worker.dog.look(1_000_001.0 + second)


def test_wakes_by_the_clock_do_not_hide_that_nothing_is_read() -> None:
    worker = _Worker()
    worker.behind = [(AT, 7, 9)]
    for second in range(11):
        worker.done += 1
        worker.dog.look(1_000_001.0 + second)
    with pytest.raises(StuckError, match="notes/3 stands at 7 of 9 for 11 s"):
        worker.dog.look(1_000_012.0)


def test_one_partition_that_stands_still_among_working_ones_is_named() -> None:
    worker = _Worker()
    worker.turns = (5, 5)
    for second in range(41):
        worker.behind = [(Place("notes", 2), second, 1_000), (AT, 7, 9)]
        worker.dog.look(1_000_001.0 + second)
        worker.turns = (6 + second, 5)
    worker.behind = [(AT, 7, 9)]
    with pytest.raises(StuckError, match="notes/3 stands at 7 of 9 for 41 s"):
        worker.dog.look(1_000_042.0)


def test_work_on_another_topic_excuses_nothing() -> None:
    worker = _Worker()
    worker.dog = Watchdog(
        10.0, lambda: True, lambda: [(AT, 7, 9)], lambda topic: (0 if topic == "notes" else worker.done, 0), lambda: 0
    )
    worker.dog.look(1_000_001.0)
    worker.done += 1
    worker.dog.look(1_000_011.0)
    with pytest.raises(StuckError):
        worker.dog.look(1_000_012.0)


def test_a_rebalance_is_waited_for_longer_but_not_for_ever() -> None:
    worker = _Worker()
    worker.behind = [(AT, 7, 9)]
    worker.dog.look(1_000_001.0)
    worker.flowing = False
    worker.dog.look(1_000_015.0)
    with pytest.raises(StuckError, match="no partitions to work on for 21 s"):
        worker.dog.look(1_000_022.0)


def test_reading_back_much_may_take_long() -> None:
    worker = _Worker()
    worker.flowing = False
    for second in range(60):
        worker.done += 1
        worker.dog.look(1_000_001.0 + second)


def test_after_a_rebalance_the_patience_begins_anew() -> None:
    worker = _Worker()
    worker.behind = [(AT, 7, 9)]
    worker.dog.look(1_000_001.0)
    worker.flowing = False
    worker.dog.look(1_000_009.0)
    worker.flowing = True
    worker.dog.look(1_000_015.0)


def test_it_looks_every_second() -> None:
    worker, rested = _Worker(), list[float]()
    worker.behind = [(AT, 7, 9)]

    async def rest(seconds: float) -> None:
        rested.append(seconds)
        worker.now += seconds

    with pytest.raises(StuckError, match="notes/3 stands at 7 of 9 for 11 s"):
        asyncio.run(worker.dog.run(rest))
    assert rested == [1.0] * 12


def test_a_broker_that_does_not_answer_is_told() -> None:
    asked = []

    async def main() -> None:
        silence = asyncio.Event()

        async def answer() -> None:
            asked.append("now")
            if len(asked) == 3:
                await silence.wait()

        with pytest.raises(StuckError, match="the broker has not answered for 0 s"):
            await keep_asking(0.05, lambda: True, answer)

    asyncio.run(main())
    assert len(asked) == 3


def test_a_broker_is_not_asked_while_joining() -> None:
    looks = []

    async def answer() -> None:
        raise AssertionError("it is asked")

    def flowing() -> bool:
        looks.append("joining")
        if len(looks) == 3:
            raise InterruptedError
        return False

    with pytest.raises(InterruptedError):
        asyncio.run(keep_asking(0.02, flowing, answer))
