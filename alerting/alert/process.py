"""The alert process: findings and commands in, alerts and requests to tell people out (design 10)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

import msgspec

from alerting.alert.memory import AlertMemory, Taken, Telling
from alerting.routing import Routed, reason_text, route
from alerting.telling import WAITING, HeldReason, Told, decide
from alerting.wording import wording
from streams.contracts.alert import Acknowledge, Alert, AlertState
from streams.contracts.codec import identity
from streams.contracts.finding import Finding
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.push import PushReason, PushRequest
from streams.contracts.topics import ALERTS, FINDINGS, PUSH_REQUESTS
from streams.contracts.words import Language
from streams.engine.process import Output
from streams.registry.registry import HallRegistry, Registry

PUSH_AGE_MAX_HOURS = 72
"""How old news may be and still be told, for a finding whose hall is not in the registry."""

_HOUR_MS = 3_600_000


class AlertProcess:
    """One alert a finding; `alert_id` is the finding's id. Routes, people and the push age bind at telling."""

    name = "alert"
    input = FINDINGS
    state_type = AlertMemory

    def __init__(self, registries: Mapping[str, Registry], registry_version: str, language: Language = "zh") -> None:
        """Judge by one version out of `registries`; `language` is that of what people are told."""
        self._registries = registries
        self._version = registry_version
        self._language = language

    def at(self, registry_version: str) -> Self:
        """The same process by another registry version."""
        return type(self)(self._registries, registry_version, self._language)

    def start(self, key: str) -> AlertMemory:
        """Nothing is known of a finding that was never seen."""
        return AlertMemory()

    def occurred_ms(self, event: Finding | Acknowledge) -> int:
        """When it was said; no wake of an alert depends on it yet."""
        return to_ms(event.given_at if isinstance(event, Acknowledge) else event.raised_at)

    def feed(self, state: AlertMemory) -> str:
        """Alerts have no feed: what is to be told follows the clock alone."""
        return ""

    def on_event(self, state: AlertMemory, event: Finding | Acknowledge, now_ms: int) -> Iterable[Output]:
        """A version of the finding, or what a person says about its alert; repeats change nothing."""
        if isinstance(event, Acknowledge):
            return self._take(state, event, now_ms)
        if state.finding is not None and event.version <= state.finding.version:
            return []
        return self._follow(state, event, now_ms)

    def on_time(self, state: AlertMemory, now_ms: int) -> Iterable[Output]:
        """Never asked for."""
        return []

    def on_registry(self, state: AlertMemory, now_ms: int) -> Iterable[Output]:
        """Tell now what nobody could be told before, if somebody holds a role by now."""
        finding = state.finding
        if finding is None or state.waiting is None or finding.state != "open" or not finding.tell:
            return []
        if not self._routed(finding).receivers:
            return []
        return self._follow(state, msgspec.structs.replace(finding, change="moved", known_at=None), now_ms)

    def wake_at(self, state: AlertMemory) -> int | None:
        """Never: escalation by time is not part of this process yet."""
        return None

    # ---- findings

    def _follow(self, state: AlertMemory, finding: Finding, now_ms: int) -> list[Output]:
        """Take a new version: tell or hold, and say so in the alert."""
        known_ms = to_ms(finding.known_at) if finding.known_at is not None else now_ms
        if state.finding is not None and finding.change in ("opened", "reopened"):
            state.stretch += 1
        told = Told(
            at=frozenset((one.level, one.stretch) for one in state.tellings),
            stretch=state.stretch,
            is_heard=bool(state.heard()),
            waiting=state.waiting,
        )
        hall = self._hall(finding)
        hours = hall.hall.push_age_max_hours if hall is not None else PUSH_AGE_MAX_HOURS
        decision = decide(
            finding,
            told,
            age_ms=known_ms - to_ms(finding.raised_at),
            age_max_ms=hours * _HOUR_MS,
            until_ms=_complete_ms(finding, hall, known_ms),
        )
        state.finding = finding
        if decision.tell is None:
            return self._held(state, finding, decision.held or "moved", Routed(), known_ms)
        if decision.tell == "withdrawn":
            return self._told(state, finding, "withdrawn", Routed(), known_ms)
        routed = self._routed(finding)
        if not routed.receivers:
            held: HeldReason = "nobody" if routed.has_route else "no_route"
            state.waiting = decision.tell
            return self._held(state, finding, held, routed, known_ms)
        return self._told(state, finding, decision.tell, routed, known_ms)

    def _told(
        self, state: AlertMemory, finding: Finding, reason: PushReason, routed: Routed, known_ms: int
    ) -> list[Output]:
        if reason == "withdrawn":
            tellings = state.heard()
            state.tellings = [msgspec.structs.replace(one, heard_of_withdrawal=True) for one in state.tellings]
        else:
            tellings = [
                Telling(receiver.code, receiver.name, receiver.role, channel, finding.level, state.stretch)
                for receiver in routed.receivers
                for channel in receiver.channels
            ]
            state.tellings = [*state.tellings, *tellings]
            state.told_ms = known_ms
        state.waiting = None
        requests = [self._request(state, finding, reason, telling, known_ms) for telling in tellings]
        return [*self._alerts(state, finding, reason_text(reason, routed)), *requests]

    def _held(
        self, state: AlertMemory, finding: Finding, held: HeldReason, routed: Routed, known_ms: int
    ) -> list[Output]:
        if held not in WAITING:
            state.waiting = None
        elif finding.change == "opened" or finding.change == "raised" or finding.change == "reopened":
            state.waiting = finding.change  # spelt out, so that mypy narrows it
        return self._alerts(state, finding, reason_text(held, routed))

    def _alerts(self, state: AlertMemory, finding: Finding, reason: str) -> list[Output]:
        """The alert as the finding leaves it; once more as acknowledged, where the answer came before the finding."""
        before = state.alert
        alert = Alert(
            alert_id=finding.finding_id,
            finding_id=finding.finding_id,
            subject=finding.subject,
            rule=finding.rule,
            state=_stands(state, finding),
            level=finding.level,
            reason=reason,
            raised_at=_utc(finding.raised_at),
            told_at=from_ms(state.told_ms) if state.told_ms >= 0 else None,
            receivers=tuple(dict.fromkeys(one.receiver for one in state.tellings)),
            title_zh=finding.title_zh,
            title_en=finding.title_en,
            message_zh=finding.message_zh,
            message_en=finding.message_en,
            hall=finding.hall,
            org=finding.org,
            site=finding.site,
            window=finding.window,
            staff=finding.staff,
            item=finding.item,
        )
        state.alert = alert
        acknowledged = self._acknowledged(state)
        if acknowledged and before is not None and before.state == "acknowledged" and before.told_at == alert.told_at:
            return acknowledged  # it was and stays acknowledged: nothing in between to be seen
        return [Output(ALERTS, alert.alert_id, alert), *acknowledged]

    def _request(
        self, state: AlertMemory, finding: Finding, reason: PushReason, telling: Telling, known_ms: int
    ) -> Output:
        words = wording(finding, reason, self._hall(finding), known_ms, self._language)
        return Output(
            PUSH_REQUESTS,
            telling.receiver,
            PushRequest(
                push_id=identity(
                    finding.finding_id, finding.level, state.stretch, reason, telling.receiver, telling.channel
                ),
                receiver=telling.receiver,
                receiver_name=telling.name,
                role=telling.role,
                channel=telling.channel,
                reason=reason,
                finding_id=finding.finding_id,
                subject=finding.subject,
                level=finding.level,
                title=words.title,
                message=words.message,
                raised_at=_utc(finding.raised_at),
                hall=finding.hall,
                org=finding.org,
            ),
        )

    # ---- commands

    def _take(self, state: AlertMemory, command: Acknowledge, now_ms: int) -> list[Output]:
        """Keep an acknowledgement, once; it shows when its finding is there."""
        if any(one.command.command_id == command.command_id for one in state.taken):
            return []
        state.taken = [*state.taken, Taken(command, now_ms)]
        return self._acknowledged(state)

    def _acknowledged(self, state: AlertMemory) -> list[Output]:
        """The alert as acknowledged, where that is news."""
        answer = state.answer()
        alert = state.alert
        if answer is None or alert is None or alert.state == "withdrawn":
            return []
        command = answer.command
        taken = msgspec.structs.replace(
            alert,
            state="acknowledged",
            acknowledged_by=command.person,
            acknowledged_at=_utc(command.given_at),
            expected_done_at=_utc(command.expected_done_at) if command.expected_done_at is not None else None,
        )
        if taken == alert:
            return []
        state.alert = taken
        return [Output(ALERTS, taken.alert_id, taken)]

    # ---- registry

    def _hall(self, finding: Finding) -> HallRegistry | None:
        registry = self._registries.get(self._version)
        return registry.hall_of(finding.subject) if registry is not None else None

    def _routed(self, finding: Finding) -> Routed:
        hall = self._hall(finding)
        return route(finding.level, finding.org, hall) if hall is not None else Routed(has_route=False)


def _complete_ms(finding: Finding, hall: HallRegistry | None, known_ms: int) -> int:
    """Up to when the feed behind a finding had told everything as it became known: a push feed up to then.

    Of another only that it reached the level of the finding.
    """
    feed = hall.feed(finding.feed) if hall is not None else None
    return known_ms if feed is not None and feed.way == "push" else to_ms(finding.raised_at)


def _stands(state: AlertMemory, finding: Finding) -> AlertState:
    """How the alert stands by its finding alone, before anybody's answer."""
    if finding.state == "withdrawn":
        return "withdrawn"
    return "told" if state.is_told() else "held"


def _utc(instant: datetime) -> datetime:
    """The same instant as a row gives it back after a restart, so that outputs are the same bytes either way."""
    return from_ms(to_ms(instant))
