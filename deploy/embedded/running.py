"""Runs an embedded stack for the length of a `with`: folder, store, pages, stack, signals, and a clean end."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from rich.console import Console

from dashboards.server import make_app
from deploy.coming_up import start_bars
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.pages import Pages
from deploy.embedded.stack import Stack
from deploy.ending import end_if_hung
from deploy.settings import Settings
from deploy.stores import open_store
from deploy.web_server import WebServer
from deploy.wiring import collect_parts

_log = structlog.get_logger()
_HUNG_SECONDS = 90.0
"""How long a clean end may take before the process is ended; the journal has kept everything."""
_CRASHED_SECONDS = 8.0
"""The same after a crash: libraries can wait for a dead broker without end."""


@dataclass(frozen=True)
class Running:
    """A stack that is up; `address` is empty without pages. `stopping` is set by Ctrl-C, SIGTERM or a crash."""

    stack: Stack
    address: str
    stopping: asyncio.Event
    crashed: asyncio.Event


@asynccontextmanager
async def running_stack(
    folder: DataFolder,
    settings: Settings,
    now: Callable[[], int],
    *,
    pages: bool = True,
    speed: Callable[[], float],
    console: Console | None = None,
) -> AsyncIterator[Running]:
    """Own the folder and run a stack on it.

    The pages come up before the stream: the store has the figures of the last life. `console` shows how far it is.

    Raises:
        FolderInUseError: another process owns the folder.
    """
    with folder.owned():
        loop = asyncio.get_running_loop()
        stopping, crashed = asyncio.Event(), asyncio.Event()
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        for number in before:
            loop.add_signal_handler(number, stopping.set)
        store = await loop.run_in_executor(None, open_store, settings.store, folder.store)
        stack = Stack(folder, settings, now, collect_parts(), store)
        server = watch = None
        asked = Pages(stack, speed)
        try:
            if pages:
                token = secrets.token_urlsafe(24)
                server = WebServer(make_app(asked.parts(stopping, token)), settings.web.host, settings.web.port)
                await server.start()
                folder.announce(server.address, token)
            with start_bars(console) as tell:
                await stack.start(tell)
            watch = asyncio.create_task(_watch(stack, stopping, crashed))
            yield Running(stack, server.address if server else "", stopping, crashed)
        finally:
            stopping.set()
            hung = end_if_hung(_CRASHED_SECONDS if crashed.is_set() else _HUNG_SECONDS)
            if watch:
                watch.cancel()
            if server:
                await server.stop()
            await loop.run_in_executor(None, asked.close)
            await stack.stop()
            for number, handler in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)  # SIGINT may have been ignored, as in the background of a shell
            hung.cancel()


async def _watch(stack: Stack, stopping: asyncio.Event, crashed: asyncio.Event) -> None:
    await stack.crashed
    _log.error("the stack ends: a part of it has crashed, see above")
    crashed.set()
    stopping.set()
