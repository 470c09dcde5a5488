from typing import Any

from streams.processes.case.facts import finding_fact
from streams.processes.case.fold import CaseFold
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.messages import clock_of
from streams.registry.registry import HallRegistry
from streams.registry.snapshot import Feed
from tests.streams.processes.case.cases import RULES, event, hall, judged, limit, ms

HALL = hall(7, 10)
ACCEPTED = event("Accepted", "2026-03-02 10:00")


def said(rule: str, fold: CaseFold, registry: HallRegistry = HALL) -> str:
    """What the first finding of a rule says in Chinese."""
    finding = next(one for one in fold.findings if one.rule == rule)
    return finding_fact(fold, finding, Knowledge(registry, RULES), "feed", change="opened", version="7").message_zh


def test_a_finding_names_the_clock_run_it_speaks_of() -> None:
    fold = judged([ACCEPTED], "2026-03-20 00:00", hall(limit(3), limit(5)))
    clock = clock_of(fold, fold.findings[0])
    assert clock is not None
    assert (clock.name, clock.due_ms) == ("statutory", ms("2026-03-09 18:00"))


def test_a_warning_that_an_extension_ended_speaks_of_the_limit_that_it_warned_of() -> None:
    extended = event("Extended", "2026-03-10 10:00", days=3, approver="局长")
    fold = judged([ACCEPTED, extended], "2026-03-10 11:00", HALL)
    finding = finding_fact(fold, fold.findings[0], Knowledge(HALL, RULES), "feed", change="ended", version="7")
    assert "承诺时限 7个工作日" in finding.message_zh
    assert "2026-03-11 18:00" in finding.message_zh


def test_that_a_case_counts_as_accepted_is_said_only_where_it_does() -> None:
    silent = hall(item_type="01", feeds=(Feed(name="feed", full_profile=True),))
    received = event("Applied", "2026-03-02 10:00")
    fold = judged([received], "2026-03-12 00:00", silent)
    assert "，依法视为自收件之日（2026-03-02 10:00）起受理。" in said("TIME-05", fold, silent)
    others = judged([received], "2026-03-12 00:00")
    assert "视为" not in said("TIME-05", others)
    supplemented = [
        received,
        event("CorrectionNotified", "2026-03-04 10:00"),
        event("CorrectionCompleted", "2026-03-06 10:00"),
    ]
    fold = judged(supplemented, "2026-03-20 00:00", silent)
    assert "依法视为自补正之日（2026-03-06 10:00）起受理" in said("TIME-05", fold, silent)


def test_a_mechanism_that_came_too_late_names_the_clocks_it_was_too_late_for() -> None:
    promise_over = event("Extended", "2026-03-12 10:00", days=2, approver="局长")
    assert "承诺时限到期后才延期" in said("PROC-07", judged([ACCEPTED, promise_over], "2026-03-13 00:00"))
    both_over = event("Extended", "2026-03-18 10:00", days=2, approver="局长")
    assert "承诺时限、法定时限到期后才延期" in said("PROC-07", judged([ACCEPTED, both_over], "2026-03-19 00:00"))
    asked = event("Extended", "2026-03-10 10:00", days=2, approver="局长", applied_at="2026-03-12 10:00")
    assert "承诺时限到期后才申请延期" in said("PROC-07", judged([ACCEPTED, asked], "2026-03-13 00:00"))
    suspended = event("Suspended", "2026-03-12 10:00", ground="鉴定", announced_days=3)
    assert "承诺时限到期后才开始特别程序" in said("PROC-02", judged([ACCEPTED, suspended], "2026-03-13 00:00"))


def test_what_is_missing_from_the_notice_of_a_special_procedure_is_named() -> None:
    stories: list[tuple[dict[str, Any], str]] = [
        ({"ground": "鉴定"}, "特别程序没有告知天数。"),
        ({"ground": "鉴定", "announced_days": -5}, "特别程序告知的天数不是正数，视为未告知。"),
        ({"announced_days": 5}, "特别程序没有事由。"),
        ({}, "特别程序没有事由；特别程序没有告知天数。"),
    ]
    for fields, missing in stories:
        fold = judged([ACCEPTED, event("Suspended", "2026-03-04 10:00", **fields)], "2026-03-05 00:00")
        assert said("PROC-08", fold).endswith(f"的告知不合规定：{missing}")


def test_classes_that_differ_are_both_named() -> None:
    told = event("Accepted", "2026-03-02 10:00", case_class="instant")
    notice = event("CorrectionNotified", "2026-03-02 11:00")
    for events in ([told], [told, notice]):
        assert "登记为即办件，事项为承诺件" in said("CONT-01", judged(events, "2026-03-02 12:00"))
