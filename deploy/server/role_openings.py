"""How each role is opened against servers: its processes and readers, and the effects behind them, for its life."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

from alerting.channel import open_channels
from alerting.sending import Sender
from dashboards.reader import Reader
from deploy.embedded.data_folder import DataFolder
from deploy.rehydrating import Rehydrator
from deploy.settings import Settings
from deploy.stores import bring_schema_up, open_store
from deploy.tasks import Tasks
from deploy.wiring import Parts, Role, alert_role, deliver_role, sink_role, supervise_role
from sinks.delivery import StoreWriter
from streams.contracts.push import PushReceipt
from streams.contracts.topics import PUSH_REQUESTS
from streams.intake.door import Door
from streams.intake.relay import Relay
from streams.registry.registry import Registry


@dataclass(frozen=True)
class Surroundings:
    """What a role works with. `folder` is for a store that is no server: it belongs to one worker alone.

    `tasks` run beside the role, and end it when they break.
    """

    parts: Parts
    settings: Settings
    registries: Mapping[str, Registry]
    door: Door
    folder: DataFolder
    now: Callable[[], int]
    tasks: Tasks


@dataclass(frozen=True)
class OpenRole:
    """A role, and what begins when it has caught up with what stood there when it came."""

    role: Role
    go_live: Callable[[], None] = lambda: None


@asynccontextmanager
async def _supervise(around: Surroundings) -> AsyncIterator[OpenRole]:
    relay = Relay(around.door.accept)
    await relay.go_live()
    yield OpenRole(supervise_role(around.parts, around.registries, "", relay, around.settings))


@asynccontextmanager
async def _alert(around: Surroundings) -> AsyncIterator[OpenRole]:
    yield OpenRole(alert_role(around.registries, ""))


@asynccontextmanager
async def _deliver(around: Surroundings) -> AsyncIterator[OpenRole]:
    """Nobody is told anything before all that stood there is read: the answer to a push stands behind it."""

    async def receipt(receipt: PushReceipt) -> None:
        await around.door.accept(PUSH_REQUESTS, [(receipt.receiver, receipt)])

    async def broken(failed: "asyncio.Future[None]") -> None:
        await failed

    sender = Sender(open_channels(around.parts.channels, around.settings.channels), receipt, around.now)

    def go_live() -> None:
        sender.go_live()
        if sender.failed is not None:
            around.tasks.start(broken(sender.failed))

    try:
        yield OpenRole(deliver_role(sender, around.settings), go_live)
    finally:
        await sender.close()


@asynccontextmanager
async def _sink(around: Surroundings) -> AsyncIterator[OpenRole]:
    with around.folder.owned() if around.settings.store.kind == "chdb" else nullcontext():
        async with _writing(around) as opened:
            yield opened


@asynccontextmanager
async def _writing(around: Surroundings) -> AsyncIterator[OpenRole]:
    loop = asyncio.get_running_loop()
    store = await loop.run_in_executor(None, open_store, around.settings.store, around.folder.store)
    writer = StoreWriter(store, around.parts.destinations)
    rehydrator = Rehydrator(Reader(store), around.door.accept, around.door.dead)

    async def write_facts() -> None:
        await bring_schema_up(store)
        writer.start()

    around.tasks.start(write_facts())
    rehydrator.start()
    try:
        yield OpenRole(sink_role(around.parts, writer, rehydrator))
    finally:
        await writer.close()
        await rehydrator.close()
        await loop.run_in_executor(None, store.close)


OPENINGS: Mapping[str, Callable[[Surroundings], AbstractAsyncContextManager[OpenRole]]] = {
    "supervise": _supervise,
    "alert": _alert,
    "deliver": _deliver,
    "sink": _sink,
}
"""The roles by name."""
