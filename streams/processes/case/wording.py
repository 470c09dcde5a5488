"""Amounts, instants and messages in Chinese and English, as a supervisor reads them."""

from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from streams.contracts.case_event import LimitUnit
from streams.contracts.clock import ClockName, ClockState
from streams.contracts.instants import from_ms

Language = Literal["zh", "en"]
"""Chinese is the default on every screen."""


class Words(NamedTuple):
    """One expression in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The expression in one language."""
        return self.zh if language == "zh" else self.en


UNITS: dict[LimitUnit, Words] = {
    "working_days": Words("个工作日", "working day"),
    "office_days": Words("个办公日", "office day"),
    "office_minutes": Words("办公分钟", "office minute"),
    "calendar_days": Words("个自然日", "calendar day"),
    "clock_hours": Words("小时", "hour"),
    "calendar_months": Words("个月", "month"),
}
"""Units of limits; English in the singular."""

CLOCKS: dict[ClockName, Words] = {
    "acceptance": Words("受理时限", "acceptance"),
    "promise": Words("承诺时限", "promised limit"),
    "statutory": Words("法定时限", "statutory limit"),
    "step": Words("环节时限", "step"),
    "first_review": Words("初审时限", "first review"),
    "upper_stage": Words("上级办理时限", "upper stage"),
    "joint_parent": Words("联办总时限", "joint case"),
    "joint_child": Words("协办时限", "part of a joint case"),
    "special_procedure": Words("特别程序时限", "special procedure"),
    "delivery": Words("送达时限", "delivery"),
    "instant": Words("即办时限", "instant case"),
}
"""Names of clocks."""

CLOCK_STATES: dict[ClockState, Words] = {
    "running": Words("计时中", "running"),
    "suspended": Words("特别程序中，暂停计时", "suspended by a special procedure"),
    "waiting": Words("等待补正，停止计时", "waiting for a correction"),
    "stopped": Words("已停止", "stopped"),
    "void": Words("已由新周期代替", "replaced by a new epoch"),
}
"""How a clock stands."""


def amount_text(amount: int, unit: LimitUnit, language: Language) -> str:
    """An amount with its unit: 7个工作日, 7 working days."""
    words = UNITS[unit]
    if language == "zh":
        return f"{amount}{words.zh}"
    return f"{amount} {words.en}{'' if amount == 1 else 's'}"


def instant_text(instant_ms: int, zone: ZoneInfo) -> str:
    """An instant in the hall's zone, to the minute; seconds only where they are not zero."""
    shown = from_ms(instant_ms).astimezone(zone)
    if shown.second and not (shown.second == 59 and shown.microsecond):
        return shown.strftime("%Y-%m-%d %H:%M:%S")
    return shown.strftime("%Y-%m-%d %H:%M")
