"""Collects the parts and puts them together; the list of what exists, read top to bottom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import alerting.channels
import dashboards.exports
import sinks.destinations
import streams.rules
import streams.sources
from alerting.alert.process import AlertProcess
from alerting.channel import Channel
from alerting.delivery.process import DeliveryProcess, DeliverySettings
from alerting.sending import Sender
from dashboards.export import Export
from deploy.rehydrating import Rehydrator
from deploy.settings import ServerSettings, Settings, StreamSettings
from sinks.delivery import StoreWriter
from sinks.destination import Destination
from sinks.rows import topics_of
from streams.contracts.topics import CASE_EVENTS, CASE_SIGNALS, FINDINGS, LATE_EVENTS, PUSHES
from streams.engine.on_faust.engine import EngineSettings, Reader
from streams.engine.process import AnyProcess
from streams.intake.relay import Relay
from streams.parts import find_parts
from streams.processes.case.process import CaseProcess
from streams.processes.case.settings import CaseSettings
from streams.registry.registry import Registry
from streams.rule import Rule
from streams.source import Source

REGISTRY_MARKED = (FINDINGS, CASE_EVENTS)
"""Input topics whose processes judge by the registry, and so carry its marks; the version is in force with the last."""

_BEATS_A_SESSION = 6
"""A few may be lost before a worker counts as gone."""


@dataclass(frozen=True)
class Parts:
    """Everything found in the folders of parts, by kind and name."""

    rules: Mapping[str, Rule]
    sources: Mapping[str, Source]
    destinations: Mapping[str, Destination]
    channels: Mapping[str, Channel[Any]]
    exports: Mapping[str, Export]


def collect_parts() -> Parts:
    """Import every folder of parts; a module without its part stops the program and names itself."""
    return Parts(
        rules=find_parts(streams.rules, "RULE", Rule),
        sources=find_parts(streams.sources, "SOURCE", Source),
        destinations=find_parts(sinks.destinations, "DESTINATION", Destination),
        channels=find_parts(alerting.channels, "CHANNEL", Channel),
        exports=find_parts(dashboards.exports, "EXPORT", Export),
    )


def engine_settings(stream: StreamSettings, server: ServerSettings | None = None) -> EngineSettings:
    """How engines read and write; without a server on the embedded broker, which lives and dies with them."""
    settings = EngineSettings(
        partitions=stream.partitions,
        checkpoint_seconds=stream.checkpoint_seconds,
        behind_seconds=max(stream.behind_seconds, stream.checkpoint_seconds),
        tick_seconds=stream.tick_seconds,
        fetch_max_wait_ms=stream.fetch_max_wait_ms,
        patience_seconds=stream.patience_seconds,
        hot_max=stream.hot_max,
        lead_ms=round(stream.lead_hours * 3_600_000),
    )
    if server is None:
        return settings
    session = server.session_seconds
    beat = session / _BEATS_A_SESSION
    return replace(settings, replication=server.replication, session_seconds=session, heartbeat_seconds=beat)


@dataclass(frozen=True)
class Role:
    """One role: its own Faust app and consumer group, so that a stopped store never stops judging or telling."""

    name: str
    processes: Sequence[AnyProcess] = ()
    readers: Sequence[Reader] = ()


def supervise_role(
    parts: Parts, registries: Mapping[str, Registry], version: str, relay: Relay, settings: Settings
) -> Role:
    """Judges cases, and brings to the door what cases of a joint case tell each other."""
    cases = CaseSettings(events_max=settings.cases.events_max, retain_closed_days=settings.cases.retain_closed_days)
    return Role(
        "supervise",
        processes=[CaseProcess(registries, parts.rules, version, cases)],
        readers=[Reader("relaying", [CASE_SIGNALS.name], relay.write)],
    )


def alert_role(registries: Mapping[str, Registry], version: str) -> Role:
    """Decides who is told about a finding."""
    return Role("alert", processes=[AlertProcess(registries, version)])


def deliver_role(sender: Sender, settings: Settings) -> Role:
    """Sees each telling through, and tells."""
    answer_seconds = settings.telling.answer_seconds
    delivery = DeliverySettings(answer_seconds=answer_seconds, answer_seconds_max=max(3600, answer_seconds))
    reader = Reader("sending", [PUSHES.name], sender.write)
    return Role("deliver", processes=[DeliveryProcess(delivery)], readers=[reader])


def sink_role(parts: Parts, writer: StoreWriter, rehydrator: Rehydrator) -> Role:
    """Writes facts to the store, and brings cases back from it for late events."""
    facts = Reader("store", topics_of(parts.destinations), writer.write)
    return Role("sink", readers=[facts, Reader("rehydrating", [LATE_EVENTS.name], rehydrator.write)])


def make_roles(
    parts: Parts,
    registries: Mapping[str, Registry],
    version: str,
    writer: StoreWriter,
    sender: Sender,
    relay: Relay,
    rehydrator: Rehydrator,
    settings: Settings,
) -> list[Role]:
    """Who does what, from events to people and to the store."""
    return [
        supervise_role(parts, registries, version, relay, settings),
        alert_role(registries, version),
        deliver_role(sender, settings),
        sink_role(parts, writer, rehydrator),
    ]
