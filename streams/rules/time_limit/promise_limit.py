"""TIME-01: the promised limit comes near or is over."""

from collections.abc import Sequence

from streams.contracts.finding import LEVELS
from streams.registry.registry import HallRegistry
from streams.rule import CaseSubject, Example, Message, Rule, Verdict


def check(subject: CaseSubject, _registry: HallRegistry, at_ms: int) -> Sequence[Verdict]:
    """The card of the promise clock that holds at an instant; the policy's ladder has dealt the cards."""
    clock = subject.clock("promise")
    held = clock.level_at(at_ms) if clock is not None else None
    if clock is None or held is None:
        return ()
    return (Verdict(LEVELS[held[1]], "promise", subject.epoch, 1, clock.due_ms, clock.start_event, clock.provisional),)


def next_change(subject: CaseSubject, _registry: HallRegistry, at_ms: int) -> int | None:
    """The promise clock's next card."""
    clock = subject.clock("promise")
    return clock.next_card(at_ms) if clock is not None else None


RULE = Rule(
    id="TIME-01",
    title_zh="承诺时限",
    title_en="Promised limit",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="PL-21; clocks.md 6",
    ladder="handling",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "办件 {case}（{item}）承诺时限 {limit} 即将到期，应于 {due} 前办结。",
            "Case {case} ({item}): the promised limit of {limit} is nearly used; it is due by {due}.",
        ),
        "yellow": Message(
            "办件 {case}（{item}）已超过承诺时限 {limit}，应于 {due} 前办结，已超期 {over}。",
            "Case {case} ({item}) is over its promised limit of {limit}; it was due by {due}, {over} late.",
        ),
        "red": Message(
            "办件 {case}（{item}）已超过承诺时限 {limit}，应于 {due} 前办结，已超期 {over}，请立即督办。",
            "Case {case} ({item}) is over its promised limit of {limit}; it was due by {due}, {over} late: act now.",
        ),
    },
    examples=(
        Example(
            name="warned two working days before, yellow from the evening of the due day",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-25T09:00:00+08:00"},
            ),
            until="2018-11-01T00:00:00+08:00",
            found=(("warn", "2018-10-22T08:30:00+08:00"), ("yellow", "2018-10-24T18:00:00.001+08:00")),
        ),
        Example(
            name="finished in time and before the warning: silent",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
                {"kind": "case.finished", "occurred_at": "2018-10-19T17:00:00+08:00"},
            ),
            until="2018-11-01T00:00:00+08:00",
            found=(),
        ),
    ),
)
