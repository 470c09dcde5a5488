"""The page on clocks, section 4, second half (suspension, extension): one test a sentence."""

from typing import Any

import pytest

from streams.contracts.case_event import CaseEvent
from streams.limits.grounds import ARTICLE_45
from tests.streams.processes.case.cases import dues, event, found, hall, judged, limit, policy, remarks, text
from tests.streams.processes.case.pages import fact, run_of

ACCEPTED = event("Accepted", "2026-03-02 10:00")
"""With 7 and 10 working days due on 2026-03-11 and 2026-03-16."""


def suspended(when: str = "2026-03-03 10:00", **fields: Any) -> CaseEvent:
    return event("Suspended", when, **({"ground": "鉴定"} | fields))


def resumed(when: str, **fields: Any) -> CaseEvent:
    return event("Resumed", when, **fields)


def extended(when: str = "2026-03-05 10:00", **fields: Any) -> CaseEvent:
    return event("Extended", when, **({"days": 2, "approver": "局长"} | fields))


def handling(*events: CaseEvent, until: str = "2026-04-30 00:00", registry: Any = None) -> dict[str, str]:
    every = dues(judged([ACCEPTED, *events], until, registry))
    return {name: due for name, due in every.items() if name != "special_procedure"}


BEFORE = {"promise": "03-11 18:00", "statutory": "03-16 18:00"}


def test_a_suspension_suspends_promise_statutory_and_first_review() -> None:
    reported = hall(7, 10, case_class="reported")
    assert handling(suspended(announced_days=3), until="2026-03-04 00:00", registry=reported) == {
        "promise": "03-16 18:00",
        "statutory": "03-19 18:00",
        "first_review": "04-02 18:00",
    }


def test_the_day_of_the_start_counts_and_the_day_of_the_end_is_skipped() -> None:
    stretch = (suspended("2026-03-03 08:00"), resumed("2026-03-05 17:00"))
    assert handling(*stretch) == {"promise": "03-13 18:00", "statutory": "03-18 18:00"}


def test_a_suspension_within_one_day_skips_nothing() -> None:
    assert handling(suspended("2026-03-03 09:00"), resumed("2026-03-03 17:00")) == BEFORE


def test_only_working_days_are_skipped() -> None:
    assert handling(suspended("2026-03-06 10:00"), resumed("2026-03-08 10:00")) == BEFORE


def test_the_cap_is_the_announced_days_counted_from_the_day_after_the_start() -> None:
    assert handling(suspended(announced_days=3)) == {"promise": "03-16 18:00", "statutory": "03-19 18:00"}


def test_an_end_after_the_cap_changes_nothing() -> None:
    late = handling(suspended(announced_days=3), resumed("2026-03-13 10:00"))
    assert late == {"promise": "03-16 18:00", "statutory": "03-19 18:00"}


def test_without_announced_days_the_cap_is_twenty_days() -> None:
    assert handling(suspended(), until="2026-03-04 00:00")["promise"] == "04-09 18:00"


def test_another_maximum_is_a_setting_of_the_policy() -> None:
    registry = hall(policy=policy(suspension_days_max=5))
    assert handling(suspended(), registry=registry)["promise"] == "03-18 18:00"


def test_each_suspension_is_capped_and_then_all_are_merged() -> None:
    two = (
        suspended("2026-03-03 10:00", special_id="a", announced_days=3),
        suspended("2026-03-04 10:00", special_id="b", announced_days=5),
    )
    assert handling(*two)["statutory"] == "03-24 18:00"


def test_while_open_due_is_projected_to_the_cap() -> None:
    assert handling(suspended(announced_days=5), until="2026-03-03 11:00")["promise"] == "03-18 18:00"


def test_an_early_end_pulls_due_back() -> None:
    assert handling(suspended(announced_days=5), resumed("2026-03-04 10:00"))["promise"] == "03-12 18:00"


def test_a_suspension_that_started_after_due_has_no_effect() -> None:
    late = suspended("2026-03-11 18:00:00.001", announced_days=5)
    assert handling(late, until="2026-03-12 00:00") == {"promise": "03-11 18:00", "statutory": "03-23 18:00"}


@pytest.mark.parametrize("when", ["2026-03-11 08:00", "2026-03-11 10:00", "2026-03-11 18:00"])
def test_started_on_the_due_day_it_moves_due_to_the_first_working_day_after_its_end(when: str) -> None:
    stretch = (suspended(when), resumed("2026-03-13 10:00"))
    assert handling(*stretch)["promise"] == "03-16 18:00"


def test_started_on_the_due_day_and_ended_on_it_due_is_the_next_working_day() -> None:
    stretch = (suspended("2026-03-11 10:00"), resumed("2026-03-11 11:00"))
    assert handling(*stretch)["promise"] == "03-12 18:00"


def test_a_suspension_that_starts_at_the_due_instant_of_an_opening_time_limit_is_not_after_it() -> None:
    registry = hall(limit(60, "office_minutes"), None)
    stretch = (suspended("2026-03-02 11:00"), resumed("2026-03-02 11:30"))
    assert handling(*stretch, registry=registry)["promise"] == "03-02 11:30"


def test_a_decision_closes_it() -> None:
    fold = judged([ACCEPTED, suspended(announced_days=15), event("Finished", "2026-03-05 10:00")], "2026-04-30 00:00")
    assert run_of(fold, "promise").state() == "stopped"
    assert text(run_of(fold, "promise").due_ms) == "03-13 18:00"
    assert found(fold) == []


@pytest.mark.parametrize("ground", ["窗口装修", "系统故障"])
def test_a_ground_outside_the_list_suspends_the_promise_only(ground: str) -> None:
    assert handling(suspended(announced_days=3, ground=ground)) == {
        "promise": "03-16 18:00",
        "statutory": "03-16 18:00",
    }


@pytest.mark.parametrize("ground", sorted(ARTICLE_45))
def test_each_of_the_eight_grounds_of_article_45_suspends_both(ground: str) -> None:
    assert handling(suspended(announced_days=3, ground=ground)) == {
        "promise": "03-16 18:00",
        "statutory": "03-19 18:00",
    }


def test_the_list_holds_the_eight_of_article_45_in_both_languages() -> None:
    assert len(ARTICLE_45) == 16


def test_splitting_a_suspension_into_touching_parts_changes_nothing_where_no_cap_binds() -> None:
    whole = (suspended("2026-03-03 10:00"), resumed("2026-03-09 10:00"))
    parts = (
        *(suspended("2026-03-03 10:00", special_id="a"), resumed("2026-03-05 10:00", special_id="a")),
        *(suspended("2026-03-05 10:00", special_id="b"), resumed("2026-03-09 10:00", special_id="b")),
    )
    assert handling(*whole) == handling(*parts)


def test_splitting_a_suspension_matters_where_a_cap_binds() -> None:
    whole = (suspended("2026-03-03 10:00", announced_days=2), resumed("2026-03-09 10:00"))
    parts = (
        *(suspended("2026-03-03 10:00", special_id="a", announced_days=2), resumed("2026-03-05 10:00", special_id="a")),
        *(suspended("2026-03-05 10:00", special_id="b", announced_days=2), resumed("2026-03-09 10:00", special_id="b")),
    )
    assert handling(*whole)["promise"] < handling(*parts)["promise"]


def test_an_extension_takes_effect_at_its_approval() -> None:
    early = judged([ACCEPTED, extended("2026-03-10 10:00")], "2026-03-10 09:59")
    assert dues(early) == BEFORE
    assert handling(extended("2026-03-10 10:00")) == {"promise": "03-13 18:00", "statutory": "03-18 18:00"}


def test_an_extension_approved_at_due_moves_that_clock() -> None:
    assert handling(extended("2026-03-11 18:00"))["promise"] == "03-13 18:00"


def test_an_extension_approved_later_moves_only_the_clocks_still_in_time() -> None:
    late = extended("2026-03-11 18:00:00.001")
    assert handling(late) == {"promise": "03-11 18:00", "statutory": "03-18 18:00"}
    assert remarks(judged([ACCEPTED, late], "2026-03-12 00:00")) == ["extension_after_due"]


def test_an_extension_applied_for_after_due_has_no_effect() -> None:
    asked_late = extended("2026-03-10 10:00", applied_at="2026-03-11 18:00:00.001")
    assert handling(asked_late)["promise"] == "03-11 18:00"


@pytest.mark.parametrize("days", [[11], [6, 5], [10, 1], [4, 4, 4]])
def test_the_sum_of_a_case_is_at_most_ten_days_and_the_excess_has_no_effect(days: list[int]) -> None:
    events = [extended(f"2026-03-05 1{number}:00", days=each) for number, each in enumerate(days)]
    assert handling(*events) == {"promise": "03-25 18:00", "statutory": "03-30 18:00"}
    assert remarks(judged([ACCEPTED, *events], "2026-03-06 00:00")) == ["extension_over_cap"]


def test_the_sum_is_kept_over_epochs() -> None:
    events = [
        extended("2026-03-03 10:00", days=8),
        event("CorrectionNotified", "2026-03-04 10:00"),
        event("CorrectionCompleted", "2026-03-05 10:00"),
        extended("2026-03-06 10:00", days=8),
    ]
    assert handling(*events)["promise"] == "03-18 18:00"


def test_the_most_days_are_a_setting_and_fifteen_for_a_joint_case() -> None:
    assert handling(extended(days=11), registry=hall(policy=policy(extension_days_max=4)))["promise"] == "03-17 18:00"
    joint = judged([ACCEPTED, extended(days=16)], "2026-03-06 00:00", hall(7, 30, case_class="joint"))
    assert remarks(joint) == ["extension_over_cap"]
    assert [extension.amount for extension in run_of(joint, "statutory").extensions] == [15]


@pytest.mark.parametrize("fields", [{"approver": ""}, {"days": None}, {"days": 0}])
def test_an_extension_without_approver_or_days_has_no_effect(fields: dict[str, Any]) -> None:
    assert handling(extended(**fields)) == BEFORE
    assert remarks(judged([ACCEPTED, extended(**fields)], "2026-03-06 00:00")) == ["extension_without_decision"]


AFTER_SUSPENSION = (suspended(announced_days=1), resumed("2026-03-04 10:00"), extended())


def test_after_a_suspension_an_extension_is_allowed() -> None:
    assert handling(*AFTER_SUSPENSION) == {"promise": "03-16 18:00", "statutory": "03-19 18:00"}


def test_profile_guangdong_refuses_an_extension_after_a_suspension() -> None:
    registry = hall(policy=policy(profile="guangdong"))
    assert handling(*AFTER_SUSPENSION, registry=registry) == {"promise": "03-12 18:00", "statutory": "03-17 18:00"}


def test_the_ledger_shows_what_an_extension_added_and_who_approved_it() -> None:
    lines = fact(judged([ACCEPTED, extended()], "2026-03-06 00:00"), "promise").ledger
    assert [(line.amount, line.person) for line in lines if line.ground == "extension"] == [(2, "局长")]
