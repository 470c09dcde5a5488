from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from deploy.calendar_words import by_text, clock_text, finding_text, summary_text
from streams.contracts.finding import Finding, FindingChange
from streams.contracts.instants import to_ms
from streams.processes.case.preview import CasePreview, MovedClock

ZONE = ZoneInfo("Asia/Shanghai")
DUE = datetime(2026, 3, 9, 10, tzinfo=UTC)
DAY_MS = 86_400_000


def moved(by_ms: int, *, old: bool = False, new: bool = False) -> MovedClock:
    return MovedClock(
        clock="promise",
        epoch=1,
        run=1,
        old_due_ms=to_ms(DUE),
        new_due_ms=to_ms(DUE) + by_ms,
        old_provisional=old,
        new_provisional=new,
    )


def finding(change: FindingChange, *, tell: bool) -> Finding:
    return Finding(
        finding_id="f", subject="h/1", rule="TIME-01", state="open", change=change, level="yellow", highest="yellow",
        raised_at=DUE, tell=tell, title_zh="超过承诺时限", title_en="over the promised limit",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("by_ms", "zh", "en"),
    [
        (DAY_MS, "+1天", "+1 d"),
        (-3 * DAY_MS, "−3天", "−3 d"),
        (DAY_MS + 90 * 60_000, "+1天 1小时 30分", "+1 d 1 h 30 min"),
        (20_000, "+< 1 min", "+< 1 min"),
        (0, "不变", "unmoved"),
    ],
)
def test_by_how_much(by_ms: int, zh: str, en: str) -> None:
    assert (by_text(by_ms, "zh"), by_text(by_ms, "en")) == (zh, en)


def test_a_moved_clock_tells_both_dues_and_whether_it_is_confirmed() -> None:
    assert clock_text(moved(DAY_MS), ZONE, "zh") == "承诺时限  2026-03-09 18:00 → 2026-03-10 18:00  +1天"
    assert clock_text(moved(0, old=True), ZONE, "en").endswith("unmoved  is confirmed")
    assert clock_text(moved(0, new=True), ZONE, "zh").endswith("不变  改为暂定")


def test_a_finding_tells_what_becomes_of_it_and_whether_anybody_is_told() -> None:
    zh = finding_text(finding("withdrawn", tell=True), ZONE, "zh")
    assert zh == "撤回 黄牌 超过承诺时限 (TIME-01)  2026-03-09 18:00  推送"
    assert finding_text(finding("moved", tell=False), ZONE, "en").endswith("not told")


def test_the_sum_counts_cases_clocks_and_findings_by_change() -> None:
    case = CasePreview(
        case_no="h/1",
        clocks=(moved(DAY_MS), moved(0, new=True)),
        findings=(finding("opened", tell=True), finding("moved", tell=False)),
    )
    zh = summary_text([case, case], "zh")
    assert zh == "2 个办件,2 个时限变动,2 个仅暂定与否有变;监察发现:变动 2、新增 2;将推送 2 条"
    en = "1 cases, 1 clocks move, 1 are only confirmed or made provisional; findings: moves 1, appears 1; 1 told"
    assert summary_text([case], "en") == en
    assert "none change; 0 told" in summary_text([], "en")
