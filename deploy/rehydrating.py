"""The effect that brings cases back: late events of stubs in, each case with all that the store knows of it out."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import msgspec
import structlog

from streams.contracts.case_event import CaseEvent, WithdrawalConfirmed
from streams.contracts.codec import decode, encode, identity
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.late_event import LateEvent, Rehydrated
from streams.contracts.topics import CASE_EVENTS, LATE_EVENTS, Topic

_log = structlog.get_logger()
_AT_ONCE = 16
_LOOK_SECONDS = 0.25


class EventStore(Protocol):
    """What is needed of a reader of the store."""

    async def events_of(self, case_no: str) -> list[CaseEvent]:
        """Every event of a case in every version, in order of arrival."""

    def close(self) -> None:
        """End its threads."""


class _Record(Protocol):
    @property
    def value(self) -> bytes | None:
        """The record's value."""


class _Waiting(NamedTuple):
    late: list[LateEvent]
    done: Callable[[], None]


Accept = Callable[[Topic, Sequence[tuple[str, msgspec.Struct]]], Awaitable[object]]
"""The door: returns once the records are safe."""


class Rehydrator:
    """Reads each case of late events from the store and hands it in by the door, in the order of the events.

    Before `start` it only collects. A position moves when its cases are safely in the journal, so nothing is lost in
    a crash; a case that comes twice is known by its events, and changes nothing.
    """

    def __init__(
        self,
        store: EventStore,
        accept: Accept,
        dead: Callable[..., Awaitable[object]],
        patience_seconds: float = 30.0,
    ) -> None:
        """`dead` keeps dead letters. `patience_seconds`: how long the store may lack events that the case had."""
        self._store = store
        self._accept = accept
        self._dead = dead
        self._patience = patience_seconds
        self._waiting: list[_Waiting] = []
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def write(self, topic: str, partition: int, records: Sequence[_Record], done: Callable[[], None]) -> None:
        """Take late events in; see engine.Reader.write. Whatever broke the work is raised here."""
        del topic, partition
        if self._task is not None and self._task.done():
            self._task.result()
        self._waiting.append(_Waiting([decode(LATE_EVENTS, record.value or b"") for record in records], done))
        self._news.set()

    def start(self) -> None:
        """Begin to work; the door must be open."""
        self._task = asyncio.create_task(self._run(), name="rehydrating")

    async def close(self) -> None:
        """Stop. What is not done is read again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._store.close()

    async def _run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            taken, self._waiting = self._waiting, []
            await self._bring_back(late for waiting in taken for late in waiting.late)
            for waiting in taken:
                waiting.done()

    async def _bring_back(self, late: Iterable[LateEvent]) -> None:
        cases: dict[str, list[LateEvent]] = {}
        for one in late:
            cases.setdefault(one.case_no, []).append(one)
        turns = asyncio.Semaphore(_AT_ONCE)

        async def bring_one(found: list[LateEvent]) -> None:
            async with turns:
                await self._bring_case(found)

        await asyncio.gather(*map(bring_one, cases.values()))

    async def _bring_case(self, late: list[LateEvent]) -> None:
        until = asyncio.get_running_loop().time() + self._patience
        while (known := known_before(late, await self._events_of(late[0].case_no))) is None:
            if asyncio.get_running_loop().time() > until:
                await self._give_up(late, f"the store holds less than the {late[0].events} events of the case")
                return
            await asyncio.sleep(_LOOK_SECONDS)
        case = Rehydrated(case_no=late[0].case_no, known=tuple(known), late=tuple(one.event for one in late))
        while True:
            try:
                await self._accept(CASE_EVENTS, [(case.case_no, case)])
            except UnreadableError as error:
                await self._give_up(late, error.reason)
            except UnavailableError:
                await asyncio.sleep(_LOOK_SECONDS)
                continue
            return

    async def _events_of(self, case_no: str) -> list[CaseEvent]:
        while True:
            try:
                return await self._store.events_of(case_no)
            except UnavailableError:
                await asyncio.sleep(_LOOK_SECONDS)

    async def _give_up(self, late: Sequence[LateEvent], reason: str) -> None:
        _log.warning("a closed case could not be brought back", case=late[0].case_no, reason=reason)
        await self._dead(
            *(
                DeadLetter(
                    letter_id=identity(LATE_EVENTS.name, one.event.event_id, one.event.data_version),
                    place=f"{LATE_EVENTS.name}/{one.case_no}",
                    source="rehydrating",
                    reason=reason,
                    raw=encode(one.event),
                )
                for one in late
            )
        )


def known_before(late: Sequence[LateEvent], stored: Sequence[CaseEvent]) -> list[CaseEvent] | None:
    """What was known of a case before its late events; None while the store does not hold as much as the case had.

    That is what had arrived before them; where stamps are equal, what is none of them. What other cases told, who are
    no feed, is not among it.
    """
    first = min((one.event.arrived_at for one in late if one.event.arrived_at is not None), default=None)
    own = {(one.event.event_id, one.event.data_version) for one in late}
    by_then = [
        event
        for event in stored
        if event.feed and (first is None or (event.arrived_at is not None and event.arrived_at <= first))
    ]
    before = [event for event in by_then if event.arrived_at != first]
    others = [event for event in by_then if (event.event_id, event.data_version) not in own]
    for known in (before, others):
        if len({event.event_id for event in known if type(event) is not WithdrawalConfirmed}) >= late[0].events:
            return known
    return None
