"""TIME-09: a granted document is not handed over, posted, issued or announced as ready in time."""

from streams.rule import CLOCK_KINDS, Example, Message, Rule, cards_of

check, next_change = cards_of("delivery")

_GRANTED = (
    {"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},
    {"kind": "case.finished", "occurred_at": "2018-10-16T10:00:00+08:00", "result": "granted", "document": True},
)

RULE = Rule(
    id="TIME-09",
    title_zh="送达超时",
    title_en="Document not delivered in time",
    dimension="timeliness",
    anomaly="overtime",
    level="yellow",
    basis="行政许可法 44",
    phase="result",
    kinds=CLOCK_KINDS,
    clock="delivery",
    check=check,
    next_change=next_change,
    messages={
        "warn": Message(
            "办件 {case}（{item}）已作出许可决定，应于 {due} 前颁发送达证件。",
            "Case {case} ({item}) was granted; its document is to be delivered by {due}.",
        ),
        "yellow": Message(
            "办件 {case}（{item}）的证件应于 {due} 前颁发送达，已超期 {over}。",
            "Case {case} ({item}): its document should have been delivered by {due}; it is {over} late.",
        ),
    },
    examples=(
        Example(
            name="granted and forgotten",
            events=_GRANTED,
            until="2018-11-10T00:00:00+08:00",
            found=(("warn", "2018-10-26T08:30:00+08:00"), ("yellow", "2018-10-30T18:00:00.001+08:00")),
        ),
        Example(
            name="told that it is ready: silent",
            events=(*_GRANTED, {"kind": "case.result_ready", "occurred_at": "2018-10-17T10:00:00+08:00"}),
            until="2018-11-10T00:00:00+08:00",
            found=(),
        ),
    ),
)
