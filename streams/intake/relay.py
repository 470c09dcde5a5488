"""Brings the signals of joint cases to the door, so that they stand in the journal among the events they came between.

A replay then meets them where they were met first: sent straight to the other case they would arrive behind marks that
were produced after them, and cases would be judged for a while without them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

from streams.contracts.case_signal import CaseSignal
from streams.contracts.codec import decode
from streams.contracts.errors import UnavailableError, UnreadableError
from streams.contracts.mark import MARK_KEY
from streams.contracts.topics import CASE_EVENTS, CASE_SIGNALS, Topic

_PAUSE_SECONDS = 1.0


class SignalRecord(Protocol):
    """A record as the engine's reader hands it over."""

    @property
    def key(self) -> bytes | None:
        """The record's key."""

    @property
    def value(self) -> bytes | None:
        """The record's value."""


class Relay:
    """Takes signals off their topic and puts them into the door.

    Before `go_live` it only collects, of each sender and receiver the newest: a replay brings most of them itself, and
    one that comes twice changes nothing.
    """

    def __init__(self, accept: Callable[[Topic, Sequence[tuple[str, msgspec.Struct]]], Awaitable[object]]) -> None:
        """`accept` takes records of a topic and returns once they are safe."""
        self._accept = accept
        self._live = False
        self._collected: dict[str, CaseSignal] = {}

    async def write(
        self, topic: str, partition: int, records: Sequence[SignalRecord], done: Callable[[], None]
    ) -> None:
        """Take records of the topic `case-signals`; `done` once they are safe, or collected."""
        signals = [signal for record in records if (signal := _signal_of(record)) is not None]
        if self._live:
            await self._pass_on(signals)
        else:
            self._collected.update((signal.event_id, signal) for signal in signals)
        done()

    async def go_live(self) -> None:
        """Pass on what was collected; from now on signals are passed on as they come."""
        self._live = True
        await self._pass_on(list(self._collected.values()))
        self._collected = {}

    def idle(self) -> bool:
        """Whether nothing that was collected still has to be passed on."""
        return not (self._live and self._collected)

    async def _pass_on(self, signals: Sequence[CaseSignal]) -> None:
        while signals:
            try:
                await self._accept(CASE_EVENTS, [(signal.case_no, signal) for signal in signals])
                return
            except UnavailableError:
                await asyncio.sleep(_PAUSE_SECONDS)


def _signal_of(record: SignalRecord) -> CaseSignal | None:
    if record.key == MARK_KEY or record.value is None:
        return None
    try:
        signal: CaseSignal = decode(CASE_SIGNALS, record.value)
    except UnreadableError:
        return None  # only our own process writes here; a record of a later layout is not ours to pass on
    return signal
