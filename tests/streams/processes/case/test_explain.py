import pytest

from streams.contracts.words import Language
from streams.processes.case.explain import Explanation, explain
from streams.registry.registry import Registry
from tests.streams.processes.case.cases import CASE, RULES, event, hall, limit, ms

EVENTS = [
    event("Accepted", "2026-09-24 10:00"),
    event("Suspended", "2026-09-29 10:00", announced_days=3, ground="鉴定"),
    event("Resumed", "2026-10-09 10:00"),
    event("Extended", "2026-10-12 10:00", days=2, approver="王局长"),
]


def told(lang: Language, until: str = "2026-10-14 12:00") -> Explanation:
    return explain(CASE, EVENTS, Registry("1", {"hall": hall(10, 20)}), ms(until), lang, rules=RULES)


def test_a_clock_is_told_line_by_line_in_chinese() -> None:
    promise = told("zh").clocks[0]
    assert promise.title == "承诺时限：12个工作日（含延长 2个工作日）"
    assert promise.lines == (
        "2026-09-24 10:00  开始计时（当日不计）；时限10个工作日（民法典第201条；Accepted@2026-09-24 10:00）",
        "2026-09-24 10:00 → 2026-09-29 10:00  正常计时，计入 2个工作日（行政许可法第82条）",
        "    2026-09-25 → 2026-09-27  非工作日，不计入 中秋节",
        "2026-09-29 10:00 → 2026-10-09 10:00  特别程序，不计入（鉴定；行政许可法第45条；Suspended@2026-09-29 10:00）",
        "2026-10-09 10:00 → 2026-10-14 12:00  正常计时，计入 4个工作日（行政许可法第82条）",
        "    2026-10-10  调休上班，计入 国庆节",
        "    2026-10-11  非工作日，不计入",
        "2026-10-12 10:00  延长审批 2个工作日（行政许可法第42条；王局长；Extended@2026-10-12 10:00）",
        "合计：已用 6个工作日，剩余 6个工作日",
    )


def test_the_same_is_told_in_english() -> None:
    promise = told("en").clocks[0]
    assert (
        promise.lines[1] == "2026-09-24 10:00 → 2026-09-29 10:00  running, counted 2 working days (Licence Law art. 82)"
    )
    assert promise.lines[-1] == "Sum: 6 working days used, 6 working days left"


def test_a_finding_is_told_with_its_stretches_and_how_late_the_case_is() -> None:
    (finding,) = [found for found in told("zh", until="2026-11-02 09:00").findings if found.rule == "TIME-01"]
    assert finding.message.startswith(
        "办件 hall/1（许可）已超过承诺时限 12个工作日，应于 2026-10-22 18:00 前办结，已超期 7个工作日"
    )
    assert finding.stretches == ("预警：2026-10-20 08:30 → 2026-10-22 18:00", "黄牌：2026-10-22 18:00 → …")
    assert finding.levels == ("warn", "yellow")


def test_a_limit_in_opening_time_tells_when_the_hall_was_closed() -> None:
    saturday = [event("Accepted", "2026-03-07 19:31")]
    registry = Registry("1", {"hall": hall(limit(3, "office_days"), None)})
    lines = explain(CASE, saturday, registry, ms("2026-03-16 10:30"), "zh", rules=RULES).clocks[0].lines
    assert lines == (
        "2026-03-07 19:31  开始计时（即时起算）；时限3个办公日（Accepted@2026-03-07 19:31）",
        "2026-03-07 19:31 → 2026-03-12 08:30  正常计时，计入 3个办公日（只计办公时间）",
        "    2026-03-07 19:31 → 2026-03-09 08:30  不在办公时间，不计入",
        "2026-03-12 08:30 → 2026-03-16 10:30  超期计时，至此超期 3个办公日（只计办公时间）",
        "合计：时限已用完，超期 3个办公日",
    )


def test_a_month_is_told_with_its_extension_in_days_and_lateness_in_working_days() -> None:
    events = [
        event("Accepted", "2026-01-30 10:00"),
        event("Extended", "2026-02-04 10:00", days=2, approver="王局长"),
    ]
    registry = Registry("1", {"hall": hall(limit(1, "calendar_months"), None)})
    clock = explain(CASE, events, registry, ms("2026-03-04 09:00"), "zh", rules=RULES).clocks[0]
    assert clock.title == "承诺时限：1个月，另延长 2个自然日"
    assert (
        clock.lines[2] == "2026-02-04 10:00  延长审批 2个自然日（行政许可法第42条；王局长；Extended@2026-02-04 10:00）"
    )
    assert clock.lines[-1] == "合计：时限已用完，超期 2个工作日"


def test_what_had_no_effect_is_said() -> None:
    events = [EVENTS[0], event("Extended", "2026-09-25 10:00", days=2)]
    told = explain(CASE, events, Registry("1", {"hall": hall(10, 20)}), ms("2026-09-26 00:00"), "en", rules=RULES)
    assert told.remarks == (
        "2026-09-25 10:00  extension without approver or days: no effect (Extended@2026-09-25 10:00)",
    )


def test_a_clock_that_waits_has_no_due_instant_to_show() -> None:
    events = [EVENTS[0], event("CorrectionNotified", "2026-09-25 10:00")]
    told = explain(CASE, events, Registry("1", {"hall": hall(10, 20)}), ms("2026-12-01 00:00"), rules=RULES)
    assert [clock.due for clock in told.clocks] == ["补正期间不到期", "补正期间不到期"]


def test_the_calendars_that_the_clocks_go_by_are_named() -> None:
    assert told("zh").calendars == ("1",)


def test_an_instant_case_is_titled_by_its_closing() -> None:
    registry = Registry("1", {"hall": hall(case_class="instant")})
    (clock,) = explain(CASE, EVENTS[:1], registry, ms("2026-09-24 12:00"), "en", rules=RULES).clocks
    assert clock.title == "instant case: on the day, until the accepting hall's last closing"


def test_a_case_is_explained_as_of_any_instant() -> None:
    assert told("en", until="2026-09-28 12:00").state == "accepted"
    assert told("en", until="2026-09-30 12:00").state == "suspended"
    assert told("en", until="2026-09-01 12:00").clocks == ()


@pytest.mark.parametrize(
    ("item", "lang", "shown"),
    [
        ("X-9", "zh", "X-9（事项台账中无此事项，时限不明）"),
        ("X-9", "en", "X-9 (not in the register of items: its limits are unknown)"),
        ("", "zh", "未登记事项（时限不明）"),
        ("licence", "en", "licence"),
    ],
)
def test_an_item_that_the_register_does_not_have_is_said_to_be_unknown_and_is_found(
    item: str, lang: Language, shown: str
) -> None:
    events = [event("Accepted", "2026-09-24 10:00", item=item)]
    told = explain(CASE, events, Registry("1", {"hall": hall(10, 20)}), ms("2026-09-25 00:00"), lang, rules=RULES)
    assert told.item == shown
    is_known = item == "licence"
    assert ([finding.rule for finding in told.findings], bool(told.clocks)) == (
        [] if is_known else ["REG-01"],
        is_known,
    )


def test_an_unknown_hall_is_named() -> None:
    with pytest.raises(LookupError, match="hall/1"):
        explain(CASE, EVENTS, Registry("1", {}), 0, rules=RULES)


def test_g5_a_new_epoch_tells_what_was_used_in_all_and_what_went_by() -> None:
    events = [
        event("Accepted", "2026-03-02 10:00"),
        event("CorrectionNotified", "2026-03-04 10:00"),
        event("CorrectionCompleted", "2026-03-12 10:00"),
    ]
    registry = Registry("1", {"hall": hall(5, None)})
    first, second = explain(CASE, events, registry, ms("2026-03-19 12:00"), "zh", rules=RULES).clocks
    assert "累计" not in first.lines[-1]
    assert second.lines[-1] == "合计：已用 5个工作日，剩余 0个工作日；各周期累计 7个工作日，历时 13个工作日"
