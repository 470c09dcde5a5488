from typing import Any

import pytest

from streams.contracts.case_event import CaseEvent
from streams.contracts.words import Language
from streams.limits.ledger import ledger_of
from streams.processes.case.ledger_text import line_texts
from streams.registry.registry import HallRegistry
from tests.streams.processes.case.cases import CHINA, event, hall, judged, limit, ms, policy, shared_hall

ACCEPTED = event("Accepted", "2018-10-15 10:00")


def told(
    name: Any, events: list[CaseEvent], until: str, lang: Language = "zh", registry: HallRegistry | None = None
) -> list[str]:
    """The ledger of one clock in words."""
    registry = registry or shared_hall()
    clock, calendar = judged(events, until, registry).clock(name), registry.calendar_of("org")
    assert clock is not None
    ledger = ledger_of(calendar, clock, ms(until), policy())
    return [text for line in ledger for text in line_texts(line, clock, calendar, lang)]


def test_beyond_due_a_line_tells_how_late_and_no_weekends() -> None:
    lines = told("promise", [ACCEPTED], "2018-12-03 09:00")
    assert lines[-1] == "2018-10-24 18:00 → 2018-12-03 09:00  超期计时，至此超期 28个工作日（行政许可法第82条）"


def test_a_due_moved_off_free_days_has_its_line() -> None:
    lines = told("promise", [ACCEPTED], "2018-10-24 09:00", registry=hall(limit(5, "calendar_days"), None))
    assert lines[1:] == [
        "2018-10-15 10:00 → 2018-10-20 23:59  正常计时，计入 5个自然日（民法典第201条）",
        "2018-10-20 23:59 → 2018-10-22 23:59  末日为休息日，顺延，不计入（民法典第203条）",
        "2018-10-22 23:59 → 2018-10-24 09:00  超期计时，至此超期 2个工作日（民法典第201条）",
    ]


@pytest.mark.parametrize(
    ("mechanism", "line"),
    [
        (
            event("Extended", "2018-10-30 10:00", days=3, approver="局长"),
            "2018-10-30 10:00  延长审批（到期后才延期，对该计时无效；局长；Extended@2018-10-30 10:00）",
        ),
        (
            event("Extended", "2018-10-16 10:00", days=3),
            "2018-10-16 10:00  延长审批（延期没有批准人或天数，无效；Extended@2018-10-16 10:00）",
        ),
        (
            event("Suspended", "2018-10-30 10:00", announced_days=3, ground="鉴定"),
            "2018-10-30 10:00  特别程序（鉴定；到期后才开始特别程序，对已到期的计时无效；Suspended@2018-10-30 10:00）",
        ),
        (
            event("CorrectionNotified", "2018-10-30 10:00"),
            "2018-10-30 10:00  等待补正（到期后才告知补正，对已到期的计时无效；CorrectionNotified@2018-10-30 10:00）",
        ),
    ],
)
def test_what_had_no_effect_has_a_line_with_its_reason(mechanism: CaseEvent, line: str) -> None:
    assert line in told("statutory", [ACCEPTED, mechanism], "2018-11-01 09:00")


def test_a_ground_outside_the_list_is_named_and_leaves_the_statutory_clock_alone() -> None:
    events = [ACCEPTED, event("Suspended", "2018-10-16 10:00", announced_days=3, ground="领导出差")]
    assert "2018-10-16 10:00 → 2018-10-16 12:00  特别程序，不计入（领导出差；Suspended@2018-10-16 10:00）" in told(
        "promise", events, "2018-10-16 12:00"
    )
    assert told("statutory", events, "2018-10-16 12:00")[-1] == (
        "2018-10-16 10:00  特别程序（领导出差；事由不在规定之列，只暂停承诺时限，对本时限无效；"
        "Suspended@2018-10-16 10:00）"
    )


def test_a_mechanism_after_the_end_has_a_line_behind_the_stop() -> None:
    events = [ACCEPTED, event("Finished", "2018-10-16 10:00"), event("Extended", "2018-10-17 10:00", days=1)]
    assert told("promise", events, "2018-10-18 10:00")[-1] == (
        "2018-10-17 10:00  延长审批（在受理之前或办结之后登记，无效；Extended@2018-10-17 10:00）"
    )


def test_a_wait_inside_a_special_procedure_tells_its_own_stretch() -> None:
    events = [
        ACCEPTED,
        event("Suspended", "2018-10-16 10:00", announced_days=5, ground="鉴定"),
        event("CorrectionNotified", "2018-10-17 10:00"),
        event("CorrectionCompleted", "2018-10-19 10:00"),
    ]
    assert (
        "2018-10-17 10:00 → 2018-10-19 10:00  等待补正，不计入"
        "（补正规定；与前一段不计入的时间重叠；CorrectionNotified@2018-10-17 10:00）"
    ) in told("statutory", events, "2018-10-22 10:00")


def test_a_date_that_was_told_is_named_where_it_rules() -> None:
    lines = told("promise", [event("Accepted", "2018-10-15 10:00", told_due_at="2018-10-19 00:00")], "2018-10-16 09:00")
    assert lines[:2] == [
        "2018-10-15 10:00  开始计时（当日不计）；时限4个工作日（民法典第201条；Accepted@2018-10-15 10:00）",
        "2018-10-15 10:00 → 2018-10-19 18:00  受理通知告知的办结期限，以此为准",
    ]


def test_a_told_instant_that_leaves_no_whole_units_is_told_as_under_them() -> None:
    events = [event("Accepted", "2018-10-15 10:00", told_due_at="2018-10-18 12:00")]
    lines = told("promise", events, "2018-10-16 09:00", registry=hall(limit(7, "office_days"), None))
    assert lines[0].startswith("2018-10-15 10:00  开始计时（即时起算）；时限不足4个办公日（")


def test_a_case_promised_for_the_same_day_says_so() -> None:
    lines = told("promise", [event("Accepted", "2018-10-15 10:00", told_due_at="2018-10-15 00:00")], "2018-10-15 12:00")
    assert lines[0].startswith("2018-10-15 10:00  开始计时（当日不计）；时限当日（")


def test_an_instant_case_is_told_as_until_the_closing_and_late_in_working_days() -> None:
    lines = told("instant", [ACCEPTED], "2018-10-18 09:00", registry=hall(case_class="instant"))
    assert lines[0].startswith("2018-10-15 10:00  开始计时（即时起算）；时限当日办结，至受理大厅最后一次关门（")
    assert lines[-1].startswith("2018-10-15 18:00 → 2018-10-18 09:00  超期计时，至此超期 3个工作日")


def test_make_up_days_and_holidays_are_named() -> None:
    lines = told("promise", [event("Accepted", "2026-09-30 10:00")], "2026-10-12 09:00", "en", hall(calendar=CHINA))
    assert lines[2:] == [
        "    2026-10-01 → 2026-10-07  free, not counted National Day",
        "    2026-10-10  make-up day, counted National Day",
        "    2026-10-11  free, not counted",
    ]
