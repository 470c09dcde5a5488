"""The stack's own promises: it keeps what is whole, notices what is lost, and tells what is wrong."""

import asyncio
import shutil
from pathlib import Path

import pytest

from deploy.coming_up import JOURNAL, ROWS, SNAPSHOT
from deploy.embedded.data_folder import DataFolder
from deploy.embedded.snapshot import SnapshotError, read_snapshot
from deploy.embedded.stack import Stack
from deploy.settings import Settings, StoreSettings, StreamSettings
from deploy.stores import open_store
from deploy.wiring import collect_parts
from streams.contracts.alert import Acknowledge
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import from_ms
from streams.contracts.topics import CASE_EVENTS
from streams.intake.journal import Position
from tests.deploy.embedded.stacks import (
    MINUTES,
    MORNING_MS,
    PINGLIANG,
    accepted,
    clock_at,
    count,
    let_pass,
    stack_on,
    take,
)

LATE_MS = MORNING_MS + (MINUTES + 1) * 60_000


async def _refused(root: Path, settings: Settings | None = None) -> None:
    """Try to start on a folder that is not fit for it, and stop."""
    folder = DataFolder(root)
    with folder.owned():
        store = open_store(StoreSettings(), folder.store)
        stack = Stack(folder, settings or Settings(), clock_at(), collect_parts(), store)
        try:
            await stack.start()
        finally:
            assert not await stack.stop()


def test_a_person_takes_an_alert_on_and_the_same_hall_changes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        async with stack_on(tmp_path, clock) as stack:
            version = stack.marks.registry_version
            assert await stack.apply_hall(PINGLIANG) == version
            await take(stack, accepted(1))
            await let_pass(stack, clock, LATE_MS)
            assert await stack.drained()
            ((alert_id,),) = stack.store.query("SELECT alert_id FROM alerts FINAL").rows
            await stack.acknowledge(
                Acknowledge(command_id="c1", alert_id=alert_id, person="C11-1", given_at=from_ms(LATE_MS), why="on it")
            )
            assert await stack.drained()
            assert count(stack.store, "alerts FINAL WHERE state = 'acknowledged' AND acknowledged_by = 'C11-1'") == 1
            assert count(stack.store, "commands FINAL WHERE person = 'C11-1' AND why = 'on it'") == 1
            assert stack.registry.halls["pingliang"] == PINGLIANG

    asyncio.run(story())


def test_a_start_tells_how_much_of_snapshot_rows_and_journal_is_taken_in(tmp_path: Path) -> None:
    async def story() -> None:
        clock, told = clock_at(), dict[str, tuple[int, int]]()
        async with stack_on(tmp_path, clock) as stack:
            await take(stack, *[accepted(number) for number in range(50)])
        async with stack_on(tmp_path, clock, tell=lambda what, *done: told.__setitem__(what, done)):
            pass
        assert set(told) == {SNAPSHOT, ROWS, JOURNAL}
        assert all(done == total for done, total in told.values())
        assert told[ROWS][1] > 50

    asyncio.run(story())


def test_records_on_their_way_in_are_before_the_snapshot_or_behind_it(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        async with stack_on(tmp_path, clock) as stack:
            done = False

            async def pour() -> int:
                sent = 0
                while not done:
                    await take(stack, accepted(sent))
                    sent += 1
                return sent

            pouring = [asyncio.create_task(pour())]
            for _ in range(5):
                await asyncio.sleep(0.05)
                assert await stack.snapshot()
                kept = read_snapshot(stack.folder.snapshot)
                assert kept is not None
                in_rows = sum(1 for row in kept[1] if row[0] == "case")
                accepted_then = stack.door.accepted["approvals"]
                position = Position(*map(int, kept[0].journal.split(":")))
                behind = sum(
                    len(entry.rows) for _, entry in stack.journal.read(position) if entry.topic == CASE_EVENTS.name
                )
                assert in_rows + behind >= accepted_then
            done = True
            await asyncio.gather(*pouring)

    asyncio.run(story())


def test_a_damaged_snapshot_and_other_partitions_are_told_and_touch_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        clock = clock_at()
        async with stack_on(tmp_path, clock) as stack:
            await take(stack, accepted(1))
        snapshot = tmp_path / "snapshot"
        whole = snapshot.read_bytes()
        with pytest.raises(SnapshotError, match="4 partitions, the settings say 8"):
            await _refused(tmp_path, Settings(stream=StreamSettings(partitions=8)))
        snapshot.write_bytes(whole[:-5])
        with pytest.raises(SnapshotError, match="damaged"):
            await _refused(tmp_path)
        assert snapshot.read_bytes() == whole[:-5]

    asyncio.run(story())


def test_a_journal_that_cannot_be_replayed_is_kept_as_it_is(tmp_path: Path) -> None:
    async def story() -> None:
        left = tmp_path / "left"
        async with stack_on(tmp_path / "data", clock_at()) as stack:
            for number in range(20):
                await take(stack, accepted(number))
            stack.journal.roll()  # the end of the last segment may be torn by a kill; inside another it is damage
            await take(stack, accepted(20))
            for name in ("journal", "registry"):  # as a kill leaves them
                shutil.copytree(tmp_path / "data" / name, left / name)
        segment, _ = sorted((left / "journal").iterdir())
        broken = bytearray(segment.read_bytes())
        broken[len(broken) // 2] ^= 0xFF
        segment.write_bytes(broken)
        with pytest.raises(UnreadableError, match="damaged"):
            await _refused(left)
        assert segment.read_bytes() == bytes(broken)
        assert not (left / "snapshot").exists(), "a snapshot of half a replay forgets the other half"

    asyncio.run(story())
