"""TIME-03: a step of the process takes longer than its own limit."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("step")

_BEGUN = (
    {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
    {"kind": "case.step_started", "occurred_at": "2018-10-15T10:00:00+08:00", "step": "审查"},
)

RULE = Rule(
    id="TIME-03",
    title_zh="环节超时",
    title_en="Step over its limit",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="PL-29; clocks.md 9",
    kinds=CLOCK_KINDS | {"step_started", "step_ended"},
    clock="step",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "办件 {case}（{item}）的环节“{step}”时限 {limit} 即将到期，应于 {due} 前完成。",
            "Case {case} ({item}): the step '{step}' is to be done by {due}; its limit of {limit} is nearly used.",
        ),
        "yellow": Message(
            "办件 {case}（{item}）的环节“{step}”已超过时限 {limit}，应于 {due} 前完成，已超期 {over}。",
            "Case {case} ({item}): the step '{step}' is over its limit of {limit}; due by {due}, {over} late.",
        ),
    },
    examples=(
        Example(
            name="a review of two days that is never ended",
            events=_BEGUN,
            until="2018-10-19T00:00:00+08:00",
            found=(("warn", "2018-10-17T08:30:00+08:00"), ("yellow", "2018-10-17T18:00:00.001+08:00")),
            steps={"审查": 2},
        ),
        Example(
            name="ended on the first day: silent",
            events=(
                *_BEGUN,
                {"kind": "case.step_ended", "occurred_at": "2018-10-16T17:00:00+08:00", "step": "审查"},
            ),
            until="2018-10-19T00:00:00+08:00",
            found=(),
            steps={"审查": 2},
        ),
    ),
)
