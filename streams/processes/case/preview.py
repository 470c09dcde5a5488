"""What another registry would make of a case: the same re-planning that putting it in force would do, on a copy.

The outputs are those of the process itself, so a preview shows what would be published, told or not.
"""

from collections.abc import Mapping

import msgspec

from streams.contracts.clock import ClockName
from streams.contracts.finding import Finding
from streams.limits.clock_run import ClockRun
from streams.processes.case.case_state import CaseState
from streams.processes.case.process import CaseProcess
from streams.registry.registry import Registry
from streams.rule import Rule


class MovedClock(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An open clock whose due or whose confirmation would change. Instants are epoch milliseconds."""

    clock: ClockName
    epoch: int
    run: int
    old_due_ms: int
    new_due_ms: int
    old_provisional: bool
    new_provisional: bool
    step: str = ""


class CasePreview(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What would change in one case; findings as they would be published, with their change and whether told."""

    case_no: str
    clocks: tuple[MovedClock, ...]
    findings: tuple[Finding, ...]


def preview(
    state: CaseState, registries: Mapping[str, Registry], rules: Mapping[str, Rule], version: str, now_ms: int
) -> CasePreview | None:
    """What registry `version` would change in a case if it came into force now; None where nothing would.

    `state` is a copy, and changed. `registries` holds the version and those that the case is bound to and judged by.
    """
    before = {_key(clock): (clock.due_ms, clock.provisional) for clock in state.fold.clocks if clock.is_open()}
    outputs = CaseProcess(registries, rules, version).on_registry(state, now_ms)
    findings = tuple(output.body for output in outputs if isinstance(output.body, Finding))
    after = {_key(clock): (clock.due_ms, clock.provisional) for clock in state.fold.clocks}
    moved = tuple(_moved(key, old, after[key]) for key, old in before.items() if key in after and after[key] != old)
    return CasePreview(case_no=state.fold.case_no, clocks=moved, findings=findings) if moved or findings else None


_Key = tuple[ClockName, int, int, str]


def _key(clock: ClockRun) -> _Key:
    return clock.name, clock.epoch, clock.run, clock.step


def _moved(key: _Key, old: tuple[int, bool], new: tuple[int, bool]) -> MovedClock:
    name, epoch, run, step = key
    return MovedClock(
        clock=name,
        epoch=epoch,
        run=run,
        step=step,
        old_due_ms=old[0],
        new_due_ms=new[0],
        old_provisional=old[1],
        new_provisional=new[1],
    )
