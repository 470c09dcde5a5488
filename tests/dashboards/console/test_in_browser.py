"""The built start page in a real browser; skipped, saying so, without playwright, Chromium or the built front end."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.web_parts import WebParts
from streams.contracts.alert import Alert

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
            "stretches": ["yellow: 2026-11-20 18:00 → …"],
        }
    ],
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
    assert "黄牌" in page.locator(".stretches").inner_text()
    assert stack.asked[-1] == ("explain", "pl/2026-办 1", "zh", None, None)
    page.locator("button.link").click()
    row.wait_for()


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
    assert stack.asked[-1] == ("explain", "pl/2026-办 1", "en", None, None)
