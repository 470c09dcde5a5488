"""TIME-04: an instant case (即办件) is not finished in the same visit or day."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("instant")

RULE = Rule(
    id="TIME-04",
    title_zh="即办件未即时办结",
    title_en="Instant case not finished at once",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="PL-20",
    check=check,
    next_change=next_change,
    kinds=CLOCK_KINDS,
    clock="instant",
    messages={
        "yellow": Message(
            "即办件 {case}（{item}）应于 {due} 前当场办结，已超期 {over}。",
            "Instant case {case} ({item}) should have been finished by {due}; it is {over} late.",
        ),
    },
    examples=(
        Example(
            name="still open after the last closing of the day",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00", "case_class": "instant"},),
            until="2018-10-16T09:00:00+08:00",
            found=(("yellow", "2018-10-15T18:00:00.001+08:00"),),
        ),
        Example(
            name="accepted after closing and finished at the end of the next opening day",
            events=(
                {"kind": "case.accepted", "occurred_at": "2018-10-19T19:00:00+08:00", "case_class": "instant"},
                {"kind": "case.finished", "occurred_at": "2018-10-22T18:00:00+08:00"},
            ),
            until="2018-10-30T09:00:00+08:00",
            found=(),
        ),
    ),
)
