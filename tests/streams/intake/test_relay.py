import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from streams.contracts.case_signal import ChildChanged
from streams.contracts.codec import encode
from streams.contracts.errors import UnavailableError
from streams.contracts.mark import MARK_KEY
from streams.contracts.topics import CASE_EVENTS, Topic
from streams.intake import relay as relay_module
from streams.intake.relay import Relay

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def signal(revision: int) -> ChildChanged:
    return ChildChanged(event_id="id", case_no="h/1", sender="h/2", occurred_at=AT, data_version=revision)


def record(body: msgspec.Struct) -> Any:
    return SimpleNamespace(key=b"h/1", value=encode(body))


class Door:
    """Takes what it is given, after refusing so many times."""

    def __init__(self, refusals: int = 0) -> None:
        self.taken: list[tuple[str, int]] = []
        self.refusals = refusals

    async def accept(self, topic: Topic, rows: Sequence[tuple[str, Any]]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise UnavailableError("not now")
        assert topic is CASE_EVENTS
        self.taken += [(key, body.data_version) for key, body in rows]


def done_of(seen: list[str]) -> Any:
    return lambda: seen.append("done")


def test_while_live_a_signal_is_done_once_the_door_has_it() -> None:
    async def story() -> None:
        door, seen = Door(), list[str]()
        relay = Relay(door.accept)
        await relay.go_live()
        await relay.write("case-signals", 0, [record(signal(1)), record(signal(2))], done_of(seen))
        assert (door.taken, seen) == ([("h/1", 1), ("h/1", 2)], ["done"])
        assert relay.idle()

    asyncio.run(story())


def test_before_it_only_collects_and_passes_on_the_newest_later() -> None:
    async def story() -> None:
        door, seen = Door(), list[str]()
        relay = Relay(door.accept)
        await relay.write("case-signals", 0, [record(signal(1)), record(signal(2))], done_of(seen))
        assert (door.taken, seen, relay.idle()) == ([], ["done"], True)
        await relay.go_live()
        assert (door.taken, relay.idle()) == ([("h/1", 2)], True)

    asyncio.run(story())


def test_a_door_that_does_not_take_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "_PAUSE_SECONDS", 0)

    async def story() -> None:
        door = Door(refusals=2)
        relay = Relay(door.accept)
        await relay.go_live()
        await relay.write("case-signals", 0, [record(signal(1))], lambda: None)
        assert door.taken == [("h/1", 1)]

    asyncio.run(story())


def test_marks_and_what_is_no_signal_are_passed_over() -> None:
    async def story() -> None:
        door = Door()
        relay = Relay(door.accept)
        await relay.go_live()
        others: list[Any] = [
            SimpleNamespace(key=MARK_KEY, value=b"{}"),
            SimpleNamespace(key=b"h/1", value=None),
            SimpleNamespace(key=b"h/1", value=b"{}"),
        ]
        await relay.write("case-signals", 0, others, lambda: None)
        assert door.taken == []

    asyncio.run(story())
