"""TIME-07: a case that a higher authority decides (上报件) is not passed up in time."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("first_review")

RULE = Rule(
    id="TIME-07",
    title_zh="上报件初审超时",
    title_en="First review late",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="PL-23; 行政许可法 43",
    kinds=CLOCK_KINDS,
    clock="first_review",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "上报件 {case}（{item}）初审时限 {limit} 即将到期，应于 {due} 前上报。",
            "Case {case} ({item}): the first review is to be passed up by {due}.",
        ),
        "yellow": Message(
            "上报件 {case}（{item}）初审已超过时限 {limit}，应于 {due} 前上报，已超期 {over}。",
            "Case {case} ({item}): the first review should have been passed up by {due}; it is {over} late.",
        ),
    },
    examples=(
        Example(
            name="never passed up",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00", "case_class": "reported"},),
            until="2018-11-20T00:00:00+08:00",
            found=(("warn", "2018-11-08T08:30:00+08:00"), ("yellow", "2018-11-12T18:00:00.001+08:00")),
        ),
        Example(
            name="passed up on the due day: silent after the warning",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00", "case_class": "reported"},
                {"kind": "case.passed_up", "occurred_at": "2018-11-12T18:00:00+08:00"},
            ),
            until="2018-11-20T00:00:00+08:00",
            found=(("warn", "2018-11-08T08:30:00+08:00"),),
        ),
    ),
)
