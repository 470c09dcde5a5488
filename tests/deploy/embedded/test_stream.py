import asyncio
import os
import signal

import pytest

from deploy.broker_topics import make_topics
from deploy.embedded.stream import Stream
from deploy.settings import StreamSettings
from deploy.wiring import Role
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.topics import TOPICS
from streams.engine.on_faust.reader import Reader
from streams.engine.on_faust.restore import StuckError
from tests.deploy.embedded.stacks import clock_at


def _stream(*roles: Role) -> Stream:
    def dead(letter: DeadLetter) -> None:
        raise AssertionError(letter)

    return Stream(StreamSettings(partitions=2), roles, clock_at(), dead)


def test_a_life_has_a_broker_with_every_topic_and_takes_it_along_when_it_ends() -> None:
    async def life() -> None:
        stream = _stream()
        assert stream.broker_pid == 0
        await stream.start((), "")
        make_topics(stream.address, TOPICS, 2)  # they are there already
        with pytest.raises(ValueError, match="has 2 partitions, not 4"):
            make_topics(stream.address, TOPICS, 4)
        assert stream.broker_megabytes() > 1
        assert stream.idle()
        assert await stream.drained(None, 60)
        waiting = iter([False, False, True, True])
        assert await stream.drained(None, 60, [lambda: next(waiting)])
        assert not await stream.drained(None, 0.1, [lambda: False])
        pid = stream.broker_pid
        await stream.stop()
        assert stream.broker_pid == 0
        assert not any(ended.done() for ended in stream.failed())
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        raise AssertionError("the broker still runs")

    asyncio.run(life())


def test_why_a_role_has_failed_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    async def life() -> None:
        async def write(*_: object) -> None:
            raise AssertionError("nothing is written here")

        reader = Reader("store", [TOPICS[0].name], write)
        stream = _stream(Role("supervise", readers=[reader]))
        await stream.start((), "")
        stream.engines["supervise"].give_up(StuckError("notes/3 stands at 7 of 9 for 31 s"))
        await asyncio.wait(stream.failed(), timeout=60, return_when=asyncio.FIRST_COMPLETED)
        await stream.stop()

    asyncio.run(life())
    told = "".join(capfd.readouterr())
    assert "a role has failed" in told
    assert "supervise" in told
    assert told.count("StuckError: notes/3 stands at 7 of 9 for 31 s") >= 1


def test_a_broker_that_ends_by_itself_is_noticed() -> None:
    async def life() -> None:
        stream = _stream()
        await stream.start((), "")
        os.kill(stream.broker_pid, signal.SIGKILL)
        await asyncio.wait(stream.failed(), timeout=60)
        assert all(ended.done() for ended in stream.failed())
        assert stream.broker_megabytes() == 0
        assert not await stream.drained(None, 60)
        await stream.stop()

    asyncio.run(life())
