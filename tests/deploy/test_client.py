"""A running stack over loopback, as other commands talk to it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from dashboards.server import make_app
from dashboards.web_parts import Refusal
from deploy.client import RemoteDoor, StackClient
from deploy.embedded.data_folder import Running
from deploy.web_server import WebServer
from streams.contracts.case_event import Accepted, CaseEvent
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.topics import CASE_EVENTS, FINDINGS
from tests.dashboards.conftest import NOON_MS, Stack


def event(number: int) -> CaseEvent:
    return Accepted(event_id=f"e{number}", feed="f", case_no=f"pl/{number}", occurred_at=from_ms(NOON_MS))


def served(stack: Stack, story: Callable[[StackClient], Awaitable[None]], token: str = "") -> None:
    """Tell a story to a web server that serves these functions."""

    async def run() -> None:
        server = WebServer(make_app(stack.parts(Path())), "127.0.0.1", 0)
        await server.start()
        client = StackClient(Running(pid=1, address=server.address, token=token or stack.token))
        try:
            await story(client)
        finally:
            client.close()
            stack.stop.set()
            await server.stop()

    asyncio.run(run())


def test_events_are_sent_and_what_the_stack_sets_aside_is_not_passed_over() -> None:
    stack = Stack()
    rows = [(f"pl/{number}", event(number)) for number in range(3)]

    async def story(client: StackClient) -> None:
        door = RemoteDoor(client, "a.csv")
        await door.accept(CASE_EVENTS, rows)
        assert stack.events == [event(number) for number in range(3)]
        stack.refusals = [Refusal(1, "'f' is no feed of hall 'pl'; it has: g", "feed")]
        with pytest.raises(UnreadableError, match="feed: the running stack set 1 of 3 events aside, the first: 'f' is"):
            await door.accept(CASE_EVENTS, rows)
        assert [letter.source for letter in stack.letters] == ["a.csv"]
        with pytest.raises(TypeError, match="only case events"):
            await door.accept(FINDINGS, rows)

    served(stack, story)


def test_a_wrong_token_and_a_stack_that_is_away_are_told_apart() -> None:
    stack = Stack()

    async def story(client: StackClient) -> None:
        with pytest.raises(UnreadableError, match="this route writes"):
            await asyncio.to_thread(client.post, "/api/settle", b"")
        assert await asyncio.to_thread(client.get, "/api/alerts", hall="") == []
        stack.store_up = False
        with pytest.raises(UnavailableError, match="the store does not answer"):
            await asyncio.to_thread(client.get, "/api/alerts")

    served(stack, story, token="wrong")
    client = StackClient(Running(pid=1, address="http://127.0.0.1:9", token="t"))
    with pytest.raises(UnavailableError, match="the running stack does not answer"):
        client.get("/api/status")
    client.close()
