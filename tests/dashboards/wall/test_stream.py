import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from litestar.exceptions import NotFoundException
from litestar.response import ServerSentEventMessage

from dashboards.wall.figures import WallFigures
from dashboards.wall.stream import StreamSettings, WallStream
from streams.contracts.errors import UnavailableError

if TYPE_CHECKING:
    from tests.dashboards.conftest import Stack

QUICK = StreamSettings(read_every_seconds=0.01, beat_seconds=0.03)


def stream_of(stack: "Stack", settings: StreamSettings = QUICK) -> WallStream:
    return WallStream(stack.parts(Path()), settings)


def body(message: ServerSentEventMessage) -> dict[str, Any]:
    assert isinstance(message.data, str)
    found: dict[str, Any] = msgspec.json.decode(message.data)
    return found


async def until(truth: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not truth():
            await asyncio.sleep(0.005)


async def collect(frames: AsyncIterator[ServerSentEventMessage]) -> list[ServerSentEventMessage]:
    return [message async for message in frames]


def run(timeline: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(120):
            await timeline()

    asyncio.run(bounded())


def test_a_browser_gets_a_snapshot_with_number_and_the_time_to_come_back(stack: "Stack") -> None:
    async def timeline() -> None:
        frames = stream_of(stack).of("pl").frames()
        messages = [await anext(frames) for _ in range(3)]
        await frames.aclose()
        snapshot = next(message for message in messages if message.event == "snapshot")
        assert body(snapshot)["open_cases"] == 126
        assert body(snapshot)["due"][0]["item"]["zh"] == "食品经营许可"
        assert snapshot.retry == QUICK.retry_ms
        numbers = [int(message.id or 0) for message in messages]
        assert (numbers, numbers[-1] > 0) == (sorted(numbers), True)

    run(timeline)


def test_many_watchers_share_one_reading_and_the_last_one_to_leave_ends_it(stack: "Stack") -> None:
    async def timeline() -> None:
        watch = stream_of(stack, StreamSettings(read_every_seconds=600, beat_seconds=0.01)).of("pl")
        browsers = [watch.frames() for _ in range(20)]
        for browser in browsers:
            while (await anext(browser)).event != "snapshot":
                pass
        assert stack.readings == 1
        for browser in browsers[1:]:
            await browser.aclose()
        assert watch.is_reading
        await browsers[0].aclose()
        assert not watch.is_reading

    run(timeline)


def test_a_slow_browser_misses_no_reading_that_came_while_it_was_busy(stack: "Stack") -> None:
    async def timeline() -> None:
        frames = stream_of(stack, StreamSettings(read_every_seconds=600, beat_seconds=600)).of("pl").frames()
        assert (await anext(frames)).event == "beat"
        await until(lambda: stack.readings == 1)
        await asyncio.sleep(0.05)
        async with asyncio.timeout(60):
            assert (await anext(frames)).event == "snapshot"
        await frames.aclose()

    run(timeline)


def test_nothing_is_read_while_nobody_watches(stack: "Stack") -> None:
    async def timeline() -> None:
        stream_of(stack).of("pl")
        await asyncio.sleep(0.05)
        assert stack.readings == 0

    run(timeline)


def test_whoever_comes_back_after_a_pause_sees_no_figures_of_then(stack: "Stack") -> None:
    async def timeline() -> None:
        watch = stream_of(stack).of("pl")
        first = watch.frames()
        while (await anext(first)).event != "snapshot":
            pass
        await first.aclose()
        stack.figures = msgspec.structs.replace(stack.figures, open_cases=7)
        second = watch.frames()
        seen = [await anext(second) for _ in range(3)]
        await second.aclose()
        assert {body(message)["open_cases"] for message in seen if message.event == "snapshot"} == {7}

    run(timeline)


def test_a_store_that_is_away_leaves_the_old_figures_and_they_age(
    stack: "Stack", monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [1_000.0]
    monkeypatch.setattr("dashboards.wall.stream._loop_seconds", lambda: seconds[0])

    async def timeline() -> None:
        frames = stream_of(stack).of("pl").frames()
        while (await anext(frames)).event != "snapshot":
            pass
        stack.store_up = False
        while (await anext(frames)).event == "beat" or stack.store_up:
            pass
        while body(await anext(frames))["store_up"]:
            pass
        seconds[0] += 12.5
        while (last := await anext(frames)).event == "beat":
            pass
        assert body(last)["open_cases"] == 126
        assert body(last)["age_ms"] == 12_500
        stack.store_up = True
        while not body(last := await anext(frames))["store_up"]:
            pass
        assert body(last)["age_ms"] == 0
        await frames.aclose()

    run(timeline)


def test_a_reading_that_hangs_delays_no_heartbeat_and_no_stop(stack: "Stack") -> None:
    hangs = asyncio.Event()

    async def hang(_hall: str) -> WallFigures:
        await hangs.wait()
        raise UnavailableError("never")

    async def timeline() -> None:
        stack.reading = hang
        frames = stream_of(stack).of("pl").frames()
        beats = [await anext(frames) for _ in range(3)]
        assert [beat.event for beat in beats] == ["beat"] * 3
        assert body(beats[-1])["now_ms"] == stack.now_ms
        waiting = asyncio.ensure_future(anext(frames, None))
        stack.stop.set()
        assert await waiting is None

    run(timeline)


def test_a_browser_is_told_which_front_end_the_server_has_when_it_connects(stack: "Stack", tmp_path: Path) -> None:
    async def timeline() -> None:
        watch = WallStream(stack.parts(tmp_path), QUICK).of("pl")
        frames = watch.frames()
        assert body(await anext(frames))["build"] == ""
        (tmp_path / ".stamp").write_text("b2")
        later = watch.frames()
        assert body(await anext(later))["build"] == "b2"
        await frames.aclose()
        await later.aclose()

    run(timeline)


def test_every_stream_ends_when_the_server_stops(stack: "Stack") -> None:
    async def timeline() -> None:
        watch = stream_of(stack, StreamSettings(read_every_seconds=600, beat_seconds=600)).of("pl")
        browsers = [watch.frames() for _ in range(3)]
        for browser in browsers:
            await anext(browser)
        ends = [asyncio.ensure_future(collect(browser)) for browser in browsers]
        await asyncio.sleep(0.02)
        stack.stop.set()
        await asyncio.gather(*ends)
        await until(lambda: not watch.is_reading)

    run(timeline)


def test_a_bug_in_the_reading_is_raised_and_not_hidden(stack: "Stack") -> None:
    async def wrong(_hall: str) -> WallFigures:
        raise RuntimeError("a bug")

    async def timeline() -> None:
        stack.reading = wrong
        frames = stream_of(stack).of("pl").frames()
        with pytest.raises(RuntimeError, match="a bug"):
            await collect(frames)

    run(timeline)


def test_the_first_hall_is_the_default_and_an_unknown_one_is_refused(stack: "Stack") -> None:
    async def timeline() -> None:
        stream = stream_of(stack)
        assert stream.of("") is stream.of("pl")
        assert stream.of("kt") is not stream.of("pl")
        with pytest.raises(NotFoundException, match="no hall 'nn'"):
            stream.of("nn")

    run(timeline)
