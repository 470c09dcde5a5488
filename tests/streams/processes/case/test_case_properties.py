"""What holds for every case: random calendars, limits, policies and mechanisms, as the slow oracle draws them."""

import random
from collections.abc import Iterable
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.settings import real_data
from deploy.shipped import hall_folder, mapping_folders
from deploy.wiring import collect_parts
from streams.contracts.case_event import CaseEvent
from streams.contracts.instants import from_ms
from streams.intake.mappings import choose_mapping, load_mappings
from streams.intake.opening import open_file
from streams.processes.case.case_state import CaseState
from streams.processes.case.facts import clock_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.judge import judge
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.process import CaseProcess
from streams.registry.loading import load_hall
from streams.registry.registry import Registry
from streams.source import Rejection
from tests.streams.processes.case.cases import CASE, RULES
from tests.streams.processes.case.slow_book import Happening
from tests.streams.processes.case.test_slow_oracle import Story, events_of, knowledge_of, story

RECEIPT = real_data() / "receipt.xes.gz"
DAY = 86_400_000
seeds = st.integers(0, 10**9)


def shape(fold: CaseFold) -> bytes:
    return msgspec.msgpack.encode(fold)


def judged(case: Story) -> CaseFold:
    return judge(CASE, events_of(case), knowledge_of(case), case.until).state


def played(case: Story, arrivals: Iterable[tuple[int, CaseEvent]]) -> CaseFold:
    """The case process on events in order of arrival; wakes fire between them, rows go through bytes.

    The case's item and policy stand in the version that it is bound to, its calendar in the newest.
    """
    halls = {"1": knowledge_of(case).bound, "2": case.registry}
    process = CaseProcess({version: Registry(version, {"hall": hall}) for version, hall in halls.items()}, RULES, "2")
    state = process.start(CASE)
    state.bound_version = "1"

    def wait(until: int) -> None:
        while (wake := process.wake_at(state)) is not None and wake <= until:
            list(process.on_time(state, wake))

    for now, arrived in arrivals:
        wait(min(now, process.occurred_ms(arrived)))
        list(process.on_event(state, arrived, now))
        state = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=CaseState)
    wait(case.until)
    return state.fold


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_whatever_the_order_of_arrival_the_process_ends_where_the_full_walk_does(seed: int) -> None:
    case, dice = story(seed), random.Random(seed)
    events = events_of(case)
    late = [(case.until, each) for each in dice.sample(events * 2, len(events) * 2)]
    straight, mixed = played(case, [(case.until, each) for each in events]), played(case, late)
    assert (mixed.clocks, mixed.findings) == (straight.clocks, straight.findings)
    full = judge(CASE, events, knowledge_of(case), straight.at_ms).state
    assert (straight.clocks, straight.findings) == (full.clocks, full.findings)


@given(seeds, st.integers(0, 40), st.integers(1, 30), st.integers(1, 29))
@settings(max_examples=150, deadline=None)
def test_an_uncapped_suspension_split_into_touching_parts_changes_nothing(
    seed: int, after: int, length: int, part: int
) -> None:
    case = story(seed)
    terms = case.terms._replace(suspension_max=400, no_extension_after_suspension=False)
    begin, middle, end = (case.start + days * DAY for days in (after, after + min(part, length), after + length))
    whole = [Happening(begin, "suspended", name="x"), Happening(end, "resumed", name="x")]
    parts = [
        *(Happening(begin, "suspended", name="x"), Happening(middle, "resumed", name="x")),
        *(Happening(middle, "suspended", name="y"), Happening(end, "resumed", name="y")),
    ]
    others = [each for each in case.happenings if each.kind in ("extended_by", "urged_until") and each.at > end]
    folds = [
        judged(case._replace(terms=terms, happenings=[*new, *others], until=end + 90 * DAY)) for new in (whole, parts)
    ]
    shown = [[(clock.name, clock.due_ms, clock.cards, clock.stopped_ms) for clock in fold.clocks] for fold in folds]
    assert shown[0] == shown[1]


@given(seeds, st.integers(0, 60), st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_more_suspension_never_makes_a_due_earlier(seed: int, after: int, length: int) -> None:
    case = story(seed)
    kinds = ("suspended", "extended_by", "urged_until")
    kept = [each for each in case.happenings if each.kind in kinds]
    case = case._replace(happenings=kept, terms=case.terms._replace(no_extension_after_suspension=False))
    begin = case.start + after * DAY + 1
    more = [Happening(begin, "suspended", length, "more"), Happening(begin + length * DAY, "resumed", name="more")]
    longer = case._replace(happenings=sorted([*kept, *more]), until=case.until + 60 * DAY)
    before, after_it = judged(case._replace(until=longer.until)), judged(longer)
    for name in ("promise", "statutory"):
        clock, moved = before.clock(name), after_it.clock(name)
        assert (clock is None) == (moved is None)
        assert clock is None or moved is None or moved.due_ms >= clock.due_ms


@given(seeds)
@settings(max_examples=200, deadline=None)
def test_used_and_remaining_add_up_to_the_limit_until_it_is_over(seed: int) -> None:
    case = story(seed)
    fold, knowledge = judged(case), knowledge_of(case)
    for clock in fold.clocks:
        fact = clock_fact(fold, clock, knowledge, "feed")
        assert fact.remaining == max(0, fact.limit_amount - fact.used)
        if fact.unit == "working_days" and fact.overdue == 0 and clock.halted_ms() is None:
            assert fact.used + fact.remaining == fact.limit_amount


@given(seeds)
@settings(max_examples=200, deadline=None)
def test_working_days_up_to_due_are_the_limit_and_what_was_skipped(seed: int) -> None:
    case = story(seed)
    fold, knowledge = judged(case), knowledge_of(case)
    calendar = knowledge.calendar("org")
    for clock in fold.clocks:
        is_planned = clock.halted_ms() is None and clock.ended != "void"
        if clock.unit != "working_days" or not is_planned or clock.name not in ("promise", "statutory"):
            continue
        first, last = calendar.day_of(clock.started_ms), calendar.day_of(clock.due_ms)
        skipped = set()
        for skip in clock.skips:
            reach = skip.reach_ms()
            assert reach is not None
            since = calendar.day_of(skip.from_ms) + (not skip.whole)
            skipped |= {day for day in range(since, calendar.day_of(reach) + 1) if first < day <= last}
        working = {day for day in range(first + 1, last + 1) if calendar.is_working(day)}
        assert len(working) == clock.total() + len(working & skipped)


@given(seeds)
@settings(max_examples=200, deadline=None)
def test_the_lines_of_a_ledger_follow_each_other_and_their_sum_is_what_is_used(seed: int) -> None:
    case = story(seed)
    fold, knowledge = judged(case), knowledge_of(case)
    for clock in fold.clocks:
        fact = clock_fact(fold, clock, knowledge, "feed")
        assert sum(line.amount for line in fact.ledger if line.counted) == fact.used
        points = ("start", "start_at_once", "told", "extension", "stop")
        stretches = [line for line in fact.ledger if line.ground not in points and line.note in ("", "on_due_day")]
        for earlier, later in pairwise(stretches):
            assert earlier.to_at == later.from_at
        if stretches:
            ends = clock.stopped_ms if clock.stopped_ms is not None else fold.at_ms
            assert (stretches[0].from_at, stretches[-1].to_at) == (
                fact.started_at,
                from_ms(max(ends, clock.started_ms)),
            )


def real_cases(count: int) -> tuple[Knowledge, dict[str, list[CaseEvent]]]:
    """The first cases of the receipt log."""
    sources = collect_parts().sources
    mapping = choose_mapping(load_mappings(mapping_folders(None), sources), RECEIPT.name, "")
    registry = load_hall(hall_folder(mapping.hall))
    cases: dict[str, list[CaseEvent]] = {}
    with open_file(RECEIPT) as opened:
        for piece in sources[mapping.source].read(opened.stream, mapping, ZoneInfo(registry.hall.zone), str):
            assert not isinstance(piece, Rejection)
            cases.setdefault(piece.case_no, []).append(piece)
    return Knowledge(registry, RULES), dict(list(cases.items())[:count])


@pytest.mark.skipif(not RECEIPT.exists(), reason=f"the real log {RECEIPT.name} is not on this machine")
def test_a_thousand_cases_of_a_real_log_shuffled_and_duplicated_are_judged_the_same() -> None:
    knowledge, cases = real_cases(1000)
    assert len(cases) == 1000
    dice = random.Random(1)
    until = 1_400_000_000_000
    late = 0
    for case_no, events in cases.items():
        mixed = events + dice.sample(events, dice.randint(1, len(events)))
        dice.shuffle(mixed)
        straight = judge(case_no, events, knowledge, until).state
        assert shape(judge(case_no, mixed, knowledge, until).state) == shape(straight), case_no
        late += any(finding.highest() > 1 for finding in straight.findings)
    assert late > 10
