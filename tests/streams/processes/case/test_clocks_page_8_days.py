"""The page on clocks, section 8 (changed and unknown calendars): one test a sentence."""

from datetime import date
from typing import Any

import msgspec

from streams.contracts.finding import Finding
from streams.contracts.instants import to_ms
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import CalendarData
from tests.streams.processes.case.cases import CHINA, dues, event, hall, judged, limit, policy, remarks, text
from tests.streams.processes.case.pages import fact, run_of
from tests.streams.processes.case.test_process import Desk

ACCEPTED = event("Accepted", "2026-03-02 10:00")


def china(version: str, *free: int, unknown_from: date | None = None, known_from: date | None = None) -> CalendarData:
    days = {date(2026, 3, day): "停办" for day in free}
    return msgspec.structs.replace(CHINA, version=version, free=days, unknown_from=unknown_from, known_from=known_from)


def desk(calendar: CalendarData = CHINA, **fields: Any) -> Desk:
    opened = Desk(hall(7, None, calendar=calendar, **fields))
    opened.take(ACCEPTED)
    return opened


def findings(of: Desk) -> list[Finding]:
    return [output.body for output in of.outputs if isinstance(output.body, Finding)]


def test_a_stopped_clock_uses_the_last_calendar_published_before_its_stop() -> None:
    stopped = desk()
    stopped.take(event("Finished", "2026-03-05 10:00"))
    stopped.publish("2", hall(7, None, calendar=china("2", 4, 5)), now="2026-03-06 10:00")
    assert dues(stopped.state.fold) == {"promise": "03-11 18:00"}
    assert run_of(stopped.state.fold, "promise").calendar_version == "1"


def test_an_open_clock_uses_the_latest_calendar() -> None:
    opened = desk()
    opened.publish("2", hall(7, None, calendar=china("2", 4, 5)), now="2026-03-03 10:00")
    assert dues(opened.state.fold) == {"promise": "03-13 18:00"}
    assert run_of(opened.state.fold, "promise").calendar_version == "2"


def test_stopped_clocks_that_stood_on_provisional_days_are_judged_again() -> None:
    unsure = desk(china("1", unknown_from=date(2026, 3, 6)))
    unsure.take(event("Finished", "2026-03-12 10:00"))
    unsure.publish("2", hall(7, None, calendar=china("2", 9)), now="2026-03-20 10:00")
    assert dues(unsure.state.fold) == {"promise": "03-12 18:00"}


def test_an_open_overdue_whose_new_due_lies_in_the_future_is_withdrawn() -> None:
    late = desk()
    late.wait("2026-03-12 10:00")
    changes = late.publish("2", hall(7, None, calendar=china("2", 4, 5, 6, 9, 10)), now="2026-03-12 10:00")
    assert changes == ["withdrawn yellow"]


def test_an_overdue_that_is_still_one_is_moved() -> None:
    late = desk()
    late.wait("2026-03-16 10:00")
    changes = late.publish("2", hall(7, None, calendar=china("2", 4)), now="2026-03-16 10:00")
    assert changes == ["moved yellow (not told)"]


def test_a_due_made_earlier_raises_no_earlier_than_the_publication() -> None:
    early = desk(china("1", 4, 5))
    early.wait("2026-03-12 15:00")
    early.publish("2", hall(7, None, calendar=china("2")), now="2026-03-12 15:00")
    finding = findings(early)[-1]
    assert (finding.level, text(to_ms(finding.raised_at))) == ("yellow", "03-12 15:00")
    assert text(to_ms(finding.due_at or finding.raised_at)) == "03-11 18:00"


def test_a_due_is_provisional_if_any_day_up_to_it_is_unconfirmed() -> None:
    for unknown_from, provisional in ((date(2026, 3, 11), True), (date(2026, 3, 12), False), (date(2026, 3, 1), True)):
        registry = hall(7, None, calendar=china("1", unknown_from=unknown_from))
        clock = fact(judged([ACCEPTED], "2026-03-02 11:00", registry), "promise", registry)
        assert clock.provisional is provisional


def test_a_warning_on_provisional_days_is_told_with_a_mark() -> None:
    unsure = desk(china("1", unknown_from=date(2026, 3, 6)))
    assert unsure.wait("2026-03-10 10:00") == ["opened warn"]
    assert "暂定" in findings(unsure)[-1].message_zh


def test_yellow_and_red_on_provisional_days_are_shown_but_not_told() -> None:
    unsure = Desk(hall(7, 8, calendar=china("1", unknown_from=date(2026, 3, 6))))
    unsure.take(ACCEPTED)
    changes = unsure.wait("2026-03-20 10:00")
    assert changes == ["opened warn", "raised yellow (not told)", "raised red (not told)"]


def test_confirmed_they_are_raised_as_of_their_instant() -> None:
    unsure = desk(china("1", unknown_from=date(2026, 3, 6)))
    unsure.wait("2026-03-16 10:00")
    assert unsure.publish("2", hall(7, None, calendar=china("2")), now="2026-03-16 10:00") == ["raised yellow"]
    assert text(to_ms(findings(unsure)[-1].raised_at)) == "03-11 18:00"


def test_before_the_first_known_day_there_is_no_clock_but_a_remark() -> None:
    registry = hall(7, 10, calendar=china("1", known_from=date(2026, 3, 3)))
    fold = judged([ACCEPTED], "2026-04-01 00:00", registry)
    assert (fold.clocks, remarks(fold)) == ([], ["outside_calendar"])


def test_a_limit_of_hours_by_the_clock_stands_on_no_calendar() -> None:
    registry = hall(limit(8, "clock_hours"), None, policy(), calendar=china("1", unknown_from=date(2026, 1, 1)))
    assert not fact(judged([ACCEPTED], "2026-03-02 11:00", registry), "promise", registry).provisional


def delivered(*free: int) -> HallRegistry:
    return hall(7, None, document=True, calendar=china("2" if free else "1", *free))


def test_a_delivery_that_runs_on_after_the_decision_uses_the_latest_calendar() -> None:
    opened = Desk(delivered())
    opened.take(ACCEPTED)
    opened.take(event("Finished", "2026-03-03 10:00", result="granted"))
    assert dues(opened.state.fold)["delivery"] == "03-17 18:00"
    opened.publish("2", delivered(5, 6), now="2026-03-04 10:00")
    assert dues(opened.state.fold) == {"promise": "03-11 18:00", "delivery": "03-19 18:00"}
    assert opened.wait("2026-03-20 00:00") == ["opened warn", "raised yellow"]
    late = event("StepStarted", "2026-03-02 11:00", step="审查")
    opened.take(late, now="2026-03-20 00:00")
    assert dues(opened.state.fold) == {"promise": "03-11 18:00", "delivery": "03-19 18:00"}


def test_an_open_overdue_of_a_delivery_is_withdrawn_where_its_new_due_lies_ahead() -> None:
    opened = Desk(delivered())
    opened.take(ACCEPTED)
    opened.take(event("Finished", "2026-03-03 10:00", result="granted"))
    opened.wait("2026-03-18 10:00")
    assert opened.publish("2", delivered(5, 6), now="2026-03-18 10:00") == ["withdrawn warn"]
    assert findings(opened)[-1].withdrawn_level == "yellow"  # the warning was true
    assert opened.wait("2026-03-20 00:00")[-1:] == ["reopened yellow"]


def test_a_clock_stopped_in_an_open_case_keeps_the_calendar_of_its_stop() -> None:
    opened = Desk(hall(7, None))
    opened.take(event("Applied", "2026-03-02 09:00"))
    opened.take(event("Accepted", "2026-03-03 10:00"))
    opened.publish("2", hall(7, None, calendar=china("2", 5, 6)), now="2026-03-10 10:00")
    assert dues(opened.state.fold) == {"acceptance": "03-09 18:00", "promise": "03-16 18:00"}
    assert run_of(opened.state.fold, "acceptance").calendar_version == "1"
    opened.take(event("StepStarted", "2026-03-03 11:00", step="审查"), now="2026-03-10 11:00")
    assert dues(opened.state.fold)["acceptance"] == "03-09 18:00"


def test_a_special_procedure_that_ended_keeps_its_due_and_an_open_one_follows() -> None:
    opened = Desk(hall(7, None))
    opened.take(ACCEPTED)
    opened.take(event("Suspended", "2026-03-03 10:00", announced_days=3, ground="鉴定"))
    opened.take(event("Resumed", "2026-03-05 10:00"))
    opened.publish("2", hall(7, None, calendar=china("2", 4, 5)), now="2026-03-05 11:00")
    assert dues(opened.state.fold)["special_procedure"] == "03-06 18:00"
    running = Desk(hall(7, None))
    running.take(ACCEPTED)
    running.take(event("Suspended", "2026-03-03 10:00", announced_days=3, ground="鉴定"))
    running.publish("2", hall(7, None, calendar=china("2", 4, 5)), now="2026-03-05 11:00")
    assert dues(running.state.fold)["special_procedure"] == "03-10 18:00"
