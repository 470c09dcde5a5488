"""Amounts, instants and messages in Chinese and English, as a supervisor reads them."""

from zoneinfo import ZoneInfo

from streams.contracts.case import CaseState
from streams.contracts.case_event import LimitUnit
from streams.contracts.clock import ClockName, ClockState
from streams.contracts.finding import Level
from streams.contracts.instants import from_ms
from streams.contracts.words import Language, Words

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


CLASSES: dict[str, Words] = {
    "instant": Words("即办件", "instant"),
    "promised": Words("承诺件", "promised"),
    "reported": Words("上报件", "reported"),
    "joint": Words("联办件", "joint"),
    "other": Words("其他", "other"),
}
"""Classes of cases."""

LEVEL_WORDS: dict[Level, Words] = {
    "notice": Words("提示", "notice"),
    "warn": Words("预警", "warning"),
    "yellow": Words("黄牌", "yellow card"),
    "red": Words("红牌", "red card"),
}
"""Levels of findings."""


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


CASE_STATES: dict[CaseState, Words] = {
    "received": Words("已收件", "received"),
    "accepted": Words("已受理", "accepted"),
    "suspended": Words("特别程序中", "suspended"),
    "waiting": Words("等待补正", "waiting for a correction"),
    "refused": Words("不予受理", "refused"),
    "finished": Words("已办结", "finished"),
    "stopped": Words("已终止", "stopped"),
}
"""How a case stands."""

UNREGISTERED = Words(
    "{code}（事项台账中无此事项，时限不明）", "{code} (not in the register of items: its limits are unknown)"
)
"""An item that the registry does not have, by its code."""

NO_ITEM = Words("未登记事项（时限不明）", "no item recorded (its limits are unknown)")
"""A case whose events name no item."""

GROUNDS: dict[str, Words] = {
    "start": Words("开始计时（当日不计）", "start (this day is not counted)"),
    "start_at_once": Words("开始计时（即时起算）", "start (counted from this instant)"),
    "parent_due": Words("不迟于主办件的承诺时限", "no later than the promise of the joint case"),
    "told": Words("受理通知告知的办结期限，以此为准", "told on the acceptance notice: this binds"),
    "counted": Words("正常计时", "running"),
    "overdue": Words("超期计时", "running, over the limit"),
    "moved": Words("末日为休息日，顺延", "moved off free days"),
    "suspension": Words("特别程序", "special procedure"),
    "waiting": Words("等待补正", "waiting for a correction"),
    "extension": Words("延长审批", "extension"),
    "stop": Words("停止计时", "stop"),
}
"""Grounds of ledger lines."""

SAME_DAY = Words("当日", "the same day")
"""The limit of a case that was promised for the day of its acceptance."""

UNTIL_CLOSING = Words("当日办结，至受理大厅最后一次关门", "on the day, until the accepting hall's last closing")
"""The limit of an instant case without minutes of its own (clocks.md 3)."""

NOT_DUE = Words("补正期间不到期", "not while it waits")
"""In place of the due instant of a clock that waits without an end in sight."""

NOTES: dict[str, Words] = {
    "overlap": Words("与前一段不计入的时间重叠", "inside what is not counted already"),
    "on_due_day": Words("自到期当日开始，当日也不计入", "it began on the due day, which is not counted either"),
    "ground_not_listed": Words(
        "事由不在规定之列，只暂停承诺时限，对本时限无效",
        "a ground outside the list suspends the promise only: no effect on this clock",
    ),
}
"""What a ledger line adds to its ground; why something had no effect is told in the words of the remarks."""

BASES: dict[str, Words] = {
    "civil-code-201": Words("民法典第201条", "Civil Code art. 201"),
    "licence-law-82": Words("行政许可法第82条", "Licence Law art. 82"),
    "licence-law-42": Words("行政许可法第42条", "Licence Law art. 42"),
    "licence-law-45": Words("行政许可法第45条", "Licence Law art. 45"),
    "civil-code-202": Words("民法典第202条", "Civil Code art. 202"),
    "civil-code-203": Words("民法典第203条", "Civil Code art. 203"),
    "policy:opening": Words("只计办公时间", "opening hours only"),
    "policy:correction": Words("补正规定", "policy on corrections"),
    "policy:joint": Words("联办规定", "policy on joint cases"),
}
"""What stands behind a ground."""

DAY_NAMES: dict[str, str] = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
    "Chinese New Year's Eve": "除夕",
    "Chinese New Year (Spring Festival)": "春节",
    "Tomb-Sweeping Day": "清明节",
    "Labor Day": "劳动节",
    "Mid-Autumn Festival": "中秋节",
    "Christmas Day": "圣诞节",
    "Second Christmas Day": "圣诞节次日",
    "Easter Sunday": "复活节",
    "Easter Monday": "复活节星期一",
    "Ascension Day": "耶稣升天节",
    "Whit Sunday": "圣灵降临节",
    "Whit Monday": "圣灵降临节星期一",
    "King's Day": "国王日",
    "Queen's Day": "女王日",
    "Liberation Day": "解放日",
    "Martin Luther King Day": "马丁·路德·金日",
    "Presidents' Day": "总统日",
    "Patriots' Day": "爱国者日",
    "Memorial Day": "阵亡将士纪念日",
}
"""Chinese for the names of days in published tables and in the example halls; others are shown as written."""

REMARKS: dict[str, Words] = {
    "outside_calendar": Words("日期超出日历范围，不计时", "outside the calendar: no clock"),
    "told_later": Words(
        "告知的办结日期晚于计算的日期，不予采用", "the date told is later than the computed one: no effect"
    ),
    "told_before_acceptance": Words(
        "告知的办结日期早于受理，不予采用", "the date told lies before the acceptance: no effect"
    ),
    "told_outside_calendar": Words(
        "告知的办结日期超出日历范围，不予采用", "the date told is outside the calendar: no effect"
    ),
    "completion_without_notice": Words("补正完成前没有补正告知，无效", "completion without a notice: no effect"),
    "suspension_without_ground": Words("特别程序没有事由", "special procedure without a ground"),
    "suspension_without_days": Words("特别程序没有告知天数", "special procedure without announced days"),
    "suspension_days_not_positive": Words(
        "特别程序告知的天数不是正数，视为未告知", "the days announced are not above zero: taken for none"
    ),
    "correction_after_due": Words(
        "到期后才告知补正，对已到期的计时无效",
        "correction asked for after the due instant: no effect on the clock that was due",
    ),
    "suspension_after_due": Words(
        "到期后才开始特别程序，对已到期的计时无效",
        "special procedure after the due instant: no effect on the clock that was due",
    ),
    "suspension_days_unbelievable": Words(
        "告知的天数超过一千个工作日，视为未告知", "more than a thousand days were announced: taken for none"
    ),
    "end_without_suspension": Words(
        "特别程序结束前没有开始，无效", "end of a special procedure that never began: no effect"
    ),
    "extension_without_decision": Words("延期没有批准人或天数，无效", "extension without approver or days: no effect"),
    "extension_after_suspension": Words(
        "特别程序后不得延期，无效", "extension after a special procedure: refused by the profile"
    ),
    "extension_over_cap": Words("延期超过上限，超出部分无效", "extension over the cap: the excess has no effect"),
    "extension_after_due": Words(
        "到期后才延期，对该计时无效", "extension after the due instant: no effect on that clock"
    ),
    "extension_asked_after_due": Words(
        "到期后才申请延期，对该计时无效", "extension applied for after the due instant: no effect on that clock"
    ),
    "finished_twice": Words("重复办结，以第一次为准", "finished twice: the first counts"),
    "steps_closed_by_finish": Words(
        "办结时仍有环节未结束，随办结关闭", "steps were still open at the finish: closed by it"
    ),
    "class_conflict": Words(
        "办件类型与事项台账不一致", "the case is recorded in another class than its item has in the register"
    ),
    "refused_after_accepted": Words("受理之后又登记不予受理，无效", "refused after it was accepted: no effect"),
    "out_of_place": Words(
        "在受理之前或办结之后登记，无效", "recorded before the acceptance or after the end of the case: no effect"
    ),
    "on_the_day_of_the_end": Words(
        "与办结同日登记，先后不明，无效", "recorded on the day of the end, which came first is not known: no effect"
    ),
    "finished_before_accepted": Words("办结早于受理", "finished before it was accepted"),
}
"""What the remarks of the fold mean."""
