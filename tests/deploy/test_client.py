"""A running stack over loopback, as other commands talk to it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from dashboards.server import make_app
from dashboards.web_parts import Refusal
from deploy.client import RemoteDoor, RemoteStore, StackClient
from deploy.embedded.data_folder import Running
from deploy.web_server import WebServer
from streams.contracts.case_event import Accepted, CaseEvent
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark
from streams.contracts.topics import CASE_EVENTS, FINDINGS
from tests.dashboards.conftest import NOON_MS, Stack
from tests.deploy.embedded.stacks import accepted
from tests.deploy.running_hall import PAST_MS, RunningHall


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


def test_a_wrong_token_opens_no_door_of_a_real_stack(hall: RunningHall) -> None:
    client = StackClient(msgspec.structs.replace(hall.running, token="guessed"))
    assert client.get("/api/status")["live"] is True  # what anybody may read
    for path in ("/api/sql", "/api/settle", "/api/registry", "/api/commands", "/api/intake/events"):
        with pytest.raises(UnreadableError, match="token"):
            client.post(path, b"")
    client.close()


def test_a_refusal_carries_reason_and_field(hall: RunningHall) -> None:
    with hall.client() as client, pytest.raises(UnreadableError) as refused:
        client.get("/api/alerts", limit="0")
    assert (refused.value.field, refused.value.reason) == ("limit", "must be 1 to 500")


def test_the_remote_store_answers_with_values_and_only_reads(hall: RunningHall) -> None:
    store = RemoteStore(StackClient(hall.running))
    asked = store.query(
        "SELECT {day:DateTime64(3, 'UTC')} AS day, count() AS cases FROM cases FINAL WHERE hall = {hall:String}",
        {"day": datetime(2015, 1, 2, tzinfo=UTC), "hall": "boston"},
    )
    assert asked.columns == ("day", "cases")
    assert asked.rows == [(datetime(2015, 1, 2, tzinfo=UTC), 2)]
    with pytest.raises(ValueError, match="nothing_there"):
        store.query("SELECT * FROM nothing_there")
    with pytest.raises(TypeError, match="read only"):
        store.insert("cases", {})
    assert store.migrate() == []
    store.close()


def test_the_remote_door_takes_events_marks_and_dead_letters(hall: RunningHall) -> None:
    async def send(door: RemoteDoor) -> None:
        event = accepted(700, PAST_MS)
        await door.accept(CASE_EVENTS, [(event.case_no, event)])
        await door.mark(CASE_EVENTS, HorizonMark(feed="remote", horizon_at=from_ms(PAST_MS)))
        await door.dead(DeadLetter(letter_id="700", place="part.csv:7", source="test", reason="torn"))
        with pytest.raises(TypeError, match="only case events"):
            await door.accept(FINDINGS, [])

    with hall.client() as client:
        asyncio.run(send(RemoteDoor(client, "test")))
        hall.settle()
        assert client.get("/api/status")["horizons_ms"]["remote"] == PAST_MS
        store = RemoteStore(client)
        assert store.query("SELECT count() FROM cases FINAL WHERE case_no = 'pingliang/700'").rows == [(1,)]
        assert store.query("SELECT place, reason FROM dead_letters FINAL WHERE letter_id = '700'").rows == [
            ("part.csv:7", "torn")
        ]
