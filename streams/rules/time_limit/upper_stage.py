"""TIME-20: the upper unit does not decide in time on a case that was passed up; its own affair, and not scored here."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("upper_stage")

_PASSED_UP = (
    {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00", "case_class": "reported"},
    {"kind": "case.passed_up", "occurred_at": "2018-10-16T10:00:00+08:00", "upper_unit": "省级主管部门"},
)

RULE = Rule(
    id="TIME-20",
    title_zh="上级办理超时",
    title_en="Upper unit late",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="PL-23; clocks.md 3",
    kinds=CLOCK_KINDS,
    clock="upper_stage",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "上报件 {case}（{item}）上级办理时限 {limit} 即将到期，应于 {due} 前作出决定。",
            "Case {case} ({item}) was passed up: the upper unit's limit of {limit} is nearly used; due by {due}.",
        ),
        "yellow": Message(
            "上报件 {case}（{item}）上级办理已超过时限 {limit}，应于 {due} 前作出决定，已超期 {over}。",
            "Case {case} ({item}) was passed up: the upper unit is over its {limit}; due by {due}, {over} late.",
        ),
    },
    examples=(
        Example(
            name="never decided by the upper unit",
            events=_PASSED_UP,
            until="2018-10-26T00:00:00+08:00",
            found=(("warn", "2018-10-19T08:30:00+08:00"), ("yellow", "2018-10-23T18:00:00.001+08:00")),
            upper_days=5,
        ),
        Example(
            name="decided in time: silent",
            events=(*_PASSED_UP, {"kind": "case.upper_decided", "occurred_at": "2018-10-18T10:00:00+08:00"}),
            until="2018-10-26T00:00:00+08:00",
            found=(),
            upper_days=5,
        ),
    ),
)
