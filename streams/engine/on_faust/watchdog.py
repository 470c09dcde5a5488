"""Watchdogs: a worker that does not get on ends and says where, instead of standing still for ever."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from time import monotonic

from streams.engine.log import Place
from streams.engine.on_faust.restore import StuckError

_LOOK_SECONDS = 1.0


class Watchdog:
    """Looks every second at where work stands."""

    def __init__(
        self,
        patience_seconds: float,
        flowing: Callable[[], bool],
        behind: Callable[[], Iterable[tuple[Place, int, int]]],
        done: Callable[[], int],
    ) -> None:
        """`flowing`: whether partitions are assigned and restored.

        `behind`: partitions of keyed processes with more to work on than is done: place, where work stands, the end.
        `done`: how much was worked on or read back so far; one mark may wake a million subjects.
        """
        self._patience = patience_seconds
        self._flowing = flowing
        self._behind = behind
        self._done = done
        self._did = 0
        self._since: Mapping[Place, tuple[int, float]] = {}
        self._flowed = monotonic()

    async def run(self) -> None:
        """Look until something is stuck.

        Raises:
            StuckError: it names what stands still, and for how long.
        """
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self.look(monotonic())

    def look(self, now: float) -> None:
        """One look; `now` in seconds of any steady clock.

        Raises:
            StuckError: see `run`.
        """
        did, self._did = self._did, self._done()
        flowing = self._flowing()
        if flowing or did != self._did:
            self._flowed = now
        if not flowing:
            self._since = {}
            if now - self._flowed > 2 * self._patience:
                raise StuckError(f"no partitions to work on for {now - self._flowed:.0f} s: joining the group hangs")
            return
        if did != self._did:
            self._since = {}
        since: dict[Place, tuple[int, float]] = {}
        for place, at, end in self._behind():
            known = self._since.get(place)
            since[place] = known if known is not None and known[0] == at else (at, now)
            if now - since[place][1] > self._patience:
                where = f"{place.topic}/{place.partition}"
                raise StuckError(f"{where} stands at {at} of {end} for {now - since[place][1]:.0f} s")
        self._since = since
