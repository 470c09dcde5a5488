import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.clock import wall_now_ms
from deploy.command_line import app
from deploy.embedded.data_folder import DataFolder
from deploy.server.registry_topic import RegistryTopic
from deploy.server.role_openings import OPENINGS
from deploy.server.role_worker import run_role
from deploy.server.server_door import apply_hall, server_door
from deploy.settings import StoreSettings
from deploy.stores import open_store
from streams.contracts.codec import decode
from streams.contracts.instants import from_ms
from streams.contracts.mark import HorizonMark
from streams.contracts.topics import CASE_EVENTS, PUSHES
from streams.engine.ownership import OWNER_KEY
from streams.intake.journal import Entry
from tests.deploy.embedded.stacks import FEED, MINUTES, MORNING_MS, PINGLIANG, accepted, clock_at, count
from tests.deploy.running_hall import city_log
from tests.deploy.server.server_hall import PARTITIONS, findings_are_stored, records_in, settings_for, wait_for

LATE_MS = MORNING_MS + (MINUTES + 1) * 60_000


def test_roles_one_by_one_judge_tell_and_store_an_overdue_case(broker: str, tmp_path: Path) -> None:
    settings, clock, folder = settings_for(broker), clock_at(), DataFolder(tmp_path)

    async def told() -> bool:
        return any(decode(PUSHES, value).state == "sent" for _, _, value in await records_in(broker, PUSHES)())

    async def story() -> None:
        async with server_door(settings, clock) as door:
            await apply_hall(door, RegistryTopic(broker), PINGLIANG, clock)
            await door.accept(CASE_EVENTS, [("pingliang/1", accepted(1))])
            stopping = asyncio.Event()
            workers = [asyncio.create_task(run_role(name, settings, folder, clock, stopping)) for name in OPENINGS]
            clock.jump(LATE_MS)
            await door.mark(CASE_EVENTS, HorizonMark(feed=FEED, horizon_at=from_ms(LATE_MS)))
            await wait_for("somebody is told", told)
            await wait_for("findings are stored", findings_are_stored(broker))
            stopping.set()
            assert await asyncio.gather(*workers) == [True] * len(workers)

    asyncio.run(story())
    store = open_store(StoreSettings(), folder.store)
    assert count(store, "findings FINAL WHERE subject = 'pingliang/1'") > 0
    assert count(store, "pushes FINAL WHERE state = 'sent'") > 0
    store.close()


def test_a_worker_that_another_has_replaced_ends_by_itself_and_says_so(broker: str, tmp_path: Path) -> None:
    (tmp_path / "hallwatch.toml").write_text(f'[server]\nbrokers = "{broker}"\n[stream]\npartitions = {PARTITIONS}\n')

    async def replace() -> None:
        await wait_for("the worker is up", lambda: _is_up(tmp_path, "alert"))
        async with server_door(settings_for(broker), wall_now_ms) as door:
            owner = Entry(wall_now_ms(), "hallwatch-alert-alert-changelog", [(OWNER_KEY, b"")])
            await door.publisher.send([owner])
            await apply_hall(door, RegistryTopic(broker), PINGLIANG, wall_now_ms)

    worker = _start("alert", tmp_path)
    try:
        asyncio.run(replace())
        assert worker.wait(300) != 0
    finally:
        worker.kill()
        worker.wait()
    assert "FencedError: " in (tmp_path / "alert.log").read_text()


def _start(role: str, folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / f"{role}.log").open("a") as log:
        return subprocess.Popen([sys.executable, "-m", "deploy", "run", role, *_where(folder)], stderr=log)


def _where(folder: Path) -> list[str]:
    return ["--settings", str(folder / "hallwatch.toml"), "--data", str(folder / "data")]


def _said_by(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--lang", "en", *_where(folder)])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


@pytest.mark.live
@pytest.mark.usefixtures("logs")
def test_workers_as_programs_on_a_real_kafka_bring_a_file_into_the_store_though_one_is_killed(
    kafka: str, tmp_path: Path
) -> None:
    (tmp_path / "hallwatch.toml").write_text(
        f'[server]\nbrokers = "{kafka}"\nsession_seconds = 6\n[stream]\npartitions = {PARTITIONS}\n'
    )
    assert "no registry yet" in _said_by(tmp_path, "registry", "list")
    assert _said_by(tmp_path, "registry", "apply", "boston").endswith(" is in force\n")
    assert "boston" in _said_by(tmp_path, "registry", "list")
    workers = {f"{role}{n}": _start(role, tmp_path) for n, role in enumerate([*OPENINGS, "supervise", "alert"])}
    try:
        asyncio.run(wait_for("a worker judges", lambda: _is_up(tmp_path, "supervise")))
        killed = workers.pop("supervise0")
        killed.kill()
        killed.wait()
        assert _said_by(tmp_path, "import", str(city_log(tmp_path))) == "4 events of 2 cases taken in, 0 set aside\n"
        asyncio.run(wait_for("findings are stored", findings_are_stored(kafka)))
        for worker in workers.values():
            worker.terminate()
        codes = {name: worker.wait(300) for name, worker in workers.items()}
    finally:
        for worker in workers.values():
            worker.kill()
            worker.wait()
    assert set(codes.values()) == {0}, {name: (tmp_path / f"{name[:-1]}.log").read_text() for name in workers}
    told = _said_by(tmp_path, "sql", "SELECT subject, rule FROM findings FINAL", "--format", "csv")
    assert "boston/1,TIME-01" in told.replace('"', "")


async def _is_up(folder: Path, role: str) -> bool:
    return f"role={role}" in (folder / f"{role}.log").read_text()
