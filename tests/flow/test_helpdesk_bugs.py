"""The four bugs that open help desks share, each as a story that would show it."""

from streams.contracts.case_event import CaseEvent, LimitUnit
from tests.streams.processes.case.cases import dues, event, found, hall, judged, limit

MONDAY = event("Accepted", "2026-03-02 10:00")


def test_a_pause_over_the_night_takes_away_no_night() -> None:
    office = hall(limit(960, "office_minutes"), None)
    pause = [event("Suspended", "2026-03-02 17:00", announced_days=5), event("Resumed", "2026-03-03 09:30")]
    fold = judged([MONDAY, *pause], "2026-03-03 10:00", office)
    # Two of the pause's hours were opening time (17:00 to 18:00 and 08:30 to 09:30), the night was none: used up at
    # Wednesday's noon, so due when the hall opens again.
    assert dues(fold)["promise"] == "03-04 13:30"


def test_a_changed_limit_does_not_forget_the_pause() -> None:
    events = [
        MONDAY,
        event("Suspended", "2026-03-03 10:00", announced_days=3),
        event("Resumed", "2026-03-06 10:00"),
        event("Extended", "2026-03-09 10:00", days=2, approver="局长"),
    ]
    fold = judged(events, "2026-03-09 11:00", hall(5, None))
    assert dues(fold)["promise"] == "03-16 18:00"


def test_days_and_hours_are_never_mixed() -> None:
    def due(accepted: CaseEvent, amount: int, unit: LimitUnit) -> str:
        return dues(judged([accepted], "2026-03-06 11:00", hall(limit(amount, unit), None)))["promise"]

    friday = event("Accepted", "2026-03-06 10:00")
    assert [due(one, 1, "working_days") for one in (MONDAY, friday)] == ["03-03 18:00", "03-09 18:00"]
    assert [due(one, 1, "office_days") for one in (MONDAY, friday)] == ["03-03 10:00", "03-09 10:00"]
    assert [due(one, 24, "clock_hours") for one in (MONDAY, friday)] == ["03-03 10:00", "03-07 10:00"]


def test_a_warning_for_a_day_limit_comes_at_an_opening_and_never_at_night() -> None:
    for days in range(1, 15):
        fold = judged([event("Accepted", "2026-03-02 23:50")], "2026-12-01 00:00", hall(days, None))
        assert found(fold)[0][1].endswith("08:30")
