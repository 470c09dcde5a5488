"""The built start page in a real browser; skipped, saying so, without playwright, Chromium or the built front end."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from alerting.routing import ROLES
from alerting.telling import HeldReason
from dashboards.web_parts import WebParts
from streams.contracts.alert import Alert
from streams.contracts.push import PushReason

if TYPE_CHECKING:
    from tests.dashboards.conftest import Browser, Stack

STATIC = Path(__file__).parents[3] / "dashboards" / "static"

pytestmark = pytest.mark.browser

EXPLANATION: dict[str, Any] = {
    "case_no": "pl/2026-办 1",
    "until": "2026-11-23 12:00",
    "state": "已受理",
    "item": "食品经营许可",
    "clocks": [
        {
            "title": "承诺时限：7个工作日",
            "state": "计时中",
            "due": "2026-11-20 18:00",
            "lines": [
                "2026-11-11 10:00 → 2026-11-20 18:00  正常计时，计入 7个工作日",
                "    2026-11-14 → 2026-11-15  非工作日，不计入",
                "合计：已用 8个工作日，超期 1个工作日",
            ],
        }
    ],
    "findings": [
        {
            "rule": "overdue",
            "title": "超过承诺时限",
            "message": "已超期 1个工作日。",
            "stretches": ["预警：2026-11-18 08:30 → 2026-11-20 18:00", "黄牌：2026-11-20 18:00 → …"],
            "levels": ["warn", "yellow"],
        }
    ],
    "calendars": ["china 2026", "pingliang 3"],
    "remarks": ["2026-11-21 09:00  延期没有批准人或天数，无效 (e7)"],
}


@pytest.fixture
def address(stack: "Stack", served: Callable[[WebParts], str]) -> str:
    stack.alerts = [
        Alert(
            alert_id="a1", finding_id="f1", subject="pl/2026-办 1", rule="overdue", state="told", level="yellow",
            raised_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC), message_zh="已超期<b>1</b>个工作日。",
            message_en="One working day late.",
        )
    ]  # fmt: skip
    return served(stack.parts(STATIC))


def test_an_alert_leads_to_the_explanation_of_its_case_and_back(
    browser: "Browser", stack: "Stack", address: str
) -> None:
    stack.explanation = EXPLANATION
    page = browser.page
    page.goto(address)
    row = page.locator("table.alerts tbody tr")
    row.wait_for()
    assert "黄牌" in row.inner_text()
    # The hall's clock, not the browser's; and what came from outside is text, never markup.
    assert "2026-11-20 18:00" in row.inner_text()
    assert "<b>1</b>" in row.inner_text()
    row.locator("button").click()
    page.locator("article").first.wait_for()
    shown = page.locator(".explain").inner_text()
    for words in (
        "pl/2026-办 1",
        "食品经营许可",
        "承诺时限：7个工作日",
        "非工作日，不计入",
        "超期 1个工作日",
        "延期没有批准人",
    ):
        assert words in shown
    assert "日历版本 china 2026, pingliang 3" in shown
    assert "黄牌" in page.locator(".stretches li.level-yellow").inner_text()
    assert page.locator(".stretches li.level-warn svg").count() == 1
    assert stack.asked[-1] == ("explain", "pl/2026-办 1", "zh", None, None)
    page.locator("button.link").click()
    row.wait_for()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_why_an_alert_was_told_or_is_held_is_said_in_words(
    browser: "Browser", stack: "Stack", served: Callable[[WebParts], str], lang: str
) -> None:
    codes = (*get_args(PushReason), *get_args(HeldReason))
    reasons = [*codes, *(f"{code} missing:{','.join(ROLES)}" for code in codes), "made_up"]
    stack.alerts = [
        Alert(
            alert_id=str(number), finding_id=str(number), subject=f"pl/{number}", rule="overdue", state="held",
            level="yellow", reason=reason, raised_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
        )
        for number, reason in enumerate(reasons)
    ]  # fmt: skip
    page = browser.page
    page.goto(f"{served(stack.parts(STATIC))}/?lang={lang}")
    page.locator("table.alerts tbody tr").first.wait_for()
    shown = page.locator("td.state").all_inner_texts()
    *known, unknown = (text.split("\n", 1)[1] for text in shown)
    assert unknown == "made_up"
    assert len(set(known)) == len(known) == 2 * len(codes)
    for text in known:
        assert not re.search("[a-z]" if lang == "zh" else "_", text), text
    vacant = "空缺：首席代表、科室负责人、" if lang == "zh" else "vacant: chief representative, section head, "
    assert sum(vacant in text for text in known) == len(codes)


def test_the_ids_of_events_keep_in_the_background(browser: "Browser", stack: "Stack", address: str) -> None:
    ids = [f"{number:024x}" for number in range(0xABCDEF0123456789ABC, 0xABCDEF0123456789ABC + 4)]
    clock = {
        **EXPLANATION["clocks"][0],
        "lines": [
            f"2026-11-12 09:00  延期 3个工作日（承诺；王五；{ids[0]}）",
            f"2026-11-13 09:00  受理（{ids[1]}）",
            f"2026-11-13 09:00  Extension (王五; {ids[2]})",
        ],
    }
    remarks = [f"2026-11-21 09:00  延期没有批准人或天数，无效 ({ids[3]})"]
    stack.explanation = {**EXPLANATION, "clocks": [clock], "remarks": remarks}
    page = browser.page
    page.goto(f"{address}/?case=pl/1")
    page.locator("article").first.wait_for()
    marks = page.locator(".event-id")
    assert [mark.get_attribute("title") for mark in marks.all()] == [f"事件编号 {number}" for number in ids]
    shown = page.locator(".explain").inner_text()
    assert not any(number in shown for number in ids)
    for words in ("（承诺；王五）#", "受理#", "Extension (王五)#", "延期没有批准人或天数，无效#"):
        assert words in shown.replace(" #", "#").replace("\n#", "#")


def test_a_case_is_found_by_its_number_and_its_address_can_be_shared(
    browser: "Browser", stack: "Stack", address: str
) -> None:
    stack.explanation = EXPLANATION
    page = browser.page
    page.goto(address)
    page.fill("#case", "  pl/2026-办 1 ")
    page.keyboard.press("Enter")
    page.locator("article").first.wait_for()
    page.goto(page.url)
    page.locator("article").first.wait_for()
    assert page.locator("h2").inner_text() == "pl/2026-办 1"


@pytest.mark.parametrize(
    ("halls", "links", "says_none"),
    [
        ((), [], 1),
        (("pl",), ["打开大屏"], 0),
        (("pl", "kt"), ["打开大屏 · kt", "打开大屏 · 平凉市政务大厅"], 0),
    ],
)
def test_every_hall_in_force_has_a_way_to_its_wall(
    browser: "Browser",
    stack: "Stack",
    served: Callable[[WebParts], str],
    halls: tuple[str, ...],
    links: list[str],
    says_none: int,
) -> None:
    page = browser.page
    page.goto(served(stack.parts(STATIC, halls)))
    page.locator(".problem" if says_none else "nav a[href^='/wall']").first.wait_for()
    walls = page.locator("nav a[href^='/wall']")
    assert walls.all_inner_texts() == links
    assert page.get_by_text("尚无生效的大厅台账").count() == says_none
    if links:
        walls.first.click()
        page.locator(".grid").wait_for()
        assert page.url.endswith(f"/wall?hall={min(halls)}")


def test_a_case_that_is_not_there_is_said(browser: "Browser", address: str) -> None:
    browser.page.goto(f"{address}/?case=pl/none")
    problem = browser.page.locator(".problem")
    problem.wait_for()
    assert "pl/none" in problem.inner_text()


def test_english_is_one_click_away(browser: "Browser", stack: "Stack", address: str) -> None:
    stack.explanation = EXPLANATION
    page = browser.page
    page.goto(address)
    page.get_by_text("English").click()
    page.locator("table.alerts tbody tr").wait_for()
    assert "One working day late." in page.locator("table.alerts").inner_text()
    page.locator("table.alerts button").click()
    page.locator("article").first.wait_for()
    assert "calendar version china 2026, pingliang 3" in page.locator(".facts").inner_text()
    assert stack.asked[-1] == ("explain", "pl/2026-办 1", "en", None, None)
