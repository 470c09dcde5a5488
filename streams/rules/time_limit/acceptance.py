"""TIME-05: nobody accepted, refused or asked for a correction within five working days of receipt."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("acceptance")

RULE = Rule(
    id="TIME-05",
    title_zh="受理超时",
    title_en="No decision on acceptance",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="行政许可法 32",
    phase="receipt",
    kinds=CLOCK_KINDS,
    clock="acceptance",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "办件 {case}（{item}）收件后尚未作出受理决定，应于 {due} 前受理、不予受理或一次性告知补正。",
            "Case {case} ({item}) still waits for a decision on acceptance; it is due by {due}.",
        ),
        "yellow": Message(
            "办件 {case}（{item}）未在 {due} 前作出受理决定，已超期 {over}{deemed}。",
            "Case {case} ({item}): no decision on acceptance by {due}, {over} late{deemed}.",
        ),
    },
    examples=(
        Example(
            name="received before the autumn holidays and left lying",
            events=({"kind": "case.applied", "occurred_at": "2026-09-24T10:00:00+08:00"},),
            until="2026-10-12T00:00:00+08:00",
            found=(("warn", "2026-09-30T08:30:00+08:00"), ("yellow", "2026-10-09T18:00:00.001+08:00")),
        ),
        Example(
            name="told what is missing in time: silent, and running anew from the supplement",
            events=(
                {"kind": "case.applied", "occurred_at": "2026-03-02T10:00:00+08:00"},
                {"kind": "case.correction_notified", "occurred_at": "2026-03-04T10:00:00+08:00"},
                {"kind": "case.correction_completed", "occurred_at": "2026-03-20T10:00:00+08:00"},
            ),
            until="2026-03-26T00:00:00+08:00",
            found=(("warn", "2026-03-25T08:30:00+08:00"),),
        ),
    ),
)
