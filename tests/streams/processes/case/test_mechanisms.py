import pytest

from tests.streams.processes.case.cases import dues, event, found, hall, judged, limit, policy, remarks, text

ACCEPTED = event("Accepted", "2026-03-02 10:00")
"""With 7 and 10 working days due on 2026-03-11 and 2026-03-16."""


def test_from_notice_to_completion_the_case_clocks_stand_still_and_raise_nothing() -> None:
    notice = event("CorrectionNotified", "2026-03-04 10:00")
    fold = judged([ACCEPTED, notice], "2026-12-01 00:00")
    assert found(fold) == []
    assert {clock.state() for clock in fold.clocks} == {"waiting"}


@pytest.mark.parametrize(("days", "codes"), [(1000, []), (1001, ["suspension_days_unbelievable"])])
def test_more_announced_days_than_anybody_can_mean_count_as_none(days: int, codes: list[str]) -> None:
    events = [
        event("Accepted", "2026-03-02 10:00"),
        event("Suspended", "2026-03-03 10:00", announced_days=days, ground="鉴定"),
    ]
    fold = judged(events, "2026-03-03 11:00")
    assert remarks(fold) == codes
    assert (fold.clock("special_procedure") is None) == bool(codes)


def test_completion_starts_a_new_promise_epoch_and_the_statutory_clock_keeps_its_used_days() -> None:
    events = [
        ACCEPTED,
        event("CorrectionNotified", "2026-03-04 10:00"),
        event("CorrectionCompleted", "2026-03-12 10:00"),
    ]
    fold = judged(events, "2026-03-12 11:00")
    assert [(clock.name, clock.epoch, clock.state()) for clock in fold.clocks] == [
        ("promise", 1, "void"),
        ("statutory", 1, "running"),
        ("promise", 2, "running"),
    ]
    assert dues(fold) == {"promise": "03-23 18:00", "statutory": "03-24 18:00"}


@pytest.mark.parametrize(("mode", "due"), [("pause", "03-24 18:00"), ("run", "03-16 18:00"), ("reset", "03-26 18:00")])
def test_what_a_correction_does_to_the_statutory_clock_is_the_items_policy(mode: str, due: str) -> None:
    events = [
        ACCEPTED,
        event("CorrectionNotified", "2026-03-04 10:00"),
        event("CorrectionCompleted", "2026-03-12 10:00"),
    ]
    fold = judged(events, "2026-03-12 11:00", hall(policy=policy(statutory_correction=mode)))
    assert dues(fold)["statutory"] == due


def test_a_notice_after_due_heals_nothing() -> None:
    events = [
        ACCEPTED,
        event("CorrectionNotified", "2026-03-12 10:00"),
        event("CorrectionCompleted", "2026-03-13 10:00"),
    ]
    fold = judged(events, "2026-03-14 00:00")
    assert fold.epoch == 1
    assert dues(fold) == {"promise": "03-11 18:00", "statutory": "03-17 18:00"}
    assert [span.ended_ms for span in fold.findings[0].spans][-1] is None


def test_a_completion_without_or_before_its_notice_has_no_effect() -> None:
    completion = event("CorrectionCompleted", "2026-03-04 10:00")
    fold = judged([ACCEPTED, completion, event("CorrectionNotified", "2026-03-05 10:00")], "2026-03-06 00:00")
    assert fold.state() == "waiting"
    assert remarks(fold) == ["completion_without_notice"]


def test_a_suspension_without_announced_days_is_capped_by_the_policy() -> None:
    fold = judged([ACCEPTED, event("Suspended", "2026-03-03 10:00")], "2026-03-04 00:00")
    assert dues(fold)["promise"] == "04-09 18:00"
    capped = judged(
        [ACCEPTED, event("Suspended", "2026-03-03 10:00")],
        "2026-03-04 00:00",
        hall(policy=policy(suspension_days_max=5)),
    )
    assert dues(capped)["promise"] == "03-18 18:00"


def test_while_open_due_is_projected_to_the_cap_and_pulled_back_by_an_early_end() -> None:
    suspended = event("Suspended", "2026-03-03 10:00", announced_days=5, ground="鉴定")
    assert dues(judged([ACCEPTED, suspended], "2026-03-04 00:00"))["promise"] == "03-18 18:00"
    early = judged([ACCEPTED, suspended, event("Resumed", "2026-03-05 10:00")], "2026-03-06 00:00")
    assert dues(early)["promise"] == "03-13 18:00"
    late = judged([ACCEPTED, suspended, event("Resumed", "2026-03-25 10:00")], "2026-03-26 00:00")
    assert dues(late)["promise"] == "03-18 18:00"


def test_a_suspension_after_due_has_no_effect_and_on_the_due_day_it_moves_the_due_behind_its_end() -> None:
    after = event("Suspended", "2026-03-11 18:01", announced_days=3, ground="鉴定")
    assert dues(judged([ACCEPTED, after], "2026-03-12 00:00"))["promise"] == "03-11 18:00"
    on = [event("Suspended", "2026-03-11 17:00", ground="鉴定"), event("Resumed", "2026-03-12 10:00")]
    assert dues(judged([ACCEPTED, *on], "2026-03-12 11:00"))["promise"] == "03-13 18:00"


def test_a_ground_outside_article_45_suspends_the_promise_only() -> None:
    holiday = event("Suspended", "2026-03-03 10:00", announced_days=5, ground="窗口装修")
    assert dues(judged([ACCEPTED, holiday], "2026-03-04 00:00")) == {
        "promise": "03-18 18:00",
        "statutory": "03-16 18:00",
        "special_procedure": "03-10 18:00",
    }


def test_a_named_procedure_ends_alone_and_an_unnamed_end_ends_all() -> None:
    two = [
        event("Suspended", "2026-03-03 10:00", special_id="a", announced_days=9),
        event("Suspended", "2026-03-03 11:00", special_id="b", announced_days=9),
    ]
    named = judged([ACCEPTED, *two, event("Resumed", "2026-03-05 10:00", special_id="a")], "2026-03-06 00:00")
    assert named.state() == "suspended"
    unnamed = judged([ACCEPTED, *two, event("Resumed", "2026-03-05 10:00")], "2026-03-06 00:00")
    assert unnamed.state() == "accepted"


def test_a_suspension_that_ends_before_it_starts_is_remarked_and_stays_open_to_its_cap() -> None:
    events = [event("Resumed", "2026-03-03 09:00"), event("Suspended", "2026-03-03 10:00", announced_days=2)]
    fold = judged([ACCEPTED, *events], "2026-03-04 00:00")
    assert "end_without_suspension" in remarks(fold)
    assert dues(fold)["promise"] == "03-13 18:00"


@pytest.mark.parametrize(
    ("fields", "remark"),
    [
        ({"days": 3}, "extension_without_decision"),
        ({"approver": "局长"}, "extension_without_decision"),
        ({"days": -3, "approver": "局长"}, "extension_without_decision"),
    ],
)
def test_an_extension_without_approver_or_days_has_no_effect(fields: dict[str, object], remark: str) -> None:
    fold = judged([ACCEPTED, event("Extended", "2026-03-05 10:00", **fields)], "2026-03-06 00:00")
    assert dues(fold)["promise"] == "03-11 18:00"
    assert remarks(fold) == [remark]


def test_an_extension_applied_for_after_due_has_no_effect() -> None:
    asked = event("Extended", "2026-03-11 10:00", days=3, approver="局长", applied_at="2026-03-12 10:00")
    assert remarks(judged([ACCEPTED, asked], "2026-03-12 00:00", hall(7, None))) == ["extension_asked_after_due"]


def test_extensions_add_up_to_the_cap_over_the_whole_case() -> None:
    events = [
        event("Extended", "2026-03-05 10:00", days=6, approver="局长"),
        event("Extended", "2026-03-06 10:00", days=6, approver="局长"),
    ]
    fold = judged([ACCEPTED, *events], "2026-03-07 00:00")
    assert dues(fold)["promise"] == "03-25 18:00"
    assert remarks(fold) == ["extension_over_cap"]


def test_a_joint_case_may_be_extended_by_fifteen_days() -> None:
    extension = event("Extended", "2026-03-05 10:00", days=15, approver="市长")
    fold = judged([ACCEPTED, extension], "2026-03-06 00:00", hall(case_class="joint"))
    assert remarks(fold) == []


def test_after_a_suspension_guangdong_refuses_an_extension_and_others_allow_it() -> None:
    events = [
        ACCEPTED,
        event("Suspended", "2026-03-03 10:00", announced_days=1, ground="鉴定"),
        event("Resumed", "2026-03-04 10:00"),
        event("Extended", "2026-03-05 10:00", days=2, approver="局长"),
    ]
    assert remarks(judged(events, "2026-03-06 00:00")) == []
    refused = judged(events, "2026-03-06 00:00", hall(policy=policy(profile="guangdong")))
    assert remarks(refused) == ["extension_after_suspension"]


def test_mechanisms_before_acceptance_and_after_the_end_move_nothing() -> None:
    events = [
        event("Suspended", "2026-03-01 10:00", announced_days=5),
        ACCEPTED,
        event("Finished", "2026-03-04 10:00"),
        event("Extended", "2026-03-05 10:00", days=2, approver="局长"),
    ]
    fold = judged(events, "2026-03-06 00:00")
    assert {clock.name: text(clock.due_ms) for clock in fold.clocks} == {
        "promise": "03-11 18:00",
        "statutory": "03-16 18:00",
    }


def test_a_policy_may_name_its_own_grounds_that_suspend_every_clock() -> None:
    holiday = event("Suspended", "2026-03-03 10:00", announced_days=5, ground="窗口装修")
    own = judged([ACCEPTED, holiday], "2026-03-03 12:00", hall(policy=policy(suspension_grounds=("窗口装修",))))
    plain = judged([ACCEPTED], "2026-03-03 12:00")
    assert all(dues(own)[name] != dues(plain)[name] for name in ("promise", "statutory"))


def test_a_suspension_after_the_due_is_remarked_on() -> None:
    late = event("Suspended", "2026-12-01 10:00", announced_days=5, ground="鉴定")
    fold = judged([ACCEPTED, late], "2026-12-02 12:00")
    assert remarks(fold) == ["suspension_after_due"]
    assert not any(clock.skips for clock in fold.clocks)


def test_a_suspension_that_still_stands_at_a_completion_suspends_the_new_epoch_too() -> None:
    events = [
        event("Accepted", "2026-03-02 10:00"),
        event("Suspended", "2026-03-03 10:00", announced_days=10, ground="鉴定"),
        event("CorrectionNotified", "2026-03-04 10:00"),
        event("CorrectionCompleted", "2026-03-05 10:00"),
    ]
    assert dues(judged(events, "2026-03-06 00:00", hall(5, None)))["promise"] == "03-24 18:00"
    resumed = [*events, event("Resumed", "2026-03-06 10:00")]
    assert dues(judged(resumed, "2026-03-07 00:00", hall(5, None)))["promise"] == "03-13 18:00"


def test_a_suspension_that_begins_after_a_frozen_due_ends_no_warning() -> None:
    events = [
        event("Accepted", "2026-03-05 10:00"),
        event("CorrectionNotified", "2026-03-09 01:06"),
        event("Suspended", "2026-03-12 22:41", announced_days=15, ground="鉴定"),
    ]
    fold = judged(events, "2026-03-13 00:00", hall(limit(4, "calendar_days"), None))
    (warning,) = [finding for finding in fold.findings if finding.clock]
    assert warning.open_span() is not None


def test_an_instant_case_that_becomes_a_promised_one_without_any_limit_is_told_of() -> None:
    notice = event("CorrectionNotified", "2026-03-02 11:00")
    fold = judged([ACCEPTED, notice], "2026-03-03 00:00", hall(None, None, case_class="instant"))
    assert fold.no_limit
    assert [finding.rule for finding in fold.findings] == ["REG-01"]
    suspended = event("Suspended", "2026-03-02 11:00", ground="鉴定", announced_days=3)
    fold = judged([ACCEPTED, suspended], "2026-03-03 00:00", hall(None, None, case_class="instant"))
    assert "REG-01" in [finding.rule for finding in fold.findings]
