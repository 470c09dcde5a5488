from streams.limits.clock_run import ClockRun
from streams.processes.case.fold import CaseFold
from streams.rule import cards_of, never
from tests.streams.processes.case.cases import hall

HALL = hall()


def clock(run: int, *cards: tuple[int, int], **fields: object) -> ClockRun:
    made = ClockRun("special_procedure", "working_days", 5, 0, f"start{run}", run=run, cards=cards)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_each_run_of_a_clock_has_a_verdict_of_its_own() -> None:
    check, next_change = cards_of("special_procedure")
    fold = CaseFold("hall/1", clocks=[clock(1, (10, 1), (20, 2)), clock(2, (15, 1)), clock(3, (5, 3), stopped_ms=6)])
    assert [(verdict.run, verdict.level, verdict.event_id) for verdict in check(fold, HALL, 16)] == [
        (1, "warn", "start1"),
        (2, "warn", "start2"),
    ]
    assert [next_change(fold, HALL, at_ms) for at_ms in (0, 10, 15, 20)] == [10, 15, 20, None]


def test_verdicts_on_the_shared_ladder_bear_the_epoch_of_the_case() -> None:
    fold = CaseFold("hall/1", epoch=3, clocks=[clock(1, (10, 1))])
    assert [verdict.epoch for verdict in cards_of("special_procedure", shared=True)[0](fold, HALL, 10)] == [3]
    assert [verdict.epoch for verdict in cards_of("special_procedure")[0](fold, HALL, 10)] == [1]


def test_a_rule_that_only_events_change_never_wakes() -> None:
    assert never(CaseFold("hall/1"), HALL, 0) is None
