"""The wall's stream: one shared reading of the figures for everybody who watches, and only while somebody does."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from litestar.exceptions import NotFoundException
from litestar.response import ServerSentEventMessage

from dashboards.wall.figures import WallFigures
from dashboards.wall.snapshot import Moment, WallSnapshot, wall_snapshot
from dashboards.web_parts import WebParts
from streams.contracts.errors import UnavailableError


@dataclass(frozen=True)
class StreamSettings:
    """How often the figures are read, when a silent line is kept alive, and how soon a lost browser comes back."""

    read_every_seconds: float = 1.0
    beat_seconds: float = 3.0
    retry_ms: int = 1000


@dataclass(frozen=True)
class _Reading:
    """Figures and when (loop time, seconds) they were read."""

    figures: WallFigures
    read_at_s: float


class HallWatch:
    """Watches one hall. A reading that takes long delays nobody's heartbeat; a store that is away ages the figures."""

    def __init__(self, parts: WebParts, hall: str, settings: StreamSettings) -> None:
        """Nothing is read before somebody watches."""
        self._parts = parts
        self._hall = hall
        self._settings = settings
        self._reading: _Reading | None = None
        self._since_s = 0.0
        self._store_up = True
        self._build = ""
        self._frame = 0
        self._fresh = asyncio.Event()
        self._watchers = 0
        self._reader: asyncio.Task[None] | None = None

    @property
    def is_reading(self) -> bool:
        """Whether figures are being read: true only while somebody watches."""
        return self._reader is not None and not self._reader.done()

    async def frames(self) -> AsyncGenerator[ServerSentEventMessage, None]:
        """What one browser is sent: a snapshot as soon as there is one and after each reading, else a beat at once.

        Ends when the server stops. A bug in the reading is raised here, so that it is seen and the line closes.
        """
        self._watchers += 1
        self._build = _build_in(self._parts.static)
        if not self.is_reading:
            self._since_s, self._reading = _loop_seconds(), None
            self._reader = asyncio.create_task(self._read_on())
        sent = -1
        try:
            while not self._parts.stop.is_set():
                kind: Literal["snapshot", "beat"] = "snapshot" if self._reading and self._frame != sent else "beat"
                sent = self._frame
                yield self._message(kind)
                # A reading may have come while this browser was slow to take the last message.
                if self._frame == sent:
                    await self._pause(self._settings.beat_seconds, self._fresh)
                if self._reader is not None and self._reader.done():
                    self._reader.result()
        finally:
            self._watchers -= 1
            if not self._watchers and self._reader is not None:
                self._reader.cancel()
                self._reader = None

    async def snapshot(self) -> WallSnapshot:
        """One snapshot, read now.

        Raises:
            UnavailableError: the store does not answer.
        """
        self._build = _build_in(self._parts.static)
        figures = await self._parts.figures(self._hall)
        return self._snapshot(_Reading(figures, _loop_seconds()))

    async def _read_on(self) -> None:
        while not self._parts.stop.is_set():
            try:
                figures = await self._parts.figures(self._hall)
            except UnavailableError:
                self._store_up = False
            else:
                self._store_up = True
                self._reading = _Reading(figures, _loop_seconds())
            self._frame += 1
            # Everybody who waits on the old event wakes; whoever comes later waits for the next reading.
            fresh, self._fresh = self._fresh, asyncio.Event()
            fresh.set()
            await self._pause(self._settings.read_every_seconds)

    async def _pause(self, seconds: float, *until: asyncio.Event) -> None:
        """Wait so long, or until one of the events or the stop."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self._parts.stop, *until)]
        if self._reader is not None and until:
            await asyncio.wait([*waits, self._reader], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def _message(self, kind: Literal["snapshot", "beat"]) -> ServerSentEventMessage:
        reading = self._reading
        data = msgspec.json.encode(self._snapshot(reading) if reading and kind == "snapshot" else self._moment(reading))
        return ServerSentEventMessage(
            data=data.decode(), event=kind, id=self._frame, retry=self._settings.retry_ms, sep="\n"
        )

    def _snapshot(self, reading: _Reading) -> WallSnapshot:
        return wall_snapshot(reading.figures, self._moment(reading), self._parts.name_of)

    def _moment(self, reading: _Reading | None) -> Moment:
        read_at_s = reading.read_at_s if reading else self._since_s
        return Moment(
            hall=self._hall,
            zone=self._parts.zone_of(self._hall),
            now_ms=self._parts.now_ms(),
            speed=self._parts.speed(),
            age_ms=max(0, round((_loop_seconds() - read_at_s) * 1000)),
            store_up=self._store_up,
            build=self._build,
        )


def _build_in(static: Path) -> str:
    """The stamp of the built front end; empty where it is not built. A screen may outlive many versions of it."""
    stamp = static / ".stamp"
    return stamp.read_text() if stamp.is_file() else ""


def _loop_seconds() -> float:
    return asyncio.get_running_loop().time()


class WallStream:
    """The watches of all halls, made when first asked for."""

    def __init__(self, parts: WebParts, settings: StreamSettings | None = None) -> None:
        """`settings` default to a reading a second."""
        self._parts = parts
        self._settings = settings or StreamSettings()
        self._watches: dict[str, HallWatch] = {}

    def of(self, hall: str) -> HallWatch:
        """The watch of a hall; empty names the default hall.

        Raises:
            NotFoundException: no such hall is served.
            UnavailableError: no hall is in force yet.
        """
        halls = self._parts.halls()
        if not halls:
            raise UnavailableError("no hall is in force yet: hallwatch registry apply <hall>")
        hall = hall or halls[0]
        if hall not in halls:
            raise NotFoundException(f"no hall {hall!r} here")
        return self._watches.setdefault(hall, HallWatch(self._parts, hall, self._settings))
