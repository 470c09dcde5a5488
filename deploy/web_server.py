"""Serves the pages inside the running loop; signals stay ours."""

import asyncio
import contextlib

import uvicorn
from litestar import Litestar

from deploy.embedded.children import free_port
from streams.contracts.errors import UnavailableError

_READY_SECONDS = 10.0


class WebServer:
    """One uvicorn server in this event loop."""

    def __init__(self, app: Litestar, host: str, port: int) -> None:
        """Port 0 takes a free one."""
        self._host = host
        self._port = port or free_port()
        config = uvicorn.Config(
            app, host=host, port=self._port, log_level="warning", timeout_graceful_shutdown=1, lifespan="on"
        )
        self._server = uvicorn.Server(config)
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Serve; returns when the port is open.

        Raises:
            UnavailableError: the port cannot be had.
        """
        self._task = asyncio.create_task(self._serve())
        end = asyncio.get_running_loop().time() + _READY_SECONDS
        while not self._server.started:
            if self._task.done() or asyncio.get_running_loop().time() > end:
                raise UnavailableError(f"the pages cannot be served at {self.address}: is the port taken? See --port")
            await asyncio.sleep(0.01)

    async def _serve(self) -> None:
        with contextlib.suppress(SystemExit):  # uvicorn's way to say that the port is taken; start() tells it better
            await self._server.serve()

    async def stop(self) -> None:
        """No new readers; open streams must have been told to end before."""
        if self._task:
            self._server.should_exit = True
            await self._task
            self._task = None
