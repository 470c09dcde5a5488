"""How the process holds a case, made anew from what came: the one way from stored events to a state.

Explanations and previews begin here. The process itself takes in every event at the instant of its arrival, by the
registry version that was in force, its wakes fired as far as its feed was known to be complete, so that the state also
knows what events alone do not tell: since when a card counts as raised, and which withdrawals wait for a supervisor.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from streams.contracts.case_event import CaseEvent
from streams.contracts.case_signal import CaseSignal
from streams.contracts.errors import UnreadableError
from streams.contracts.instants import to_ms
from streams.processes.case.case_state import CaseState
from streams.processes.case.process import CaseProcess
from streams.processes.case.settings import CaseSettings
from streams.registry.registry import Registry
from streams.rule import Rule


class Past(Protocol):
    """What was known when. `versions`: every registry version with when it came into force (epoch ms), oldest first."""

    versions: list[tuple[int, str]]

    def version_at(self, instant_ms: int) -> str:
        """The registry version in force at an instant; empty before the first."""

    def horizons_at(self, instant_ms: int) -> Mapping[str, int]:
        """Up to when each feed was known to be complete at an instant; a feed that no mark had named is absent."""


_WHOLE = CaseSettings(retain_closed_days=1_000_000)
"""A case is made anew whole, also where the process keeps a stub of it."""


class Rebuilding:
    """Makes the states of cases anew; the processes of all registry versions are kept from case to case."""

    def __init__(self, registries: Mapping[str, Registry], rules: Mapping[str, Rule], past: Past) -> None:
        """`registries` holds every version that the past names."""
        self._past = past
        self._process = CaseProcess(registries, rules, "", _WHOLE)
        self._processes: dict[str, CaseProcess] = {}

    def state(self, case_no: str, events: Sequence[CaseEvent | CaseSignal], now_ms: int) -> CaseState:
        """A case's state at `now_ms`, from all that had come by then; events in order of arrival.

        What the process refuses is left out, as it was then.
        """
        state = self._process.start(case_no)
        process = self._process
        for at_ms, step in self._steps(events, now_ms):
            self._wake(process, state, at_ms)
            with suppress(UnreadableError):
                if isinstance(step, str):
                    process = self._at(step)
                    process.on_registry(state, at_ms)
                else:
                    _fire(process, state, min(process.occurred_ms(step), at_ms))
                    process.on_event(state, step, at_ms)
        self._wake(process, state, now_ms)
        return state

    def _steps(
        self, events: Sequence[CaseEvent | CaseSignal], now_ms: int
    ) -> list[tuple[int, str | CaseEvent | CaseSignal]]:
        """Registry versions and events in the order in which they came, at equal instants versions first."""
        steps: list[tuple[int, str | CaseEvent | CaseSignal]] = [*self._past.versions]
        steps += [(to_ms(event.arrived_at or event.occurred_at), event) for event in events]
        steps.sort(key=lambda step: step[0])
        return [step for step in steps if step[0] <= now_ms]

    def _wake(self, process: CaseProcess, state: CaseState, now_ms: int) -> None:
        """Fire the wakes up to where the case's feed was known to be complete at an instant."""
        if process.wake_at(state) is not None:
            _fire(process, state, self._past.horizons_at(now_ms).get(state.feed, 0))

    def _at(self, version: str) -> CaseProcess:
        if version not in self._processes:
            self._processes[version] = self._process.at(version)
        return self._processes[version]


def _fire(process: CaseProcess, state: CaseState, until_ms: int) -> None:
    while (wake_ms := process.wake_at(state)) is not None and wake_ms <= until_ms:
        process.on_time(state, wake_ms)
