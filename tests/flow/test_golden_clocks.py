"""The golden vectors of the settled clock semantics, by their ids."""

import pytest

from streams.contracts.case_event import CaseEvent, LimitUnit
from streams.registry.snapshot import Feed, Policy
from tests.streams.processes.case.cases import dues, event, exact, found, hall, judged, limit, ms, policy, remarks, text
from tests.streams.processes.case.test_process import Desk

OFFICE = hall(limit(7, "office_days"), limit(10, "office_days"))
ACCEPTED = event("Accepted", "2018-10-15 10:00")


def test_g1_legal_days_warn_in_the_morning_two_days_before() -> None:
    fold = judged([ACCEPTED], "2018-11-30 00:00")
    assert dues(fold) == {"promise": "10-24 18:00", "statutory": "10-29 18:00"}
    assert found(fold) == [("warn", "10-22 08:30"), ("yellow", "10-24 18:00"), ("red", "10-29 18:00")]


def test_g1_office_days_keep_the_time_of_day() -> None:
    fold = judged([ACCEPTED], "2018-11-30 00:00", OFFICE)
    assert dues(fold) == {"promise": "10-24 10:00", "statutory": "10-29 10:00"}
    assert found(fold) == [("warn", "10-19 10:00"), ("yellow", "10-24 10:00"), ("red", "10-29 10:00")]
    assert [span.raised_ms for span in fold.findings[0].spans] == [
        ms("2018-10-19 10:00") + 1,
        ms("2018-10-24 10:00") + 1,
        ms("2018-10-29 10:00") + 1,
    ]


SUSPENSION = [event("Suspended", "2018-10-16 10:00", ground="鉴定"), event("Resumed", "2018-10-19 10:00")]


def test_g2_a_suspension_of_three_days_moves_every_card_by_three_working_days() -> None:
    fold = judged([ACCEPTED, *SUSPENSION], "2018-11-30 00:00", OFFICE)
    assert found(fold) == [("warn", "10-24 10:00"), ("yellow", "10-29 10:00"), ("red", "11-01 10:00")]


def test_g2_legal_dues_move_by_three_working_days() -> None:
    fold = judged([ACCEPTED, *SUSPENSION], "2018-11-30 00:00")
    assert dues(fold) == {"promise": "10-29 18:00", "statutory": "11-01 18:00"}


def test_g2_a_suspension_after_the_warning_leaves_the_warning_where_it_was() -> None:
    fold = judged([ACCEPTED, event("Suspended", "2018-10-22 10:00", ground="鉴定")], "2018-10-23 00:00", OFFICE)
    assert found(fold) == [("warn", "10-19 10:00")]


def test_g2_a_suspension_after_the_promise_moves_only_the_statutory_limit() -> None:
    events = [ACCEPTED, event("Suspended", "2018-10-24 11:00", ground="鉴定"), event("Resumed", "2018-10-26 11:00")]
    fold = judged(events, "2018-11-30 00:00", OFFICE)
    assert found(fold) == [("warn", "10-19 10:00"), ("yellow", "10-24 10:00"), ("red", "10-31 10:00")]


@pytest.mark.parametrize(
    ("accepted", "days", "due"),
    [
        ("2018-10-15", 7, "10-24 18:00"),
        ("2018-10-15", 10, "10-29 18:00"),
        ("2025-09-26", 5, "10-10 18:00"),
        ("2026-02-13", 3, "02-25 18:00"),
        ("2026-02-14", 1, "02-24 18:00"),
        ("2026-09-24", 1, "09-28 18:00"),
        ("2026-09-24", 20, "10-29 18:00"),
        ("2026-09-30", 10, "10-20 18:00"),
    ],
)
def test_g3_the_eight_rows(accepted: str, days: int, due: str) -> None:
    fold = judged([event("Accepted", f"{accepted} 10:00")], f"{accepted} 12:00", hall(days, None))
    assert dues(fold) == {"promise": due}


SILENT = hall(
    3,
    20,
    item_type="01",
    feeds=(Feed(name="feed", full_profile=True),),
)


def test_g4_an_application_nobody_decides_on_counts_as_accepted_from_its_receipt() -> None:
    applied = [event("Applied", "2026-09-24 10:00")]
    before = judged(applied, "2026-10-09 18:00", SILENT)
    assert dues(before) == {"acceptance": "10-09 18:00"}
    assert before.accepted_ms is None
    after = judged(applied, "2026-10-10 00:00", SILENT)
    assert after.accepted_ms == ms("2026-09-24 10:00")
    assert dues(after) == {"acceptance": "10-09 18:00", "promise": "09-30 18:00", "statutory": "10-29 18:00"}


def test_g4_a_promise_already_over_is_raised_at_the_effect_once() -> None:
    fold = judged([event("Applied", "2026-09-24 10:00")], "2026-10-10 00:00", SILENT)
    promise = [finding for finding in fold.findings if finding.rule == "TIME-01"]
    assert [(span.level, text(span.raised_ms)) for finding in promise for span in finding.spans] == [(2, "10-09 18:00")]


CORRECTION = [
    event("Accepted", "2026-03-02 10:00"),
    event("CorrectionNotified", "2026-03-04 10:00"),
    event("CorrectionCompleted", "2026-03-12 10:00"),
]


def test_g5_a_completed_correction_starts_a_new_epoch_with_the_full_limit() -> None:
    fold = judged(CORRECTION, "2026-03-12 11:00", hall(5, 20))
    epochs = [clock for clock in fold.clocks if clock.name == "promise"]
    assert [(clock.epoch, text(clock.due_ms)) for clock in epochs] == [(1, "03-09 18:00"), (2, "03-19 18:00")]
    assert fold.epoch == 2


def test_g5_with_policy_pause_the_used_days_are_kept() -> None:
    fold = judged(CORRECTION, "2026-03-12 11:00", hall(5, 20, policy=policy(correction="pause")))
    assert dues(fold)["promise"] == "03-17 18:00"


def extension(when: str, days: int) -> CaseEvent:
    return event("Extended", when, days=days, approver="局长")


def test_g6_an_extension_before_due_moves_the_due() -> None:
    fold = judged([ACCEPTED, extension("2018-10-26 10:00", 10)], "2018-10-27 00:00", hall(None, 10))
    assert dues(fold) == {"statutory": "11-12 18:00"}
    assert remarks(fold) == []


def test_g6_an_extension_after_due_has_no_effect() -> None:
    fold = judged([ACCEPTED, extension("2018-10-30 10:00", 10)], "2018-10-31 00:00", hall(None, 10))
    assert dues(fold) == {"statutory": "10-29 18:00"}
    assert remarks(fold) == ["extension_after_due"]


def test_g6_eleven_days_count_as_ten() -> None:
    fold = judged([ACCEPTED, extension("2018-10-26 10:00", 11)], "2018-10-27 00:00", hall(None, 10))
    assert dues(fold) == {"statutory": "11-12 18:00"}
    assert remarks(fold) == ["extension_over_cap"]


def test_g6_a_promise_that_is_over_stays_over() -> None:
    fold = judged([ACCEPTED, extension("2018-10-26 10:00", 10)], "2018-11-30 00:00", hall(7, 10))
    assert dues(fold) == {"promise": "10-24 18:00", "statutory": "11-12 18:00"}
    assert found(fold) == [("warn", "10-22 08:30"), ("yellow", "10-24 18:00"), ("red", "11-12 18:00")]


def test_g7_overlapping_suspensions_are_merged_not_summed() -> None:
    events = [
        ACCEPTED,
        event("Suspended", "2018-10-15 11:00", special_id="a", announced_days=3, ground="鉴定"),
        event("Suspended", "2018-10-16 10:00", special_id="b", announced_days=5, ground="检测"),
    ]
    # a: 16, 17, 18; b: 17, 18, 19, 22, 23: six working days in all.
    fold = judged(events, "2018-10-16 12:00", hall(10, None))
    assert dues(fold)["promise"] == "11-06 18:00"


@pytest.mark.parametrize("unit", ["working_days", "office_days", "office_minutes", "calendar_days", "clock_hours"])
def test_g10_a_finish_exactly_at_due_raises_no_overdue(unit: LimitUnit) -> None:
    registry = hall(limit(600 if unit == "office_minutes" else 9, unit), limit(6000, unit))
    due_ms = judged([ACCEPTED], "2018-10-15 10:00", registry).clocks[0].due_ms
    at_due = event("Finished", exact(due_ms))
    late = event("Finished", exact(due_ms + 1))
    until = "2019-11-30 00:00"
    assert [level for level, _ in found(judged([ACCEPTED, at_due], until, registry))] == ["warn"]
    assert [level for level, _ in found(judged([ACCEPTED, late], until, registry))] == ["warn", "yellow"]


def test_g10_a_finish_exactly_at_due_raises_nothing_at_all_where_nothing_warns() -> None:
    instant = hall(None, None, case_class="instant")
    events = [ACCEPTED, event("Finished", "2018-10-15 18:00")]
    assert found(judged(events, "2018-11-30 00:00", instant)) == []


def test_near_due_and_ratio90_and_urge_deadline_are_ladders_of_their_own() -> None:
    def cards(ladder: str, *more: CaseEvent) -> list[tuple[str, str]]:
        registry = hall(10, None, policy=Policy(code="policy", ladder=ladder))  # type: ignore[arg-type]
        return found(judged([ACCEPTED, *more], "2018-11-30 00:00", registry))

    assert cards("near_due") == [("yellow", "10-25 08:30"), ("red", "10-29 18:00")]
    assert cards("ratio90") == [("yellow", "10-26 08:30"), ("red", "10-29 18:00")]
    assert cards("urge_deadline") == [("yellow", "10-29 18:00")]
    urged = event("Urged", "2018-10-30 10:00", until_at="2018-11-02 18:00")
    assert cards("urge_deadline", urged) == [("yellow", "10-29 18:00"), ("red", "11-02 18:00")]


def test_g16_repeated_and_replayed_events_tell_nothing_twice() -> None:
    desk = Desk()
    story = [ACCEPTED, event("Finished", "2018-10-31 09:00")]
    once = [said for each in story for said in desk.take(each)] + desk.wait("2018-11-30 00:00")
    again = [said for each in (*story, *reversed(story)) for said in desk.take(each)] + desk.wait("2018-11-30 00:00")
    assert once == ["opened warn", "raised yellow", "raised red", "ended red (not told)"]
    assert again == []
