"""Watchdogs: a worker that does not get on ends and says where, instead of standing still for ever."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from time import monotonic
from typing import NamedTuple

from streams.engine.log import Place
from streams.engine.on_faust.restore import StuckError

_LOOK_SECONDS = 1.0
_ASK_SECONDS = 5.0
_QUEUED = 4
"""Others are worked on in turn: a partition may stand still so many times longer while batches of its topic are."""


class _Still(NamedTuple):
    at: int
    since: float
    waited: float


class Watchdog:
    """Looks every second at where work stands."""

    def __init__(
        self,
        patience_seconds: float,
        flowing: Callable[[], bool],
        behind: Callable[[], Iterable[tuple[Place, int, int]]],
        turns: Callable[[str], tuple[int, int]],
        done: Callable[[], int],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`flowing`: whether partitions are assigned and restored.

        `behind`: partitions of keyed processes with more to work on than is done: place, where work stands, the end.
        `turns`: how many batches of a topic were begun so far, and how many slices of time they have taken; one mark
        may wake a million subjects. `done`: how much was worked on or read back so far. `clock`: seconds, steady.
        """
        self._patience = patience_seconds
        self._flowing = flowing
        self._behind = behind
        self._turns = turns
        self._done = done
        self._did = 0
        self._still: Mapping[Place, _Still] = {}
        self._took: Mapping[str, tuple[int, int]] = {}
        self._clock = clock
        self._flowed = self._looked = clock()

    async def run(self, rest: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Look until something is stuck; `rest` waits so many seconds.

        Raises:
            StuckError: it names what stands still, and for how long.
        """
        while True:
            await rest(_LOOK_SECONDS)
            self.look(self._clock())

    def look(self, now: float) -> None:
        """One look; `now` in seconds of any steady clock.

        Raises:
            StuckError: see `run`.
        """
        passed, self._looked = now - self._looked, now
        did, self._did = self._did, self._done()
        flowing = self._flowing()
        if flowing or did != self._did:
            self._flowed = now
        if not flowing:
            self._still, self._took = {}, {}
            if now - self._flowed > 2 * self._patience:
                raise StuckError(f"no partitions to work on for {now - self._flowed:.0f} s: joining the group hangs")
            return
        still: dict[Place, _Still] = {}
        took: dict[str, tuple[int, int]] = {}
        for place, at, end in self._behind():
            known = self._still.get(place)
            took[place.topic] = self._turns(place.topic)
            if known is None or known.at != at:
                still[place] = _Still(at, now, 0.0)
                continue
            waited = known.waited + passed * self._share(place.topic, took[place.topic])
            still[place] = _Still(at, known.since, waited)
            if waited > self._patience:
                where = f"{place.topic}/{place.partition}"
                raise StuckError(f"{where} stands at {at} of {end} for {now - known.since:.0f} s")
        self._still, self._took = still, took

    def _share(self, topic: str, took: tuple[int, int]) -> float:
        """How much of the time since the last look counts for partitions of a topic that stand still."""
        begun, slices = self._took.get(topic, took)
        if took[0] != begun:
            return 1 / _QUEUED
        return 0.0 if took[1] != slices else 1.0


async def keep_asking(
    patience_seconds: float, flowing: Callable[[], bool], answer: Callable[[], Awaitable[None]]
) -> None:
    """Ask the broker something every few seconds; one that hangs sends no ends that work could fall behind.

    `answer` returns when it has answered. Nothing is asked while partitions are not `flowing`: joining is watched.

    Raises:
        StuckError: no answer came in time.
    """
    while True:
        await asyncio.sleep(min(_ASK_SECONDS, patience_seconds))
        try:
            if flowing():
                await asyncio.wait_for(answer(), patience_seconds)
        except TimeoutError:
            if flowing():
                raise StuckError(f"the broker has not answered for {patience_seconds:.0f} s") from None
