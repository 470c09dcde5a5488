import dataclasses
from collections.abc import Callable

import pytest

from alerting.wording import how_long, local_time, wording
from streams.contracts.finding import Finding
from streams.contracts.instants import from_ms
from streams.registry.registry import HallRegistry

Make = Callable[..., Finding]
MINUTE_MS = 60_000


def test_a_card_says_level_case_item_org_due_and_how_late(make_finding: Make, hall: HallRegistry, nine_ms: int) -> None:
    said = wording(make_finding(), "opened", hall, nine_ms + 90 * MINUTE_MS)
    assert said.title == "【黄牌】超过承诺时限"
    assert said.message.splitlines() == [
        "该办件已超过承诺时限。",
        "办件编号:pl/2026-001",
        "事项:食品经营许可",
        "责任部门:市市场监管局",
        "到期时间:2026-03-09 08:59",
        "已超期:1小时30分钟",
    ]


def test_the_same_in_english(make_finding: Make, hall: HallRegistry, nine_ms: int) -> None:
    said = wording(make_finding(), "raised", hall, nine_ms + 90 * MINUTE_MS, "en")
    assert said.title == "[Yellow card] Over the promised limit"
    assert said.message.splitlines() == [
        "The level has risen to Yellow card.",
        "The case is over its promised limit.",
        "Case: pl/2026-001",
        "Item: Food licence",
        "Department: Market Regulation",
        "Due: 2026-03-09 08:59",
        "Overdue by: 1 h 30 min",
    ]


def test_a_warning_says_how_much_time_is_left(make_finding: Make, hall: HallRegistry, nine_ms: int) -> None:
    early = make_finding(level="warn", due_at=from_ms(nine_ms + 2 * 1440 * MINUTE_MS))
    assert "剩余:2天" in wording(early, "opened", hall, nine_ms).message.splitlines()


def test_a_warning_that_is_told_late_says_that_its_time_has_passed(
    make_finding: Make, hall: HallRegistry, nine_ms: int
) -> None:
    said = wording(make_finding(level="warn"), "opened", hall, nine_ms + MINUTE_MS).message.splitlines()
    assert said[-1] == "到期时间:2026-03-09 08:59 (到期时间已过)"


def test_how_late_a_limit_is_stands_in_its_message_alone(make_finding: Make, hall: HallRegistry, nine_ms: int) -> None:
    late = make_finding(numbers={"limit": 7, "unit": "working_days", "used": 8, "over": 1})
    assert wording(late, "opened", hall, nine_ms + MINUTE_MS).message.splitlines()[-1] == "到期时间:2026-03-09 08:59"


def test_a_provisional_warning_says_so(make_finding: Make, hall: HallRegistry, nine_ms: int) -> None:
    said = wording(make_finding(level="warn", provisional=True), "opened", hall, nine_ms)
    assert said.title == "【预警·暂定】超过承诺时限"


def test_a_withdrawal_says_what_is_withdrawn_and_no_longer_how_late_it_was(
    make_finding: Make, hall: HallRegistry, nine_ms: int
) -> None:
    said = wording(make_finding(state="withdrawn", change="withdrawn"), "withdrawn", hall, nine_ms + MINUTE_MS)
    assert said.title == "【撤回·黄牌】超过承诺时限"
    assert said.message.startswith("此前的黄牌不成立,现予撤回,不计入考核。")
    assert "超期:" not in said.message


def test_what_the_registry_does_not_know_is_said_by_its_code(make_finding: Make, nine_ms: int) -> None:
    lines = wording(make_finding(due_at=None), "opened", None, nine_ms).message.splitlines()
    assert lines[1:] == ["办件编号:pl/2026-001", "事项:food", "责任部门:amr"]


def test_instants_are_told_in_the_zone_of_the_hall(hall: HallRegistry, nine_ms: int) -> None:
    boston = dataclasses.replace(hall, hall=type(hall.hall)(
        code="b", name_zh="波士顿", zone="America/New_York", calendar="us", hours="day", policy="two"
    ))  # fmt: skip
    assert local_time(from_ms(nine_ms), boston) == "2026-03-08 21:00"
    assert local_time(from_ms(nine_ms), None) == "2026-03-09 01:00 +0000"


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0.9, "不到1分钟", "less than a minute"),
        (1, "1分钟", "1 min"),
        (60, "1小时", "1 h"),
        (1440 + 59, "1天", "1 d"),
        (3 * 1440 + 125, "3天2小时", "3 d 2 h"),
    ],
)
def test_lengths_are_told_in_two_units_at_most(minutes: float, zh: str, en: str) -> None:
    assert how_long(int(minutes * MINUTE_MS), "zh") == zh
    assert how_long(int(minutes * MINUTE_MS), "en") == en
