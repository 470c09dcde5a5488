"""The calls that a shard makes on a process, in one form, so that they can be made once more to repair a state."""

from collections.abc import Iterable
from typing import Any

from streams.engine.process import AnyProcess, Output


def call_event(process: AnyProcess, state: Any, event: Any, now_ms: int) -> Iterable[Output]:
    """An event arrived."""
    return process.on_event(state, event, now_ms)


def call_time(process: AnyProcess, state: Any, _: None, now_ms: int) -> Iterable[Output]:
    """A wake is due."""
    return process.on_time(state, now_ms)


def call_registry(process: AnyProcess, state: Any, _: None, now_ms: int) -> Iterable[Output]:
    """The registry version is another one."""
    return process.on_registry(state, now_ms)
