"""Card ladders as data: which level a clock reaches when (clocks.md 6), and the dealing of cards onto clocks.

A case's promise and statutory clock share one ladder; every other clock has one of its own.
"""

from typing import Literal, NamedTuple

from streams.calendar.calendar import Calendar
from streams.contracts.clock import ClockName
from streams.contracts.finding import LEVELS, Level
from streams.limits.clock_run import ClockRun
from streams.limits.reckoning import near_ms, share_ms
from streams.registry.snapshot import Policy

Anchor = Literal["near", "two_before", "ratio90", "over", "day_over", "urged"]
"""Near the due instant; two days before it; 90 % used; over it; a day over it; over the date of an urging."""


class Rung(NamedTuple):
    """A level and what raises it. `clock` is the limit that is meant where both are there."""

    level: Level
    clock: Literal["promise", "statutory"]
    anchor: Anchor


LADDERS: dict[str, tuple[Rung, ...]] = {
    "two_limit": (
        Rung("warn", "promise", "near"),
        Rung("yellow", "promise", "over"),
        Rung("red", "statutory", "over"),
    ),
    "near_due": (Rung("yellow", "promise", "near"), Rung("red", "promise", "over")),
    "ratio90": (Rung("yellow", "promise", "ratio90"), Rung("red", "promise", "over")),
    "urge_deadline": (Rung("yellow", "promise", "over"), Rung("red", "promise", "urged")),
}
"""The ladders a policy can name."""

STATUTORY_ALONE = (Rung("warn", "statutory", "near"), Rung("red", "statutory", "over"))
"""*two_limit* without a promise, or with one that is not shorter than the statutory limit."""

OWN_LADDERS: dict[ClockName, tuple[tuple[Level, Anchor], ...]] = {
    "acceptance": (("warn", "near"), ("yellow", "over")),
    "first_review": (("warn", "near"), ("yellow", "over")),
    "delivery": (("warn", "near"), ("yellow", "over")),
    "special_procedure": (("warn", "two_before"), ("yellow", "over"), ("red", "day_over")),
    "upper_stage": (("warn", "near"), ("yellow", "over")),
    "joint_parent": (("warn", "near"), ("yellow", "over")),
    "joint_child": (("warn", "near"), ("yellow", "over")),
    "instant": (("yellow", "over"),),
    "step": (("warn", "near"), ("yellow", "over")),
}
"""The ladders of clocks that have one of their own (clocks.md 3 and 6)."""


def deal(
    calendar: Calendar,
    policy: Policy,
    promise: ClockRun | None,
    statutory: ClockRun | None,
    urged_ms: int | None = None,
) -> None:
    """Give the case clocks the cards of the policy's ladder; their due instants must be known."""
    for clock in (promise, statutory):
        if clock is not None:
            clock.cards = ()
    for rung in _rungs(policy, promise, statutory):
        clock = statutory if rung.clock == "statutory" or promise is None else promise
        if clock is None:
            continue
        at_ms = _card_ms(calendar, clock, rung.anchor, urged_ms)
        halted = clock.halted_ms()
        if at_ms is not None and (halted is None or at_ms <= halted):
            clock.cards += ((at_ms, LEVELS.index(rung.level)),)
    for clock in (promise, statutory):
        if clock is not None:
            clock.cards = tuple(sorted(clock.cards))


def _rungs(policy: Policy, promise: ClockRun | None, statutory: ClockRun | None) -> tuple[Rung, ...]:
    if policy.ladder != "two_limit" or statutory is None:
        return LADDERS[policy.ladder]
    if promise is None or promise.due_ms >= statutory.due_ms:
        return STATUTORY_ALONE
    return LADDERS["two_limit"]


def _card_ms(calendar: Calendar, clock: ClockRun, anchor: Anchor, urged_ms: int | None) -> int | None:
    if anchor == "over":
        return clock.due_ms + 1
    due_day = calendar.day_of(clock.due_ms)
    if anchor == "day_over":
        return calendar.closing_of(calendar.nth_working(due_day, 1)) + 1
    if anchor == "two_before" and clock.total() > 2:
        return max(clock.started_ms, calendar.opening_of(calendar.working_day_before(due_day, 2)))
    if anchor == "near" and clock.total() == 0:
        return None  # told to be done on the day of acceptance: there is nothing to come near to
    if anchor in ("near", "two_before"):
        # A limit so short that its warning would lie before its start warns from the start.
        return max(clock.started_ms, min(near_ms(calendar, clock), clock.due_ms))
    if anchor == "ratio90":
        return max(clock.started_ms, min(share_ms(calendar, clock, 90), clock.due_ms))
    return None if urged_ms is None else max(urged_ms, clock.due_ms) + 1


def deal_own(calendar: Calendar, clock: ClockRun) -> None:
    """Give a clock the cards of its own ladder; its due instant must be known."""
    clock.cards = ()
    halted = clock.halted_ms()
    for level, anchor in OWN_LADDERS[clock.name]:
        at_ms = _card_ms(calendar, clock, anchor, None)
        if at_ms is not None and (halted is None or at_ms <= halted):
            clock.cards += ((at_ms, LEVELS.index(level)),)
