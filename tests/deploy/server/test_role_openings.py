import asyncio
from pathlib import Path
from typing import Any, get_args

import pytest

from alerting.sending import Sender
from dashboards.reader import Reader
from deploy.commands.run import RoleName
from deploy.embedded.data_folder import DataFolder, FolderInUseError
from deploy.rehydrating import Rehydrator
from deploy.server.role_openings import OPENINGS, Surroundings
from deploy.settings import Settings
from deploy.tasks import Tasks
from deploy.wiring import collect_parts, make_roles
from sinks.delivery import StoreWriter
from streams.intake.door import Door
from streams.intake.relay import Relay
from streams.registry.registry import Registry
from tests.deploy.embedded.stacks import clock_at
from tests.deploy.test_stores import LateStore

PARTS = collect_parts()


async def _nobody(*_: Any) -> None:
    raise AssertionError("nobody is told anything here")


class _NoSender:
    async def send(self, entries: Any) -> None:
        raise AssertionError(entries)


def _around(root: Path) -> Surroundings:
    door = Door(None, _NoSender(), clock_at())
    return Surroundings(PARTS, Settings(), {"": Registry()}, door, DataFolder(root), clock_at(), Tasks(lambda: None))


def test_every_role_of_the_embedded_stack_can_be_run_by_itself_and_does_the_same(tmp_path: Path) -> None:
    store = LateStore()
    together = make_roles(
        PARTS,
        {"": Registry()},
        "",
        StoreWriter(store, PARTS.destinations),
        Sender({}, _nobody, lambda: 0),
        Relay(_nobody),
        Rehydrator(Reader(store), _nobody, _nobody),
        Settings(),
    )
    assert [role.name for role in together] == list(OPENINGS) == list(get_args(RoleName))

    async def story() -> None:
        for role in together:
            around = _around(tmp_path)
            async with OPENINGS[role.name](around) as opened:
                assert [one.name for one in opened.role.processes] == [one.name for one in role.processes]
                assert [one.topics for one in opened.role.readers] == [one.topics for one in role.readers]
                await around.tasks.cancel()

    asyncio.run(story())


def test_a_store_that_is_no_server_belongs_to_one_worker(tmp_path: Path) -> None:
    async def second() -> None:
        async with OPENINGS["sink"](_around(tmp_path)):
            raise AssertionError("it must not open")

    with DataFolder(tmp_path).owned(), pytest.raises(FolderInUseError):
        asyncio.run(second())


def test_a_sender_that_fails_ends_its_worker(tmp_path: Path) -> None:
    async def story() -> None:
        broken = asyncio.Event()
        around = _around(tmp_path)
        around.tasks._on_broken = broken.set
        async with OPENINGS["deliver"](around) as opened:
            opened.go_live()
            (task,) = around.tasks._running
            await asyncio.sleep(0)
            assert not task.done()
            sender = opened.role.readers[0].write.__self__  # type: ignore[attr-defined]
            sender.failed.set_exception(RuntimeError("no receipts"))
            await asyncio.wait_for(broken.wait(), 20)

    asyncio.run(story())
