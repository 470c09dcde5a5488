"""INFO-03: an item has no promise, or promises more time than the law gives."""

from collections.abc import Sequence

from streams.registry.registry import HallRegistry
from streams.rule import CaseSubject, Example, Message, Rule, Verdict


def check(subject: CaseSubject, registry: HallRegistry, _at_ms: int) -> Sequence[Verdict]:
    """True of an accepted case with a statutory limit whose promise is missing, or longer in the same unit.

    Limits in different units are not compared. Private networks may keep their promises to themselves.
    """
    if subject.accepted_ms is None or subject.case_class == "instant":
        return ()
    item, org = registry.item(subject.item), registry.org(subject.org)
    if item is None or item.statutory is None or (org is not None and org.private_network):
        return ()
    promise, statutory = item.promise, item.statutory
    if promise is not None:
        longer = promise.unit == statutory.unit and promise.amount > statutory.amount
        return (Verdict("notice"),) if longer else ()
    return () if subject.clock("promise") is not None else (Verdict("notice"),)


RULE = Rule(
    id="INFO-03",
    title_zh="承诺时限缺失或超过法定时限",
    title_en="Promise missing or over the statutory limit",
    dimension="completeness",
    anomaly="content",
    level="notice",
    basis="PL-21; clocks.md 6",
    phase="guide",
    kinds=frozenset({"accepted", "applied"}),
    check=check,
    messages={
        "notice": Message(
            "办件 {case}：事项“{item}”未设承诺时限，或承诺时限长于法定时限，请更正事项台账。",
            "Case {case}: the item '{item}' has no promise, or one longer than its statutory limit. "
            "Correct the register.",
        ),
    },
    examples=(
        Example(
            name="a statutory limit alone",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},),
            until="2018-10-15T12:00:00+08:00",
            found=(("notice", "2018-10-15T10:00:00+08:00"),),
            promise_days=None,
        ),
        Example(
            name="a promise longer than the law allows",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},),
            until="2018-10-15T12:00:00+08:00",
            found=(("notice", "2018-10-15T10:00:00+08:00"),),
            promise_days=11,
        ),
        Example(
            name="a promise within the law: silent",
            events=({"kind": "case.accepted", "occurred_at": "2018-10-15T10:00:00+08:00"},),
            until="2018-10-15T12:00:00+08:00",
            found=(),
        ),
    ),
)
