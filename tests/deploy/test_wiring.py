from pathlib import Path
from typing import Any

from alerting.sending import Sender
from dashboards.reader import Reader
from deploy.rehydrating import Rehydrator
from deploy.settings import ServerSettings, Settings, StreamSettings, TellingSettings
from deploy.wiring import collect_parts, engine_settings, make_roles
from sinks.delivery import StoreWriter
from streams.contracts.topics import LATE_EVENTS, PUSHES, TOPICS
from streams.engine.on_faust.engine import EngineSettings
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


def test_without_settings_an_embedded_engine_is_what_an_engine_is_by_itself() -> None:
    assert engine_settings(StreamSettings(partitions=8)) == EngineSettings()


def test_what_is_set_reaches_the_engine() -> None:
    stream = StreamSettings(
        partitions=3,
        checkpoint_seconds=2.0,
        tick_seconds=0.2,
        fetch_max_wait_ms=7,
        patience_seconds=9.0,
        hot_max=11,
        lead_hours=0.5,
    )
    engine = engine_settings(stream, ServerSettings(replication=3, session_seconds=12.0))
    assert (engine.partitions, engine.tick_seconds, engine.fetch_max_wait_ms) == (3, 0.2, 7)
    assert (engine.patience_seconds, engine.hot_max, engine.lead_ms) == (9.0, 11, 1_800_000)
    assert (engine.replication, engine.session_seconds, engine.heartbeat_seconds) == (3, 12.0, 2.0)
    assert engine.behind_seconds == engine.checkpoint_seconds == 2.0, "never more often while far behind"


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
