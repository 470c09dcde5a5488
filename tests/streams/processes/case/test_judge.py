from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contracts.case_event import CaseEvent
from streams.contracts.instants import from_ms, to_ms
from streams.processes.case.essence import essence_of
from streams.processes.case.explain import explain
from streams.processes.case.facts import clock_fact, finding_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.judge import judge, keep, walked
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.walk import advance, apply
from streams.registry.registry import Registry
from tests.streams.processes.case.cases import CASE, RULES, event, found, hall, judged, limit, ms, policy

KNOWLEDGE = [
    Knowledge(registry, RULES)
    for registry in (
        hall(),
        hall(limit(5, "office_days"), limit(9, "office_days")),
        hall(limit(6, "calendar_days"), limit(2, "calendar_months")),
        hall(limit(900, "office_minutes"), limit(100, "clock_hours"), policy(correction="pause")),
        hall(3, 20, policy(statutory_correction="reset", end_of_day="midnight")),
        hall(None, 6, policy(ladder="ratio90")),
        hall(case_class="instant"),
    )
]
UNTIL = ms("2026-06-01 00:00")

kinds = st.sampled_from(
    ["CorrectionNotified", "CorrectionCompleted", "Suspended", "Resumed", "Extended", "StepStarted", "Finished"]
)


@st.composite
def stories(draw: st.DrawFn) -> list[CaseEvent]:
    """A case with random mechanisms; many stamps are equal, and some of a day only."""
    drawn = draw(st.lists(st.tuples(kinds, st.integers(0, 30 * 24), st.booleans()), max_size=8))
    events = [event("Accepted", "2026-02-09 10:00", event_id="0")]
    for number, (kind, hours, again) in enumerate(drawn, 1):
        fields: dict[str, object] = {"event_id": str(number), "data_version": int(again)}
        if kind == "Extended":
            fields |= {"days": hours % 13, "approver": "局长"}
        if kind == "Suspended":
            fields |= {"announced_days": hours % 6, "special_id": str(hours % 3)}
        if kind == "StepStarted":
            fields["step"] = "审核"
        when = from_ms(ms("2026-02-09 09:00")) + timedelta(hours=hours - hours % 4)
        events.append(event(kind, "2026-02-09 09:00", occurred_at=when, **fields))
    return events


def shape(fold: CaseFold) -> bytes:
    return msgspec.msgpack.encode(fold)


@given(stories(), st.sampled_from(KNOWLEDGE), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_any_order_and_any_repetition_of_the_events_gives_the_same_judgement(
    events: list[CaseEvent], knowledge: Knowledge, random: "object"
) -> None:
    shuffled = events * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    straight = judge(CASE, events, knowledge, UNTIL).state
    assert shape(judge(CASE, shuffled, knowledge, UNTIL).state) == shape(straight)


@given(stories(), st.sampled_from(KNOWLEDGE), st.lists(st.integers(0, 60 * 24), max_size=6))
@settings(max_examples=150, deadline=None)
def test_judging_step_by_step_is_the_full_walk(
    events: list[CaseEvent], knowledge: Knowledge, pauses: Sequence[int]
) -> None:
    tail = sorted(map(essence_of, events), key=lambda essence: essence.order())
    stops = sorted(ms("2026-02-09 09:00") + hours * 3_600_000 for hours in pauses)
    fold = CaseFold(CASE)
    for essence in tail:
        for stop in stops:
            if fold.at_ms < stop < essence.at_ms:
                advance(fold, stop, knowledge)
        fold = msgspec.msgpack.decode(msgspec.msgpack.encode(fold), type=CaseFold)
        apply(fold, essence, knowledge)
        assert shape(fold) == shape(walked(CASE, tail[: fold.events], knowledge, fold.at_ms))
    advance(fold, UNTIL, knowledge)
    assert shape(fold) == shape(walked(CASE, tail, knowledge, UNTIL))


@given(stories(), st.sampled_from(KNOWLEDGE))
@settings(max_examples=100, deadline=None)
def test_stretches_of_a_finding_follow_each_other_and_never_overlap(
    events: list[CaseEvent], knowledge: Knowledge
) -> None:
    for finding in judge(CASE, events, knowledge, UNTIL).findings:
        for earlier, later in pairwise(finding.spans):
            assert earlier.ended_ms is not None
            assert earlier.raised_ms <= earlier.ended_ms <= later.raised_ms


WILD = st.sampled_from(
    ["1948-05-01 10:00", "1994-12-31 23:59", "2026-03-02 10:00", "2049-12-31 23:59", "2099-01-01 00:00"]
)
NUMBERS = st.sampled_from([None, -5, 0, 1, 40, 100_000])


@st.composite
def wild_stories(draw: st.DrawFn) -> list[CaseEvent]:
    """Stamps decades off, ends before beginnings, amounts that make no sense."""
    events = []
    every = ["Applied", "Accepted", "Refused", "PassedUp", "Urged", "Withdrawn", "ResultReady"]
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.one_of(kinds, st.sampled_from(every)))
        fields: dict[str, object] = {"event_id": str(number), "date_only": draw(st.booleans())}
        if kind in ("Suspended", "Extended"):
            fields["announced_days" if kind == "Suspended" else "days"] = draw(NUMBERS)
        if kind == "Extended":
            fields["approver"] = draw(st.sampled_from(["", "局长"]))
        if kind == "StepStarted":
            fields["step"] = ""
        if kind in ("Accepted", "Urged"):
            fields["until_at" if kind == "Urged" else "told_due_at"] = draw(WILD)
        if kind == "Finished":
            fields |= {"decided_at": draw(WILD), "result": "granted", "document": True}
        events.append(event(kind, draw(WILD), **fields))
    return events


@given(wild_stories(), st.sampled_from(KNOWLEDGE), WILD)
@settings(max_examples=200, deadline=None)
def test_no_story_however_wild_breaks_a_judgement_or_its_explanation(
    events: list[CaseEvent], knowledge: Knowledge, until: str
) -> None:
    fold = judge(CASE, events, knowledge, ms(until)).state
    for clock in fold.clocks:
        fact = clock_fact(fold, clock, knowledge, "feed")
        assert sum(line.amount for line in fact.ledger if line.counted) == fact.used
    for finding in fold.findings:
        finding_fact(fold, finding, knowledge, "feed", change="opened", version="")
    explain(CASE, events, Registry("1", {"hall": knowledge.hall}), ms(until), rules=RULES)


def test_of_two_forms_of_an_event_the_higher_source_version_wins_in_either_order() -> None:
    old = event("Accepted", "2026-03-02 10:00", event_id="a", data_version=1)
    new = event("Accepted", "2026-03-03 10:00", event_id="a", data_version=2)
    for order in ([old, new], [new, old]):
        fold = judged(order, "2026-03-04 00:00")
        assert fold.accepted_ms == ms("2026-03-03 10:00")
        assert fold.events == 1


def test_of_two_forms_with_one_version_the_same_one_wins_in_either_order() -> None:
    one = event("Accepted", "2026-03-02 10:00", event_id="a")
    other = event("Accepted", "2026-03-03 10:00", event_id="a")
    assert shape(judged([one, other], "2026-03-04 00:00")) == shape(judged([other, one], "2026-03-04 00:00"))


def test_events_later_than_until_wait() -> None:
    events = [event("Accepted", "2026-03-02 10:00"), event("Finished", "2026-03-04 10:00")]
    assert judged(events, "2026-03-03 00:00").finished_ms is None
    assert judged(events, "2026-03-05 00:00").finished_ms == ms("2026-03-04 10:00")


def test_equal_stamps_are_ordered_by_the_rank_of_their_kinds() -> None:
    when = "2026-03-02 10:00"
    kinds = ["Finished", "StepEnded", "StepStarted", "Resumed", "Suspended", "Extended", "Accepted", "Applied"]
    steps = {"StepEnded", "StepStarted"}
    events = [event(kind, when, **({"step": "s"} if kind in steps else {})) for kind in kinds]
    tail: list[object] = []
    for one in events:
        keep(tail, essence_of(one))  # type: ignore[arg-type]
    ranked = [essence.kind for essence in tail]  # type: ignore[attr-defined]
    assert ranked == [essence_of(one).kind for one in reversed(events)]


def test_a_card_that_falls_on_the_instant_of_an_event_comes_before_it() -> None:
    finish = event("Finished", "2018-10-22 08:30")
    fold = judged([event("Accepted", "2018-10-15 10:00"), finish], "2018-11-01 00:00")
    assert found(fold) == [("warn", "10-22 08:30")]
    assert fold.findings[0].spans[0].ended_ms == to_ms(finish.occurred_at)
