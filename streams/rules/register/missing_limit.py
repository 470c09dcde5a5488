"""REG-01: a case for which no limit is known: no clock runs, and it stands outside the on-time figures."""

from collections.abc import Sequence

from streams.registry.registry import HallRegistry
from streams.rule import CaseSubject, Example, Message, Rule, Verdict


def check(subject: CaseSubject, _registry: HallRegistry, _at_ms: int) -> Sequence[Verdict]:
    """True as soon as the case is accepted without promise, statutory limit or told date.

    Where the calendar does not know the day, that is the reason, and REG-02 tells it.
    """
    if not subject.no_limit or any(remark.code == "outside_calendar" for remark in subject.remarks):
        return ()
    return (Verdict("notice"),)


RULE = Rule(
    id="REG-01",
    title_zh="无时限",
    title_en="No limit",
    dimension="completeness",
    anomaly="content",
    level="notice",
    basis="clocks.md 5",
    phase="guide",
    kinds=frozenset({"accepted", "applied", "correction_notified", "suspended"}),
    check=check,
    messages={
        "notice": Message(
            "办件 {case}（{item}）既无承诺时限、法定时限，也无告知日期，不计时，请补充事项台账。",
            "Case {case} ({item}) has no promise, no statutory limit and no told date: no clock runs. "
            "Complete the register.",
        ),
    },
    examples=(
        Example(
            name="an item without limits",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},),
            until="2018-10-16T00:00:00+08:00",
            found=(("notice", "2018-10-15T10:00:00+08:00"),),
            promise_days=None,
            statutory_days=None,
        ),
        Example(
            name="a day that no calendar knows, of an item with limits: silent",
            events=({"kind": "case.accepted", "occurred_at": "1999-05-03T10:00:00+08:00"},),
            until="1999-05-04T00:00:00+08:00",
            found=(),
        ),
        Example(
            name="the date told to the applicant is a limit: silent",
            events=(
                {
                    "kind": "case.accepted",
                    "occurred_at": "2018-10-15T10:00:00+08:00",
                    "told_due_at": "2018-10-24T18:00:00+08:00",
                },
            ),
            until="2018-10-16T00:00:00+08:00",
            found=(),
            promise_days=None,
            statutory_days=None,
        ),
    ),
)
