from streams.contracts.case_event import CaseEvent
from streams.processes.case.fold import CaseFold
from streams.registry.registry import HallRegistry
from tests.streams.processes.case.cases import dues, event, found, hall, judged, limit, ms, remarks, text

ACCEPTED = event("Accepted", "2026-03-02 10:00")
INSTANT = hall(7, 10, case_class="instant")


def accepted(registry: HallRegistry | None = None, *more: CaseEvent, **fields: object) -> CaseFold:
    return judged([event("Accepted", "2026-03-02 10:00", **fields), *more], "2026-03-02 11:00", registry)


def test_a_promise_date_on_the_notice_earlier_than_computed_binds() -> None:
    fold = accepted(told_due_at="2026-03-05 12:00")
    assert dues(fold)["promise"] == "03-05 18:00"
    assert fold.clocks[0].told_ms == ms("2026-03-05 18:00")
    assert remarks(fold) == []


def test_a_promise_date_later_than_computed_never_extends() -> None:
    fold = accepted(told_due_at="2026-03-20 12:00")
    assert dues(fold)["promise"] == "03-11 18:00"
    assert remarks(fold) == ["told_later"]


def test_the_computed_date_told_again_is_no_remark() -> None:
    assert remarks(accepted(told_due_at="2026-03-11 09:00")) == []


def test_for_an_unknown_item_the_told_date_is_the_only_source() -> None:
    assert dues(accepted(item="nobody knows", told_due_at="2026-03-05 12:00")) == {"promise": "03-05 18:00"}
    assert accepted(item="nobody knows").no_limit


def test_an_office_limit_with_an_earlier_told_instant_is_due_at_that_instant() -> None:
    fold = accepted(hall(limit(5, "office_days"), None), told_due_at="2026-03-04 15:00")
    assert dues(fold) == {"promise": "03-04 15:00"}


def test_a_case_with_neither_limit_nor_told_date_has_no_clock() -> None:
    fold = accepted(hall(None, None))
    assert fold.no_limit
    assert fold.clocks == []


def test_a_limit_of_zero_starts_no_clock() -> None:
    assert accepted(hall(limit(0), limit(-3))).clocks == []


def test_a_private_network_department_has_a_promise_only_with_a_told_date() -> None:
    assert dues(accepted(hall(7, None, private=True))) == {}
    assert dues(accepted(hall(7, None, private=True), told_due_at="2026-03-05 12:00")) == {"promise": "03-05 18:00"}


def test_a_reported_case_has_a_first_review_that_only_passing_up_stops() -> None:
    reported = hall(30, 60, case_class="reported")
    fold = judged([ACCEPTED, event("PassedUp", "2026-03-10 10:00")], "2026-03-20 00:00", reported)
    assert {clock.name: clock.state() for clock in fold.clocks} == {
        "promise": "running",
        "statutory": "running",
        "first_review": "stopped",
    }


def test_a_start_outside_the_calendar_gets_no_clock_but_a_remark() -> None:
    for when in ("1948-05-01 10:00", "2099-05-01 10:00"):
        fold = judged([event("Accepted", when)], "2100-01-01 00:00")
        assert fold.clocks == []
        assert fold.no_limit
        assert remarks(fold) == ["outside_calendar"]


def test_an_instant_case_is_due_at_the_last_closing_of_the_day() -> None:
    assert dues(judged([ACCEPTED], "2026-03-02 11:00", INSTANT)) == {"instant": "03-02 18:00"}


def test_an_instant_case_accepted_outside_hours_is_due_on_the_next_opening_day() -> None:
    friday_night = event("Accepted", "2026-03-06 20:00")
    assert dues(judged([friday_night], "2026-03-06 21:00", INSTANT)) == {"instant": "03-09 18:00"}
    early = event("Accepted", "2026-03-06 07:00")
    assert dues(judged([early], "2026-03-06 08:00", INSTANT)) == {"instant": "03-06 18:00"}


def test_an_instant_case_with_minutes_is_due_when_they_are_used() -> None:
    minutes = hall(limit(90, "office_minutes"), None, case_class="instant")
    fold = judged([event("Accepted", "2026-03-02 11:00")], "2026-03-03 00:00", minutes)
    assert dues(fold) == {"instant": "03-02 14:00"}
    assert found(fold) == [("yellow", "03-02 14:00")]


def test_an_instant_case_becomes_a_promised_one_by_a_suspension() -> None:
    fold = judged(
        [ACCEPTED, event("Suspended", "2026-03-02 15:00", announced_days=2, ground="鉴定")], "2026-03-03 00:00", INSTANT
    )
    states = {clock.name: clock.state() for clock in fold.clocks if clock.name != "special_procedure"}
    assert states == {"instant": "void", "promise": "suspended", "statutory": "suspended"}
    assert fold.case_class == "promised"
    assert found(fold) == []


def test_a_stop_closes_a_suspension_and_pulls_the_due_back() -> None:
    suspended = event("Suspended", "2026-03-03 10:00", announced_days=10)
    finished = event("Finished", "2026-03-05 10:00")
    fold = judged([ACCEPTED, suspended, finished], "2026-03-20 00:00")
    promise = fold.clock("promise")
    assert promise is not None
    assert (promise.state(), text(promise.due_ms)) == ("stopped", "03-13 18:00")
