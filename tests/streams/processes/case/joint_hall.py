"""A hall with joint cases: several cases of one process, with their signals brought to each other."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import msgspec

from streams.contracts.case_event import CaseEvent
from streams.contracts.clock import ClockName
from streams.contracts.finding import Finding
from streams.contracts.instants import to_ms
from streams.contracts.topics import CASE_SIGNALS
from streams.engine.process import Output
from streams.processes.case.case_state import CaseState
from streams.processes.case.fold import CaseFold
from streams.processes.case.process import CaseProcess
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import Item, Org
from tests.streams.processes.case.cases import RULES, event, hall, limit, ms, text

LEAD, PART, OTHER = "hall/lead", "hall/part", "hall/other"


def joint_hall(
    promise: int | None = 20, part_promise: int | None = 5, other_promise: int | None = 8, **fields: Any
) -> HallRegistry:
    """A lead with an item of its own and two co-units; all limits in working days."""
    lead = hall(promise, None, **{"case_class": "joint"} | fields)
    parts = [("water", part_promise), ("fire", other_promise)]
    return replace(
        lead,
        orgs=(*lead.orgs, *(Org(code=code, name_zh=code) for code, _ in parts)),
        items=(
            *lead.items,
            *(
                Item(code=code, name_zh=code, org=code, promise=limit(days) if days is not None else None)
                for code, days in parts
            ),
        ),
    )


def told(kind: str, when: str, case_no: str = LEAD, **fields: Any) -> CaseEvent:
    """An event of one of the cases, with org and item of its own."""
    own = {LEAD: ("org", "licence"), PART: ("water", "water"), OTHER: ("fire", "fire")}.get(case_no, ("", ""))
    event_id = f"{kind}@{when}#{case_no}"
    return event(kind, when, **{"case_no": case_no, "org": own[0], "item": own[1], "event_id": event_id} | fields)


def handed_over(when: str, part: str = PART, **fields: Any) -> CaseEvent:
    return told("Linked", when, part, **{"other_case_no": LEAD, "role": "parent"} | fields)


class JointDesk:
    """The process on several cases; signals are delivered at once, each as often as `copies` says."""

    def __init__(self, registry: HallRegistry | None = None, copies: int = 1) -> None:
        self.registries = {"1": Registry("1", {"hall": registry or joint_hall()})}
        self.process = CaseProcess(self.registries, RULES, "1")
        self.states: dict[str, CaseState] = {}
        self.outputs: list[Output] = []
        self.signals: list[Any] = []
        self.copies = copies

    def take(self, *events: CaseEvent, now: str = "") -> None:
        """Events arrive, each when it happens unless `now` says otherwise; wakes of every case fire first."""
        for one in events:
            now_ms = ms(now) if now else to_ms(one.occurred_at)
            self.wait_ms(now_ms)
            self._call(one.case_no, one, now_ms)

    def wait(self, until: str) -> None:
        self.wait_ms(ms(until))

    def wait_ms(self, until_ms: int) -> None:
        while True:
            wakes = [(wake, case_no) for case_no, state in self.states.items() if (wake := self._wake(state))]
            if not wakes or min(wakes)[0] > until_ms:
                return
            wake, case_no = min(wakes)
            self._keep(case_no, self.process.on_time(self.states[case_no], wake), wake)

    def _wake(self, state: CaseState) -> int | None:
        return self.process.wake_at(state)

    def _call(self, case_no: str, one: Any, now_ms: int) -> None:
        state = self.states.setdefault(case_no, self.process.start(case_no))
        self._keep(case_no, self.process.on_event(state, one, now_ms), now_ms)

    def _keep(self, case_no: str, outputs: Iterable[Output], now_ms: int) -> None:
        made = list(outputs)
        self.outputs += made
        raw = msgspec.msgpack.encode(self.states[case_no])
        self.states[case_no] = msgspec.msgpack.decode(raw, type=CaseState)
        for output in made:
            if output.topic is CASE_SIGNALS:
                self.signals.append(output.body)
                for _ in range(self.copies):
                    self._call(output.key, output.body, now_ms)

    def fold(self, case_no: str = LEAD) -> CaseFold:
        return self.states[case_no].fold

    def due(self, name: ClockName, case_no: str = LEAD) -> str:
        clock = self.fold(case_no).clock(name)
        assert clock is not None, f"{case_no} has no {name} clock"
        return text(clock.due_ms)

    def state(self, name: ClockName, case_no: str = LEAD) -> str:
        clock = self.fold(case_no).clock(name)
        assert clock is not None, f"{case_no} has no {name} clock"
        return clock.state()

    def said(self, case_no: str = LEAD) -> list[str]:
        """What the findings of a case were published as, in order."""
        bodies = [output.body for output in self.outputs]
        return [
            f"{body.rule} {body.change} {body.level}{'' if body.tell else ' (not told)'}"
            for body in bodies
            if isinstance(body, Finding) and body.subject == case_no
        ]
