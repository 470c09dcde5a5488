"""Broker, publisher and the engines of all roles: what can be thrown away and made again from a snapshot."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import structlog

from deploy.broker_topics import make_topics
from deploy.clock import wall_now_ms
from deploy.embedded.children import resident_megabytes, start_broker, stop_child, watch_child
from deploy.embedded.snapshot import Row
from deploy.settings import StreamSettings
from deploy.wiring import Role, engine_settings
from streams.contracts.dead_letter import DeadLetter
from streams.contracts.errors import UnavailableError
from streams.contracts.topics import TOPICS
from streams.engine.on_faust.engine import Engine
from streams.intake.publisher import Publisher

_log = structlog.get_logger()
_LOOK_SECONDS = 0.02
_STOP_SECONDS = 10.0
_LOAD_ROWS = 10_000


class Stream:
    """One life of the embedded broker with everything that talks to it."""

    def __init__(
        self,
        settings: StreamSettings,
        roles: Sequence[Role],
        now: Callable[[], int],
        on_dead: Callable[[DeadLetter], None],
    ) -> None:
        """Nothing is started yet."""
        self._settings = settings
        self._roles = roles
        self._now = now
        self._on_dead = on_dead
        self._broker: subprocess.Popen[bytes] | None = None
        self._broker_ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._unwatch: Callable[[], None] = lambda: None
        self.ends: dict[tuple[str, int], int] = {}
        self.engines: dict[str, Engine] = {}
        self.publisher: Publisher
        self.address = ""
        """Of the broker; empty before the start."""

    async def start(
        self, rows: Sequence[Row], registry_version: str, tell: Callable[[int, int], None] = lambda _, __: None
    ) -> None:
        """Bring everything up with these rows; returns when every role holds its partitions. Ticks are held.

        `tell` is told how many rows are taken in, of how many.
        """
        loop = asyncio.get_running_loop()
        self._broker, self.address = start_broker()
        address = self.address
        self._unwatch = watch_child(self._broker, self._on_end_of_broker)
        await loop.run_in_executor(None, make_topics, address, TOPICS, self._settings.partitions)
        self.publisher = Publisher(address, self._settings.partitions, self.ends)
        settings = engine_settings(self._settings)
        boot_ms = wall_now_ms()
        by_process: dict[str, list[Row]] = {}
        for row in rows:
            by_process.setdefault(row[0], []).append(row)
        loaded = 0
        for role in self._roles:
            engine = Engine(
                role.name,
                address,
                settings=settings,
                now=self._now,
                ends=self.ends,
                processes=role.processes,
                readers=role.readers,
                registry_version=registry_version,
                incarnation=f"{address}@{boot_ms}",  # a port may come up again in a later life
                on_dead=self._on_dead,
            )
            for process in role.processes:
                mine = by_process.pop(process.name, [])
                for first in range(0, len(mine), _LOAD_ROWS):
                    engine.load_rows(mine[first : first + _LOAD_ROWS])
                    tell(min(loaded + first + _LOAD_ROWS, loaded + len(mine)), len(rows))
                    await asyncio.sleep(0)  # the pages are up already
                loaded += len(mine)
            engine.failed.add_done_callback(partial(self._tell_failure, role.name))
            engine.hold_ticks()
            self.engines[role.name] = engine
        await asyncio.gather(self.publisher.start(), *(engine.start() for engine in self.engines.values()))
        _log.debug("stream up", broker=address, roles=[role.name for role in self._roles])

    def failed(self) -> list[asyncio.Future[None]]:
        """Futures that are done when a role has crashed or the broker has ended by itself: its memory is gone."""
        return [self._broker_ended, *(engine.failed for engine in self.engines.values())]

    def hold_ticks(self) -> None:
        """Wakes without a feed wait; nothing happens of itself."""
        for engine in self.engines.values():
            engine.hold_ticks()

    def release_ticks(self) -> None:
        """From now on wakes without a feed fire by the clock."""
        for engine in self.engines.values():
            engine.release_ticks()

    async def drained(
        self, roles: Sequence[str] | None, timeout_seconds: float, also: Sequence[Callable[[], bool]] = ()
    ) -> bool:
        """Wait until the roles (None: all) and what stands behind them are idle; False when the time is over.

        Idle means that all that was sent to them is worked on, written down and acknowledged. It must be seen twice:
        one role's output is another's input.
        """
        end = asyncio.get_running_loop().time() + timeout_seconds
        quiet = 0
        while True:
            if asyncio.get_running_loop().time() > end or any(future.done() for future in self.failed()):
                return False
            quiet = quiet + 1 if self.idle(roles) and all(look() for look in also) else 0
            if quiet == 2:
                return True
            await asyncio.sleep(_LOOK_SECONDS)

    def idle(self, roles: Sequence[str] | None = None) -> bool:
        """Whether the roles (None: all) have nothing under way at this moment."""
        return all(self.engines[name].idle() for name in roles or self.engines)

    def rows(self) -> Iterator[Row]:
        """All rows of all processes; only while idle."""
        for engine in self.engines.values():
            yield from engine.rows()

    @property
    def broker_pid(self) -> int:
        """The broker's process; 0 while there is none."""
        return self._broker.pid if self._broker else 0

    def broker_megabytes(self) -> float:
        """How much memory the broker holds."""
        return resident_megabytes(self._broker.pid) if self._broker and self._broker.poll() is None else 0.0

    def processed(self) -> Mapping[str, int]:
        """Records worked on by each process."""
        return {name: count for engine in self.engines.values() for name, count in engine.stats.processed.items()}

    def _tell_failure(self, role: str, failed: "asyncio.Future[None]") -> None:
        error = failed.exception()
        if error is not None and not self._broker_ended.done():  # that is told already, and why every role fails
            _log.error("a role has failed", role=role, error=f"{type(error).__name__}: {error}", exc_info=error)

    def _on_end_of_broker(self) -> None:
        _log.error("the embedded broker has ended by itself")
        self._broker_ended.set_result(None)

    async def stop(self) -> None:
        """Last checkpoints, leave the groups, end the broker."""
        if self._broker_ended.done():
            for engine in self.engines.values():
                engine.give_up(UnavailableError("the embedded broker has ended by itself"))
        stops = [asyncio.wait_for(engine.stop(), _STOP_SECONDS) for engine in self.engines.values()]
        for ended in await asyncio.gather(*stops, return_exceptions=True):
            if isinstance(ended, Exception):  # a role that crashed may not end by itself; the journal has everything
                _log.warning("a role did not stop cleanly", error=repr(ended))
        self.engines.clear()
        await self.publisher.stop()
        self.ends.clear()
        if self._broker:
            self._unwatch()
            stop_child(self._broker)
            self._broker = None
