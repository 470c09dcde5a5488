"""Tasks that run beside a stack: one that breaks is told, never lost."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

_log = structlog.get_logger()


class Tasks:
    """Tasks in the background of a running loop."""

    def __init__(self, on_broken: Callable[[], None]) -> None:
        """`on_broken` is called when a task ends by an error; the error is in the log by then."""
        self._on_broken = on_broken
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin some work."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def cancel(self) -> None:
        """End all that still runs, and wait for it."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a task broke", task=task.get_name(), exc_info=error)
            self._on_broken()
