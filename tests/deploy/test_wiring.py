from pathlib import Path
from typing import Any

from alerting.sending import Sender
from dashboards.reader import Reader
from deploy.rehydrating import Rehydrator
from deploy.settings import Settings, TellingSettings
from deploy.wiring import collect_parts, make_roles
from sinks.delivery import StoreWriter
from streams.contracts.topics import LATE_EVENTS, PUSHES, TOPICS
from streams.intake.relay import Relay
from streams.registry.registry import Registry
from tests.deploy.test_stores import LateStore

PARTS = collect_parts()


async def _nobody(*_: Any) -> None:
    raise AssertionError("nobody is told anything here")


def test_every_module_in_a_folder_of_parts_is_a_part() -> None:
    root = Path(__file__).parents[2]
    for folder, found in (
        ("streams/rules", PARTS.rules),
        ("streams/sources", PARTS.sources),
        ("sinks/destinations", PARTS.destinations),
        ("alerting/channels", PARTS.channels),
        ("dashboards/exports", PARTS.exports),
    ):
        modules = [file for file in (root / folder).rglob("*.py") if file.name != "__init__.py"]
        assert len(found) == len(modules), folder


def test_every_process_has_one_role_and_every_fact_a_destination() -> None:
    store = LateStore()
    roles = make_roles(
        PARTS,
        {"": Registry()},
        "",
        StoreWriter(store, PARTS.destinations),
        Sender({}, _nobody, lambda: 0),
        Relay(_nobody),
        Rehydrator(Reader(store), _nobody, _nobody),
        Settings(telling=TellingSettings(answer_seconds=7200)),
    )
    processes = {process.name: role.name for role in roles for process in role.processes}
    assert processes == {"case": "supervise", "alert": "alert", "delivery": "deliver"}
    assert [role.name for role in roles] == ["supervise", "alert", "deliver", "sink"]
    read = {topic: role.name for role in roles for reader in role.readers for topic in reader.topics}
    assert set(read) <= {topic.name for topic in TOPICS}
    stored = {topic.name for destination in PARTS.destinations.values() for topic in destination.topics}
    assert {topic for topic, role in read.items() if role == "sink"} == {*stored, LATE_EVENTS.name}
    assert PUSHES.name in stored
