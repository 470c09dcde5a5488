"""What people read: title and body of a telling, in Chinese and English. Names of applicants never appear here."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from streams.contracts.finding import Finding, Level
from streams.contracts.instants import to_ms
from streams.contracts.push import PushReason
from streams.contracts.words import Language
from streams.registry.registry import HallRegistry

LEVEL_WORDS: dict[Language, dict[Level, str]] = {
    "zh": {"notice": "提示", "warn": "预警", "yellow": "黄牌", "red": "红牌"},
    "en": {"notice": "Notice", "warn": "Warning", "yellow": "Yellow card", "red": "Red card"},
}
"""The levels as people know them."""

_WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "withdrawn": "撤回",
        "provisional": "暂定",
        "case": "办件编号",
        "item": "事项",
        "org": "责任部门",
        "due": "到期时间",
        "overdue": "已超期",
        "left": "剩余",
        "passed": "到期时间已过",
        "withdrawal": "此前的{level}不成立,现予撤回,不计入考核。",
        "reopened": "该问题再次出现。",
        "raised": "级别已升为{level}。",
        "colon": ":",
    },
    "en": {
        "withdrawn": "Withdrawn",
        "provisional": "provisional",
        "case": "Case",
        "item": "Item",
        "org": "Department",
        "due": "Due",
        "overdue": "Overdue by",
        "left": "Time left",
        "passed": "The due time has passed",
        "withdrawal": "The earlier {level} was not justified. It is withdrawn and counts nowhere.",
        "reopened": "It has come up again.",
        "raised": "The level has risen to {level}.",
        "colon": ": ",
    },
}


class Wording(NamedTuple):
    """A title of one line and a body of several."""

    title: str
    message: str


def wording(
    finding: Finding, reason: PushReason, hall: HallRegistry | None, known_ms: int, language: Language = "zh"
) -> Wording:
    """What a receiver is told about this version of a finding, as of `known_ms`; instants in the hall's zone."""
    words = _WORDS[language]
    level = LEVEL_WORDS[language][finding.withdrawn_level or finding.level]
    lines = [_opening(reason, level, words), finding.message_zh if language == "zh" else finding.message_en]
    lines += [
        f"{words[word]}{words['colon']}{value}"
        for word, value in (
            ("case", finding.subject),
            ("item", _item_name(finding.item, hall, language)),
            ("org", _org_name(finding.org, hall, language)),
            *_due_lines(finding, reason, hall, known_ms, language),
        )
        if value
    ]
    return Wording(_title(finding, reason, level, language), "\n".join(line for line in lines if line))


def _title(finding: Finding, reason: PushReason, level: str, language: Language) -> str:
    words = _WORDS[language]
    named = (finding.title_zh if language == "zh" else finding.title_en) or finding.rule
    mark = f"{words['withdrawn']}·{level}" if reason == "withdrawn" else level
    if finding.provisional and reason != "withdrawn":
        mark = f"{mark}·{words['provisional']}"
    return f"【{mark}】{named}" if language == "zh" else f"[{mark}] {named}"


def _opening(reason: PushReason, level: str, words: dict[str, str]) -> str:
    if reason == "opened":
        return ""
    return words["withdrawal" if reason == "withdrawn" else reason].format(level=level)


def _due_lines(
    finding: Finding, reason: PushReason, hall: HallRegistry | None, known_ms: int, language: Language
) -> list[tuple[str, str]]:
    """When it is due, and by the clock on the wall what is left or by how much it is late.

    How late a limit is, its message tells in the limit's own unit; a warning that is told late says that it is.
    """
    if finding.due_at is None:
        return []
    lines = [("due", local_time(finding.due_at, hall))]
    late_ms = known_ms - to_ms(finding.due_at)
    if reason == "withdrawn":
        return lines
    if late_ms <= 0:
        lines.append(("left", how_long(-late_ms, language)))
    elif finding.level in ("notice", "warn"):
        lines[0] = ("due", f"{lines[0][1]} ({_WORDS[language]['passed']})")
    elif "over" not in finding.numbers:
        lines.append(("overdue", how_long(late_ms, language)))
    return lines


def local_time(instant: datetime, hall: HallRegistry | None) -> str:
    """Date and minute in the hall's zone; with its offset where the hall is not known."""
    if hall is None:
        return instant.strftime("%Y-%m-%d %H:%M %z")
    return instant.astimezone(ZoneInfo(hall.hall.zone)).strftime("%Y-%m-%d %H:%M")


def how_long(milliseconds: int, language: Language) -> str:
    """A stretch of time by the clock on the wall: its two biggest units, rounded down; under a minute says so."""
    minutes = milliseconds // 60_000
    parts = ((minutes // 1440, "天", "d"), (minutes // 60 % 24, "小时", "h"), (minutes % 60, "分钟", "min"))
    first = next((place for place, (amount, _, _) in enumerate(parts) if amount), None)
    if first is None:
        return "不到1分钟" if language == "zh" else "less than a minute"
    shown = [part for part in parts[first : first + 2] if part[0]]
    if language == "zh":
        return "".join(f"{amount}{unit}" for amount, unit, _ in shown)
    return " ".join(f"{amount} {unit}" for amount, _, unit in shown)


def _item_name(code: str, hall: HallRegistry | None, language: Language) -> str:
    item = hall.item(code) if hall is not None else None
    if item is None:
        return code
    return (item.name_en if language == "en" else "") or item.name_zh


def _org_name(code: str, hall: HallRegistry | None, language: Language) -> str:
    org = hall.org(code) if hall is not None else None
    if org is None:
        return code
    return (org.name_en if language == "en" else "") or org.name_zh
