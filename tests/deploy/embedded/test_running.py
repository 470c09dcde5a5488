import asyncio
import os
import signal
from pathlib import Path

import httpx
import pytest

from deploy.embedded.data_folder import DataFolder, FolderInUseError
from deploy.embedded.running import running_stack
from deploy.settings import Settings
from tests.deploy.embedded.stacks import PINGLIANG, clock_at


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    async def start() -> None:
        async with running_stack(DataFolder(tmp_path), Settings(), clock_at(), speed=lambda: 1.0):
            raise AssertionError("it must not come up")

    with DataFolder(tmp_path).owned(), pytest.raises(FolderInUseError):
        asyncio.run(start())
    assert [file.name for file in tmp_path.iterdir()] == ["lock"]


def test_a_signal_asks_for_a_clean_end_that_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    async def life() -> None:
        settings = Settings().with_port(0)
        async with running_stack(folder, settings, clock_at(), speed=lambda: 1.0) as up:
            await up.stack.apply_hall(PINGLIANG)
            announced = folder.running()
            assert announced is not None
            assert (announced.address, announced.pid) == (up.address, os.getpid())
            async with httpx.AsyncClient(timeout=60) as client:
                assert (await client.get(f"{up.address}/api/status")).json()["halls"] == ["pingliang"]
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(up.stopping.wait(), 60)
            assert not up.crashed.is_set()
        assert folder.running() is None
        assert folder.snapshot.exists()

    asyncio.run(life())
    assert {number: signal.getsignal(number) for number in before} == before
    with folder.owned():
        assert not (tmp_path / "running.json").exists()


def test_a_crash_of_the_stack_is_told_to_whoever_runs_it(tmp_path: Path) -> None:
    async def life() -> None:
        async with running_stack(DataFolder(tmp_path), Settings(), clock_at(), pages=False, speed=lambda: 1.0) as up:
            assert up.address == ""
            up.stack.crashed.set_result(None)
            await asyncio.wait_for(up.stopping.wait(), 60)
            assert up.crashed.is_set()

    asyncio.run(life())
