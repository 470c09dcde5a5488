from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import deploy
from deploy.demo.case_plan import CasePlan, Extension, Suspension, Wait
from deploy.demo.counting import Card, Truth, cards_of, dues_of
from deploy.demo.office import Office
from streams.contracts.instants import to_ms
from streams.limits.limit import Limit
from streams.registry.loading import load_hall
from streams.registry.snapshot import Item

OFFICE = Office(load_hall(Path(deploy.__file__).parent / "halls" / "pingliang"))
LATER = to_ms(datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")))


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> int:
    return to_ms(datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")))


def closed(month: int, day: int) -> int:
    return OFFICE.closing(date(2026, month, day))


def opened(month: int, day: int) -> int:
    return OFFICE.opening(date(2026, month, day))


def plan(promise: str, statutory: str = "", case_class: str = "promised", **changed: object) -> CasePlan:
    def limit(text: str) -> Limit | None:
        amount, _, unit = text.partition(" ")
        return Limit(amount=int(amount), unit=unit) if text else None  # type: ignore[arg-type]

    fields = {"code": "i", "name_zh": "许可", "case_class": case_class}
    item = Item(**fields, promise=limit(promise), statutory=limit(statutory))  # type: ignore[arg-type]
    whole = {"case_no": "h/1", "item": item, "site": "", "window": "", "staff": "", "applied_ms": at(3, 2, 9)}
    return CasePlan(**{**whole, "accepted_ms": at(3, 2), **changed})  # type: ignore[arg-type]


def test_working_days_warn_two_days_before_and_end_at_the_close() -> None:
    assert cards_of(plan("5 working_days", "20 working_days"), OFFICE, LATER) == (
        Card("warn", opened(3, 5)),
        Card("yellow", closed(3, 9) + 1),
        Card("red", closed(3, 30) + 1),
    )


def test_golden_vector_g5_a_correction_starts_the_promise_again() -> None:
    corrected = plan("5 working_days", "20 working_days", correction=Wait(from_ms=at(3, 4), to_ms=at(3, 12)))
    dues = dues_of(corrected, OFFICE)
    assert dues.promise_ms == closed(3, 19)
    # Six working days of waiting, 5 to 12 March, do not count for the statutory limit.
    assert dues.statutory_ms == closed(4, 8)
    assert [card.level for card in cards_of(corrected, OFFICE, at(3, 19, 19))] == ["warn", "yellow"]


def test_a_suspension_skips_its_days_up_to_what_was_announced() -> None:
    suspension = Suspension(from_ms=at(3, 3), to_ms=at(3, 12), days=3, ground="鉴定")
    assert dues_of(plan("5 working_days", suspension=suspension), OFFICE).promise_ms == closed(3, 12)


def test_an_extension_takes_back_the_warning_but_the_warning_was_true() -> None:
    extended = plan("5 working_days", extension=Extension(at_ms=at(3, 6), days=5))
    assert dues_of(extended, OFFICE).promise_ms == closed(3, 16)
    assert cards_of(extended, OFFICE, at(3, 11)) == (Card("warn", opened(3, 5)),)


def test_a_stop_exactly_at_due_is_in_time() -> None:
    stopped = plan("5 working_days", stopped_ms=closed(3, 9))
    assert [card.level for card in cards_of(stopped, OFFICE, LATER)] == ["warn"]
    late = plan("5 working_days", stopped_ms=closed(3, 9) + 60_000)
    assert [card.level for card in cards_of(late, OFFICE, LATER)] == ["warn", "yellow"]


def test_what_comes_after_the_end_of_the_simulation_is_not_there_yet() -> None:
    assert cards_of(plan("5 working_days"), OFFICE, at(3, 4)) == ()


def test_calendar_days_move_off_a_free_day_and_end_at_midnight() -> None:
    assert dues_of(plan("1 working_days", "5 calendar_days"), OFFICE).statutory_ms == OFFICE.end_of(date(2026, 3, 9))


@pytest.mark.parametrize(
    ("limit", "due", "warned"),
    [
        ("1 office_days", at(3, 3), at(3, 3, 8, 36)),
        ("4 office_days", at(3, 6), at(3, 3) + 1),
        ("30 office_minutes", at(3, 2, 10, 30), at(3, 2, 10, 24)),
    ],
)
def test_opening_time_runs_only_while_the_hall_is_open(limit: str, due: int, warned: int) -> None:
    dues = dues_of(plan(limit), OFFICE)
    assert dues.promise_ms == due
    assert dues.warn_ms == warned


def test_an_instant_case_is_yellow_at_the_close_or_after_its_minutes_and_never_warned() -> None:
    assert cards_of(plan("", case_class="instant"), OFFICE, LATER) == (Card("yellow", closed(3, 2) + 1),)
    assert cards_of(plan("30 office_minutes", case_class="instant"), OFFICE, LATER) == (
        Card("yellow", at(3, 2, 10, 30) + 1),
    )


def test_a_promise_as_long_as_the_law_allows_warns_before_the_law_and_then_is_red() -> None:
    cards = cards_of(plan("20 working_days", "20 working_days"), OFFICE, LATER)
    assert [card.level for card in cards] == ["warn", "red"]


def test_units_that_are_not_simulated_are_refused() -> None:
    with pytest.raises(ValueError, match="i: limits in calendar_months are not simulated"):
        dues_of(plan("3 calendar_months"), OFFICE)


def test_the_truth_tells_warned_from_overdue() -> None:
    truth = Truth({"a": (Card("warn", 1),), "b": (Card("warn", 1), Card("yellow", 2)), "c": (Card("red", 3),)})
    assert truth.nearly_due == {"a"}
    assert truth.overdue == {"b", "c"}
    assert truth.highest == {"a": "warn", "b": "yellow", "c": "red"}
