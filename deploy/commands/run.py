"""`hallwatch run`: one worker of one role, against a Kafka and a ClickHouse of one's own."""

import asyncio
import signal
from typing import Annotated, Literal

import typer
import uvloop
from rich.console import Console

from deploy.clock import wall_now_ms
from deploy.commands.options import Data, SettingsFile, settings_and_folder
from deploy.embedded.data_folder import DataFolder
from deploy.ending import end_if_hung
from deploy.logs import set_up_logs
from deploy.server.role_worker import run_role
from deploy.settings import Settings, SettingsError

_HUNG_SECONDS = 90.0
_BROKEN_SECONDS = 10.0
"""The same where something has broken: libraries can wait for a dead broker without end."""

RoleName = Literal["supervise", "alert", "deliver", "sink"]


def run(
    role: Annotated[RoleName, typer.Argument(help="What this worker does; several workers may share a role.")],
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Work as one worker of a role until Ctrl-C or SIGTERM, against the Kafka of the settings ([server] brokers).

    Exit code 0: it was told to end. Any other: it had to end by itself, see the log; started anew, it goes on.
    """
    settings, folder = settings_and_folder(settings_file, data)
    if not settings.server.brokers:
        raise SettingsError("[server] brokers names no Kafka; hallwatch up brings a broker of its own")
    set_up_logs()
    raise typer.Exit(0 if uvloop.run(_run(role, settings, folder)) else 1)


async def _run(role: str, settings: Settings, folder: DataFolder) -> bool:
    stopping = asyncio.Event()

    def stop() -> None:
        stopping.set()
        end_if_hung(_HUNG_SECONDS)

    def broken() -> None:
        end_if_hung(_BROKEN_SECONDS)

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return await run_role(role, settings, folder, wall_now_ms, stopping, Console(stderr=True), broken)
